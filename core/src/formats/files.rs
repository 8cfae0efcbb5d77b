//! Saves and loads networks.

use std::path::Path;

#[cfg(feature = "checkpoint")]
use crate::formats::checkpoint;
use crate::formats::error::CheckpointError;
use crate::networks::Network;

/// Saves and loads networks; every [`Network`] implements it.
///
/// Requires the feature `checkpoint`. Without it the methods exist too, but a call is a compile error that names the
/// feature. So enabling the feature in another crate cannot make your own method ambiguous.
pub trait Files: Network {
    /// Saves the parameters and settings to a file.
    ///
    /// Replaces an existing file atomically. [`checkpoint`](crate::checkpoint) describes the format.
    /// Requires the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Write`] if the file cannot be written, [`CheckpointError::Format`] if a parameter is NaN or
    /// infinite, or a setting out of range.
    #[cfg(feature = "checkpoint")]
    fn save(&self, path: impl AsRef<Path>) -> Result<(), CheckpointError> {
        checkpoint::save(self, path.as_ref())
    }

    /// Loads a network that [`save`](Self::save) or a [training run](crate::training::Trainer::checkpoint) stored.
    ///
    /// From a training run, loads the latest network, or with
    /// [early stopping](crate::training::Trainer::early_stopping) the best one so far.
    /// Requires the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Read`] if the file cannot be read, [`CheckpointError::Format`] if it is damaged, or holds
    /// another network or a setting out of range.
    #[cfg(feature = "checkpoint")]
    fn load(path: impl AsRef<Path>) -> Result<Self, CheckpointError> {
        checkpoint::load(path.as_ref())
    }

    #[cfg(not(feature = "checkpoint"))]
    #[doc(hidden)]
    fn save(&self, _: impl AsRef<Path>) -> Result<(), CheckpointError>
    where
        Self: crate::formats::missing::Checkpoint,
    {
        Ok(())
    }

    #[cfg(not(feature = "checkpoint"))]
    #[doc(hidden)]
    fn load(_: impl AsRef<Path>) -> Result<Self, CheckpointError>
    where
        Self: crate::formats::missing::Checkpoint,
    {
        Ok(Self::default())
    }
}

impl<Net: Network> Files for Net {}
