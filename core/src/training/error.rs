use crate::data::DataError;
use crate::formats::CheckpointError;
use crate::optimizers::SettingError;
use crate::training::divergence::Divergence;

/// A training that cannot start, go on, or be stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// A setting makes no sense, or does not fit the data or the network.
    #[error("{0}")]
    Setting(String),
    /// A setting of the optimizer or of the schedule makes no sense.
    #[error(transparent)]
    Optimizer(#[from] SettingError),
    /// The training diverged.
    #[error(transparent)]
    Diverged(Box<Divergence>),
    /// The data cannot be split.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A checkpoint cannot be read or written, or belongs to another training.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}
