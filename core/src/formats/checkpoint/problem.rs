//! Errors of checkpoints, before the file's path is added.

use std::io;
use std::path::Path;

use crate::formats::error::CheckpointError;

/// A [`CheckpointError`] without the file's path.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// The file cannot be written.
    Unwritable(io::Error),
    /// The content is invalid; the text is worded to follow the path in a sentence.
    Wrong(String),
}

impl Problem {
    /// The error of a file in memory.
    pub(crate) fn in_memory(self) -> CheckpointError {
        let problem = match self {
            Self::Unreadable(source) | Self::Unwritable(source) => format!("cannot be read: {source}"),
            Self::Wrong(problem) => problem,
        };
        CheckpointError::Bytes { problem }
    }

    /// Adds the file's path.
    pub(crate) fn of(self, path: &Path) -> CheckpointError {
        let path = path.to_owned();
        match self {
            Self::Unreadable(source) => CheckpointError::Read { path, source },
            Self::Unwritable(source) => CheckpointError::Write { path, source },
            Self::Wrong(problem) => CheckpointError::Format { path, problem },
        }
    }
}

/// Treats an error as one of reading, so that readers can use `?`.
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
