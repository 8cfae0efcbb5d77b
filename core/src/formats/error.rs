use std::io;
use std::path::PathBuf;

/// A file of a network or of a training that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// A file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    #[non_exhaustive]
    Read {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    #[non_exhaustive]
    Write {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The content of a file is not what was expected, or a network cannot be stored.
    #[error("`{}` {problem}", path.display())]
    #[non_exhaustive]
    Format {
        /// The path of the file.
        path: PathBuf,
        /// The problem, as the rest of a sentence that begins with the path.
        problem: String,
    },
}
