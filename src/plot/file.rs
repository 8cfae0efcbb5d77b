//! Files for plots.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use super::error::PlotError;

/// The file format of a plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    Svg,
    Png,
}

impl Format {
    /// Returns the format for a file name's extension.
    pub fn of(path: &Path) -> io::Result<Self> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "the name of a plot ends in `.svg` or `.png`")),
        }
    }
}

/// Checks that a plot can be saved to a file, without changing the file.
///
/// Call it before a long training run whose plot is saved at the end.
///
/// # Errors
///
/// [`Error::Write`] if the extension is neither `.svg` nor `.png`, or the file cannot be written.
pub fn try_path(path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let tried = Format::of(path).and_then(|_| try_write(path));
    tried.map_err(|problem| Error::Write { path: path.to_owned(), problem })
}

fn try_write(path: &Path) -> io::Result<()> {
    let is_new = !path.exists();
    OpenOptions::new().append(true).create(true).open(path)?;
    if is_new { fs::remove_file(path) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trying_a_path_changes_no_file() {
        let folder = std::env::temp_dir().join(format!("typenet-plot-file-{}", std::process::id()));
        fs::create_dir_all(folder.join("folder.svg")).unwrap();
        let path = folder.join("a.svg");
        try_path(&path).unwrap();
        assert!(!path.exists());
        fs::write(&path, "old").unwrap();
        try_path(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        for name in ["a.gif", "svg", "folder.svg", "missing/a.png"] {
            let path = folder.join(name);
            let error = try_path(&path).unwrap_err().to_string();
            assert!(error.starts_with(&format!("cannot write `{}`: ", path.display())), "{error}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
