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

pub use error::{CheckpointError, OnnxError};
pub use files::Files;
