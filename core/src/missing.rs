//! Stand-ins for the methods of features that are off. Nothing meets their bound, whose message names the feature.

use std::path::{Path, PathBuf};

use crate::training::Trainer;
use crate::{Error, Network};

/// The bound of a method that is behind the feature `checkpoint`.
#[diagnostic::on_unimplemented(
    message = "files of networks and trainings need typenet's feature `checkpoint`",
    label = "the feature `checkpoint` is off",
    note = "switch it on in `Cargo.toml`: `typenet = {{ ..., features = [\"checkpoint\"] }}`"
)]
pub trait Checkpoint {}

#[doc(hidden)]
#[allow(missing_docs, clippy::missing_errors_doc, clippy::needless_pass_by_value)] // nobody can call them
impl<Net: Network, O, D> Trainer<'_, Net, O, D> {
    #[must_use]
    pub fn checkpoint(self, _: impl Into<PathBuf>, _: u64) -> Self
    where
        Net: Checkpoint,
    {
        self
    }

    pub fn resume(self, _: impl AsRef<Path>) -> Result<Self, Error>
    where
        Net: Checkpoint,
    {
        Ok(self)
    }
}
