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
/// [`PlotError::Write`] if the extension is neither `.svg` nor `.png`, or the file cannot be written.
pub fn try_path(path: impl AsRef<Path>) -> Result<(), PlotError> {
    let path = path.as_ref();
    let tried = Format::of(path).and_then(|_| try_write(path));
    tried.map_err(|source| PlotError::Write { path: path.to_owned(), source })
}

fn try_write(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        // Opening a FIFO would wait for a reader.
        Ok(found) if !found.is_file() => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")),
        Ok(_) => OpenOptions::new().append(true).open(path).map(|_| ()),
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => {
            OpenOptions::new().append(true).create(true).open(path)?;
            // Removes the target of a symbolic link, not the link.
            fs::remove_file(fs::canonicalize(path)?)
        }
        Err(problem) => Err(problem),
    }
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
