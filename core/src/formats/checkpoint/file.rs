//! Replaces files atomically.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// The maximum number of attempts to write a temporary file, and of links to follow.
const ATTEMPTS: u32 = 40;

/// The number in the next temporary name; never repeats within a process.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Writes a file, or replaces an old one. A crash leaves either the old file or the new one, complete.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = &follow(path);
    check_kind(path)?;
    let mut written = write_beside(path, bytes);
    for _ in 0..ATTEMPTS {
        match &written {
            // Another writer's `sweep` removed the temporary file between its creation and its lock.
            Err(problem) if problem.kind() == ErrorKind::NotFound => written = write_beside(path, bytes),
            _ => break,
        }
    }
    written?;
    sync_folder(path);
    Ok(())
}

/// Checks that a file can be written there.
pub(crate) fn try_place(path: &Path) -> io::Result<()> {
    let path = &follow(path);
    check_kind(path)?;
    let (temporary, _) = create_beside(path)?;
    let _ = fs::remove_file(temporary); // another writer's `sweep` may have removed it
    Ok(())
}

/// Follows symbolic links, so that their target is replaced and the links stay.
fn follow(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..ATTEMPTS {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => break,
        }
    }
    path
}

/// Rejects anything except a regular file or a new path, so that no FIFO or device is replaced by a file.
fn check_kind(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => {
            let kind = if found.is_dir() { ErrorKind::IsADirectory } else { ErrorKind::InvalidInput };
            Err(io::Error::new(kind, format!("it is {}", kind_of(found.file_type()))))
        }
        _ => Ok(()),
    }
}

/// Describes something that is not a regular file, such as `a FIFO, not a file`.
pub(crate) fn kind_of(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a FIFO, not a file";
        } else if kind.is_socket() {
            return "a socket, not a file";
        } else if kind.is_block_device() || kind.is_char_device() {
            return "a device, not a file";
        }
    }
    if kind.is_dir() { "a folder, not a file" } else { "not a file" }
}

fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (temporary, mut file) = create_beside(path)?;
    let written = match fs::metadata(path) {
        Ok(old) => file.set_permissions(old.permissions()),
        Err(_) => Ok(()), // the file is new
    };
    // The file stays open and locked until it is renamed.
    let written = written.and_then(|()| write(&mut file, bytes)).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary); // the first error is returned
    }
    written
}

/// Creates a temporary file of a unique name in the same folder, where a rename is atomic.
///
/// With a shared name, one writer could rename another one's incomplete file. The writer locks its file, and the system
/// releases the lock when the process ends: an unlocked file was left behind by a killed process.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the path has no file name"))?;
    sweep(path, name);
    loop {
        let mut temporary = prefix(name);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        temporary.push(format!("{}-{number}.tmp", process::id()));
        let temporary = path.with_file_name(temporary);
        match File::create_new(&temporary) {
            Err(problem) if problem.kind() == ErrorKind::AlreadyExists => {}
            created => {
                let file = created?;
                let _ = file.lock(); // without support for locks, `sweep` removes nothing
                return Ok((temporary, file));
            }
        }
    }
}

/// The prefix of temporary names, which end in `.tmp`.
///
/// Contains a checksum of the name instead of the name itself, which may already have the maximum length.
fn prefix(name: &OsStr) -> OsString {
    format!(".typenet-{:08x}-", crc32fast::hash(name.as_encoded_bytes())).into()
}

