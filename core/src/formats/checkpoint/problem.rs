//! What is wrong with a file, before its name is known.

use std::io;
use std::path::Path;

use crate::formats::error::CheckpointError;

/// What is wrong with a file, before its name is known.
#[derive(Debug)]
pub(crate) enum Problem {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It cannot be written.
    Unwritable(io::Error),
    /// It does not hold what it should: the rest of a sentence that begins with its name.
    Wrong(String),
}

impl Problem {
    /// The error of the file of that name.
    pub(crate) fn of(self, path: &Path) -> CheckpointError {
        let path = path.to_owned();
        match self {
            Self::Unreadable(source) => CheckpointError::Read { path, source },
            Self::Unwritable(source) => CheckpointError::Write { path, source },
            Self::Wrong(problem) => CheckpointError::Format { path, problem },
        }
    }
}

/// For `?` while a file is read.
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
