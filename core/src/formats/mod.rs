//! Files of networks and training runs.

#[cfg(feature = "checkpoint")]
pub mod checkpoint;
mod error;
mod files;
#[cfg(not(feature = "checkpoint"))]
pub(crate) mod missing;

pub use error::CheckpointError;
pub use files::Files;
