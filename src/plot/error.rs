use std::io;
use std::path::PathBuf;

/// A plot that cannot be drawn or saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// A file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    #[non_exhaustive]
    Write {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A plot is too small to be read, or too large to be useful.
    #[error("a plot of {width} x {height} pixels; each side must be 100 to 4,000 pixels")]
    #[non_exhaustive]
    Size {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
    },
}
