use crate::data::DataError;
use crate::formats::CheckpointError;
use crate::optimizers::SettingError;
use crate::training::collective::CollectiveError;
use crate::training::divergence::Divergence;

/// An error in starting, continuing or storing a training run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// A setting is invalid, or does not fit the data or the network.
    #[error("{0}")]
    Setting(String),
    /// A setting of the optimizer or of the schedule is invalid.
    #[error(transparent)]
    Optimizer(#[from] SettingError),
    /// Training diverged.
    #[error(transparent)]
    Diverged(Box<Divergence>),
    /// The data cannot be split.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A checkpoint cannot be read or written, or is from another training run.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Another rank ended or does not answer.
    #[error(transparent)]
    Collective(#[from] CollectiveError),
}
