//! Files of networks and training runs.

#[cfg(feature = "checkpoint")]
pub mod checkpoint;
mod error;
mod files;
#[cfg(any(feature = "checkpoint", feature = "onnx"))]
mod foreign;
#[cfg(not(all(feature = "checkpoint", feature = "onnx")))]
pub(crate) mod missing;
#[cfg(feature = "onnx")]
mod onnx;
#[cfg(feature = "checkpoint")]
mod pytorch;

pub use error::{CheckpointError, OnnxError};
pub use files::Files;
#[cfg(not(feature = "checkpoint"))]
pub use missing::PyTorch;
#[cfg(feature = "checkpoint")]
pub use pytorch::PyTorch;
