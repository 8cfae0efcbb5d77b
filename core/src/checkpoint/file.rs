//! Files that are there whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

/// How many files that others left behind are stepped over.
const ATTEMPTS: u32 = 10_000;

/// Puts a new file in the place of an old one. Whatever happens meanwhile, one of the two is there, and it is whole.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (temporary, file) = create_beside(path)?;
    let written = write(file, bytes).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary); // what is to be told is why it was not written
    }
    written?;
    sync_folder(path);
    Ok(())
}

/// Whether a file could be written there, before hours of work depend on it.
pub(crate) fn try_place(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"));
    }
    let (temporary, _) = create_beside(path)?;
    fs::remove_file(temporary)
}

/// A file of a name that nobody has, in the same folder: only there a renaming is a single step.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name =
        path.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it is not the name of a file"))?;
    let mut number = 0;
    loop {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{}-{number}", process::id()));
        let temporary = path.with_file_name(temporary);
        match File::create_new(&temporary) {
            Err(problem) if problem.kind() == ErrorKind::AlreadyExists && number < ATTEMPTS => number += 1,
            created => return created.map(|file| (temporary, file)),
        }
    }
}

/// The bytes are on the disk when it returns.
fn write(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// The new name is on the disk too, where the system can do that. The file is whole in any case.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for a test, empty.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("typenet-file-{}-{name}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<OsString> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn the_new_file_takes_the_place_of_the_old() {
        let folder = folder("replace");
        let path = folder.join("file");
        replace(&path, b"old and long").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        try_place(&path).unwrap();
        assert_eq!(names(&folder), ["file"]);
    }

    #[test]
    fn what_others_left_behind_is_stepped_over() {
        let folder = folder("left");
        let path = folder.join("file");
        let left = folder.join(format!(".file.{}-0", process::id()));
        fs::write(&left, "half a fi").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!((fs::read(&path).unwrap(), fs::read(&left).unwrap()), (b"new".to_vec(), b"half a fi".to_vec()));
    }

    #[test]
    fn nothing_is_left_behind_where_it_cannot_be_written() {
        let folder = folder("cannot");
        fs::create_dir(folder.join("taken")).unwrap();
        assert!(replace(&folder.join("taken"), b"new").is_err());
        assert!(try_place(&folder.join("taken")).is_err());
        assert_eq!(names(&folder), ["taken"]);
        assert!(replace(&folder.join("missing/file"), b"new").is_err());
        assert!(try_place(&folder.join("missing/file")).is_err());
        assert!(replace(Path::new("/"), b"new").is_err());
    }
}
