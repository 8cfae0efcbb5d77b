//! Errors without the file's path.

use std::io;
use std::path::Path;

use crate::formats::error::CheckpointError;

/// An error without the file's path; see [`CheckpointError`].
#[derive(Debug)]
pub(crate) enum Problem {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// The file cannot be written.
    Unwritable(io::Error),
    /// The content is invalid: the rest of a sentence that begins with the path.
    Wrong(String),
}

impl Problem {
    /// Adds the path.
    pub(crate) fn of(self, path: &Path) -> CheckpointError {
        let path = path.to_owned();
        match self {
            Self::Unreadable(source) => CheckpointError::Read { path, source },
            Self::Unwritable(source) => CheckpointError::Write { path, source },
            Self::Wrong(problem) => CheckpointError::Format { path, problem },
        }
    }
}

/// Converts the errors of reading, for `?`.
impl From<io::Error> for Problem {
    fn from(problem: io::Error) -> Self {
        Self::Unreadable(problem)
    }
}

impl From<String> for Problem {
    fn from(problem: String) -> Self {
        Self::Wrong(problem)
    }
}
