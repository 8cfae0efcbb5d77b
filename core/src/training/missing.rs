//! Fallbacks for the methods of a trainer that need a disabled feature.

use std::path::{Path, PathBuf};

use crate::formats::missing::Checkpoint;
use crate::networks::Network;
use crate::training::error::TrainingError;
use crate::training::trainer::Trainer;

#[doc(hidden)]
#[allow(missing_docs, clippy::missing_errors_doc, clippy::needless_pass_by_value)] // no code can call them
impl<Net: Network, O, D> Trainer<'_, Net, O, D> {
    #[must_use]
    pub fn checkpoint(self, _: impl Into<PathBuf>, _: u64) -> Self
    where
        Net: Checkpoint,
    {
        self
    }

    pub fn resume(self, _: impl AsRef<Path>) -> Result<Self, TrainingError>
    where
        Net: Checkpoint,
    {
        Ok(self)
    }
}
