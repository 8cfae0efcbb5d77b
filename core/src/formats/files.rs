//! Saves and loads networks.

use std::path::Path;

#[cfg(feature = "checkpoint")]
use crate::formats::checkpoint;
use crate::formats::error::{CheckpointError, OnnxError};
#[cfg(feature = "onnx")]
use crate::formats::onnx;
#[cfg(feature = "checkpoint")]
use crate::formats::pytorch::{self, PyTorch};
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

    /// Reads weights of PyTorch: a `state_dict` in a safetensors file.
    ///
    /// ```text
    /// safetensors.torch.save_file(model.state_dict(), "net.safetensors")      # Python
    /// let net: Net = Net::import("net.safetensors", PyTorch::new())?;         // here
    /// ```
    ///
    /// [`PyTorch`] describes how tensors are found, and the settings that the file does not contain: they keep their declared
    /// values. Floats of 16, 32 and 64 bits are converted to the network's scalar. Requires the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Read`] if the file cannot be read. [`CheckpointError::Format`] if it is damaged, is a pickle of
    /// `torch.save`, or holds another network: one error lists all tensors that are missing, left over or of another
    /// shape.
    #[cfg(feature = "checkpoint")]
    #[allow(clippy::needless_pass_by_value)] // it is made for the call
    fn import(path: impl AsRef<Path>, names: PyTorch) -> Result<Self, CheckpointError> {
        pytorch::import(path.as_ref(), &names)
    }

    /// Writes the weights for PyTorch, where `load_state_dict` with `strict=True` accepts them.
    ///
    /// ```text
    /// net.export("net.safetensors", PyTorch::numbered())?;                          // here
    /// model.load_state_dict(safetensors.torch.load_file("net.safetensors"))         # Python, nn.Sequential
    /// ```
    ///
    /// The tensors have the network's scalar. Replaces an existing file atomically. Requires the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Write`] if the file cannot be written, [`CheckpointError::Format`] if a parameter is NaN or
    /// infinite, or a name is unknown or given twice.
    #[cfg(feature = "checkpoint")]
    #[allow(clippy::needless_pass_by_value)] // as above
    fn export(&self, path: impl AsRef<Path>, names: PyTorch) -> Result<(), CheckpointError> {
        pytorch::export(self, path.as_ref(), &names)
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
    fn import(_: impl AsRef<Path>, _: crate::formats::missing::PyTorch) -> Result<Self, CheckpointError>
    where
        Self: crate::formats::missing::Checkpoint,
    {
        Ok(Self::default())
    }

    #[cfg(not(feature = "checkpoint"))]
    #[doc(hidden)]
    fn export(&self, _: impl AsRef<Path>, _: crate::formats::missing::PyTorch) -> Result<(), CheckpointError>
    where
        Self: crate::formats::missing::Checkpoint,
    {
        Ok(())
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
    /// [`OnnxError`] if a layer has no [operation](crate::Layer::operation), a parameter is NaN or infinite, or a setting is
    /// out of range.
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
