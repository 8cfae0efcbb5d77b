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

    /// The bytes that [`save`](Self::save) writes to a file, for example to send them.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::{Files, Network};
    ///
    /// fn copy<Net: Network>(net: &Net) -> Result<Net, typenet::CheckpointError> {
    ///     let bytes: Vec<u8> = net.to_bytes()?;
    ///     Net::from_bytes(&bytes)
    /// }
    /// ```
    ///
    /// Requires the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Bytes`] if a parameter is NaN or infinite, or a setting out of range.
    #[cfg(feature = "checkpoint")]
    fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        checkpoint::to_bytes(self)
    }

    /// Loads a network from the bytes of a file, as [`load`](Self::load) does; they may come from `include_bytes!`.
    ///
    /// [`include_network!`](../typenet/macro.include_network.html) reads the file while compiling instead.
    /// Requires the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Bytes`] if they are damaged, or hold another network or a setting out of range.
    #[cfg(feature = "checkpoint")]
    fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        checkpoint::from_bytes(bytes)
    }

    #[cfg(not(feature = "checkpoint"))]
    #[doc(hidden)]
    fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError>
    where
        Self: crate::formats::missing::Checkpoint,
    {
        Ok(Vec::new())
    }

    #[cfg(not(feature = "checkpoint"))]
    #[doc(hidden)]
    fn from_bytes(_: &[u8]) -> Result<Self, CheckpointError>
    where
        Self: crate::formats::missing::Checkpoint,
    {
        Ok(Self::default())
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
