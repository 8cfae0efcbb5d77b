//! Saves and loads networks.

use std::path::Path;

#[cfg(feature = "checkpoint")]
use crate::formats::checkpoint;
use crate::formats::error::{CheckpointError, OnnxError};
#[cfg(feature = "onnx")]
use crate::formats::onnx;
#[cfg(feature = "onnx")]
use crate::losses::Probabilities;
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

    /// Encodes the network as an ONNX model for inference, which programs such as ONNX Runtime run.
    ///
    /// ```text
    /// std::fs::write("net.onnx", net.to_onnx()?)?;
    /// ```
    ///
    /// ONNX is only written: this library does not read it. The operators are those of version 17, the numbers `f32`, also
    /// for a network in `f64`. Nodes have the names of the layers, and parameters those in
    /// [`Network::parameters`]. Requires the feature `onnx`.
    ///
    /// # Shapes
    ///
    /// The model has one `input` and one `output` for any number `N` of samples: `N x F` for features, `N x C x H x W` for
    /// images, `N x C x L` for signals, which are images of one row, and `N` integers for class numbers. The output
    /// equals that of [`Network::predict`].
    ///
    /// # Errors
    ///
    /// [`OnnxError`] if a layer has no [operation](crate::Layer::operation), or a parameter is NaN or infinite.
    #[cfg(feature = "onnx")]
    fn to_onnx(&self) -> Result<Vec<u8>, OnnxError> {
        onnx::encode(self, None)
    }

    /// [`to_onnx`](Self::to_onnx) with the [probabilities](Network::probabilities) as the output.
    ///
    /// # Errors
    ///
    /// As for `to_onnx`; also [`OnnxError`] if the loss has no operation.
    #[cfg(feature = "onnx")]
    fn to_onnx_with_probabilities(&self) -> Result<Vec<u8>, OnnxError>
    where
        Self::Loss: Probabilities<Self::Output>,
    {
        let operation = self.loss_fn().operation();
        let operation =
            operation.ok_or_else(|| OnnxError::Layers { names: vec![format!("`loss` ({})", Self::LOSS)] })?;
        onnx::encode(self, Some(operation))
    }

    #[cfg(not(feature = "onnx"))]
    #[doc(hidden)]
    fn to_onnx(&self) -> Result<Vec<u8>, OnnxError>
    where
        Self: crate::formats::missing::Onnx,
    {
        Ok(Vec::new())
    }

    #[cfg(not(feature = "onnx"))]
    #[doc(hidden)]
    fn to_onnx_with_probabilities(&self) -> Result<Vec<u8>, OnnxError>
    where
        Self: crate::formats::missing::Onnx,
    {
        Ok(Vec::new())
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
