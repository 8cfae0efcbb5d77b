use typenet_core::data::DataError;
use typenet_core::metrics::MetricError;
use typenet_core::optimizers::SettingError;
use typenet_core::training::TrainingError;
use typenet_core::{
    CheckpointError, CopyError, GradientError, LabelsError, OnnxError, SizeError, ThreadsError, UnknownLayer,
    UnknownParameter,
};

#[cfg(feature = "plot")]
use crate::plot::PlotError;

/// Any error of this library, for a function that uses several parts of it with `?`.
///
/// Each part of the library has its own error type, which converts into this one.
///
/// `Display` is one sentence that names the problem and its place; `source` returns the cause, such as an error of the
/// operating system.
///
/// ```
/// use typenet::prelude::*;
///
/// fn labels() -> Result<Labels<Const<2>, Const<10>>, Error> {
///     Ok([3, 10].try_into()?)
/// }
///
/// assert_eq!(labels().unwrap_err().to_string(), "label 10 of sample 1 is not one of the 10 classes 0 to 9");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Invalid samples or targets, in a file or in memory.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Invalid class numbers.
    #[error(transparent)]
    Label(#[from] LabelsError),
    /// A wrong number of values for a batch.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// Scores that do not allow a metric.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// A setting of an optimizer or a schedule.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// An unknown name of a parameter or a layer.
    #[error(transparent)]
    Parameter(#[from] UnknownParameter),
    /// An unknown name of a layer.
    #[error(transparent)]
    Layer(#[from] UnknownLayer),
    /// Layers that cannot be copied from one network to another.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// A gradient check that failed or could not run.
    #[error(transparent)]
    Gradient(#[from] GradientError),
    /// A training run that could not start, continue or be stored, or that diverged.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// A file of a network or a training run.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A network that cannot be written as ONNX.
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// Threads that could not start.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
    /// A plot that cannot be drawn or saved.
    #[cfg(feature = "plot")]
    #[error(transparent)]
    Plot(#[from] PlotError),
}
