//! Networks in files.

use std::path::Path;

#[cfg(feature = "checkpoint")]
use crate::formats::checkpoint;
use crate::formats::error::CheckpointError;
use crate::networks::Network;

/// Networks in files, with the feature `checkpoint`; every [`Network`] has it.
///
/// The methods are there without the feature too, and the error of a call names it: so no feature of another crate makes a
/// method of yours ambiguous.
pub trait Files: Network {
    /// Stores its parameters and settings in a file, in the format of [`checkpoint`](crate::checkpoint). The file is there
    /// whole or not at all, and takes the place of an older one. It takes the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Write`] if the file cannot be written, [`CheckpointError::Format`] if a parameter is not finite.
    #[cfg(feature = "checkpoint")]
    fn save(&self, path: impl AsRef<Path>) -> Result<(), CheckpointError> {
        checkpoint::save(self, path.as_ref())
    }

    /// A network with the parameters and settings of a file, also of one that a [training](crate::training::Trainer::checkpoint) wrote:
    /// of that the network that it had when it was written, and with [early stopping](crate::training::Trainer::early_stopping)
    /// the best that it had had by then, as the trainer gives at its end. It takes the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Read`] if the file cannot be read, [`CheckpointError::Format`] if it is damaged or holds another network.
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