/// Removes temporary files that killed processes left beside the file; ignores errors.
fn sweep(path: &Path, name: &OsStr) {
    let prefix = prefix(name);
    for entry in fs::read_dir(folder(path)).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let middle = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        let middle = middle.and_then(|rest| rest.strip_suffix(b".tmp"));
        let is_ours = middle.is_some_and(|middle| middle.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-'));
        let Some(file) = is_ours.then(|| File::open(entry.path()).ok()).flatten() else { continue };
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path()); // a writer that has not locked it yet writes another one
        }
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes the bytes and waits until they are on the disk.
fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// Waits until the new name is on the disk, if the system supports it. The file is complete in any case.
fn sync_folder(path: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder(path)).and_then(|folder| folder.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Creates an empty folder for a test.
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
    fn the_new_file_replaces_the_old() {
        let folder = folder("replace");
        let path = folder.join("file");
        replace(&path, b"old and long").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        try_place(&path).unwrap();
        assert_eq!(names(&folder), ["file"]);
    }

    #[test]
    fn only_files_of_killed_processes_are_removed() {
        let folder = folder("left");
        let path = folder.join("file");
        let ends = ["1-0.tmp", "2-0.tmp", "other.tmp"];
        let left = ends.map(|name| folder.join(format!("{}{name}", prefix(OsStr::new("file")).display())));
        for left in &left {
            fs::write(left, "half a fi").unwrap();
        }
        let written = File::open(&left[1]).unwrap();
        written.lock().unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mut names = names(&folder);
        names.sort();
        let stays = [left[1].file_name().unwrap(), left[2].file_name().unwrap(), OsStr::new("file")];
        assert_eq!(names, stays);
    }

    #[test]
    fn concurrent_writers_leave_one_complete_file() {
        let folder = folder("several");
        let path = folder.join("file");
        let text = |writer: u8| vec![writer; 10_000];
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let path = &path;
                scope.spawn(move || (0..25).for_each(|_| replace(path, &text(writer)).unwrap()));
            }
        });
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes, text(bytes[0]));
        assert_eq!(names(&folder), ["file"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_its_target_is_replaced() {
        let folder = folder("link");
        fs::create_dir(folder.join("elsewhere")).unwrap();
        let (link, target) = (folder.join("link"), folder.join("elsewhere/target"));
        std::os::unix::fs::symlink("elsewhere/target", &link).unwrap();
        for bytes in [b"new", b"two"] {
            try_place(&link).unwrap();
            replace(&link, bytes).unwrap();
            assert_eq!(fs::read(&target).unwrap(), bytes);
            assert!(link.is_symlink());
        }
        assert_eq!(names(&folder.join("elsewhere")), ["target"]);
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let folder = folder("cannot");
        fs::create_dir(folder.join("taken")).unwrap();
        assert!(replace(&folder.join("taken"), b"new").is_err());
        assert!(try_place(&folder.join("taken")).is_err());
        assert_eq!(names(&folder), ["taken"]);
        assert!(replace(&folder.join("missing/file"), b"new").is_err());
        assert!(try_place(&folder.join("missing/file")).is_err());
        assert!(replace(Path::new("/"), b"new").is_err());
    }

    #[test]
    fn a_name_of_maximum_length_is_written() {
        let folder = folder("long");
        for length in [252, 255] {
            let path = folder.join("n".repeat(length));
            try_place(&path).unwrap();
            replace(&path, b"old").unwrap();
            replace(&path, b"new").unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"new");
            assert_eq!(names(&folder), [path.file_name().unwrap()]);
            fs::remove_file(path).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_replaced() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        use std::os::unix::net::UnixListener;

        let folder = folder("kinds");
        let (fifo, socket, link) = (folder.join("fifo"), folder.join("socket"), folder.join("link"));
        assert!(process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let _listener = UnixListener::bind(&socket).unwrap();
        symlink("fifo", &link).unwrap();
        for (path, wanted) in [
            (&fifo, "it is a FIFO, not a file"),
            (&socket, "it is a socket, not a file"),
            (&link, "it is a FIFO, not a file"),
            (&folder, "it is a folder, not a file"),
        ] {
            assert_eq!(replace(path, b"new").unwrap_err().to_string(), wanted);
            assert_eq!(try_place(path).unwrap_err().to_string(), wanted);
        }
        assert!(fs::metadata(&fifo).unwrap().file_type().is_fifo());
        assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
        assert_eq!(names(&folder).len(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;

        let folder = folder("permissions");
        let path = folder.join("file");
        replace(&path, b"old").unwrap();
        for mode in [0o600, 0o640, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            replace(&path, b"new").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
        }
    }
}
