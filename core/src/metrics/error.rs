/// Scores or labels do not allow a metric.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// There are no samples.
    #[error("a metric needs at least one sample")]
    NoSamples,
    /// The number of labels differs from the number of scores.
    #[error("{labels} labels for {scores} scores")]
    #[non_exhaustive]
    LabelCount {
        /// The number of scores.
        scores: usize,
        /// The number of labels.
        labels: usize,
    },
    /// A column of the outputs does not exist.
    #[error("column {column} does not exist: the outputs have {columns} columns, numbered from 0")]
    #[non_exhaustive]
    Column {
        /// The index of the column.
        column: usize,
        /// The number of columns.
        columns: usize,
    },
    /// A score is NaN.
    #[error("the score of sample {sample} is NaN")]
    #[non_exhaustive]
    NotANumber {
        /// The index of the sample.
        sample: usize,
    },
    /// A target is neither 0 nor 1.
    #[error("the target of sample {sample} is {target}; 0 or 1 was expected")]
    #[non_exhaustive]
    Target {
        /// The index of the sample.
        sample: usize,
        /// The target.
        target: f64,
    },
    /// A score is not a probability.
    #[error("the score {score} is not a probability from 0 to 1; use `probabilities` instead of `predict`")]
    #[non_exhaustive]
    Probability {
        /// The score.
        score: f64,
    },
    /// A calibration has no bins.
    #[error("a calibration needs at least one bin")]
    NoBins,
}
