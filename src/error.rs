use typenet_core::data::DataError;
use typenet_core::training::TrainingError;
use typenet_core::{CheckpointError, GradientError, LabelsError, SizeError, ThreadsError, UnknownParameter};

#[cfg(feature = "plot")]
use crate::plot::PlotError;

/// Any error of this library, for a function that uses several parts of it with `?`.
///
/// Each part has an error type of its own; all of them convert into this one. `Display` is one sentence that names the
/// problem and its place, `source` the cause in the operating system.
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
    /// Samples or targets, in a file or in memory.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Class numbers.
    #[error(transparent)]
    Label(#[from] LabelsError),
    /// The number of values in a batch.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// The name of a parameter.
    #[error(transparent)]
    Parameter(#[from] UnknownParameter),
    /// A gradient check.
    #[error(transparent)]
    Gradient(#[from] GradientError),
    /// A training.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// A file of a network or a training.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Threads.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
    /// A plot.
    #[cfg(feature = "plot")]
    #[error(transparent)]
    Plot(#[from] PlotError),
}
