use std::io;
use std::path::PathBuf;

use crate::labels::LabelsError;

/// Samples or targets are invalid, in a file or in memory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    #[non_exhaustive]
    Read {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file has unexpected content.
    #[error("`{}` {problem}", path.display())]
    #[non_exhaustive]
    Format {
        /// The path of the file.
        path: PathBuf,
        /// The problem, worded to follow the path in a sentence.
        problem: String,
    },
    /// A CSV file has unexpected content.
    #[error("`{}`, line {line}{}: {problem}", path.display(), in_column(column.as_deref()))]
    #[non_exhaustive]
    Csv {
        /// The path of the file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The name of the column, if the problem is in one.
        column: Option<String>,
        /// The problem, and the expected content.
        problem: String,
    },
    /// Class numbers are not valid labels.
    #[error(transparent)]
    Label(#[from] LabelsError),
    /// The number of bytes does not match the number of samples.
    #[error("{found} bytes, but {samples} samples of {features} bytes each have {}", samples.saturating_mul(*features))]
    #[non_exhaustive]
    ByteCount {
        /// The number of samples.
        samples: usize,
        /// The number of bytes of each sample.
        features: usize,
        /// The number of bytes found.
        found: usize,
    },
    /// The number of values does not match the number of samples.
    #[error("{found} values, but {samples} samples of {width} {what}s each have {}", samples.saturating_mul(*width))]
    #[non_exhaustive]
    ValueCount {
        /// The kind of value: `feature` or `target`.
        what: &'static str,
        /// The number of samples.
        samples: usize,
        /// The number of values of each sample.
        width: usize,
        /// The number of values found.
        found: usize,
    },
    /// The number of targets differs from the number of samples.
    #[error("{found} targets for {samples} samples")]
    #[non_exhaustive]
    TargetCount {
        /// The number of samples.
        samples: usize,
        /// The number of targets.
        found: usize,
    },
    /// The number of weights differs from the number of samples.
    #[error("{found} weights for {samples} samples")]
    #[non_exhaustive]
    WeightCount {
        /// The number of samples.
        samples: usize,
        /// The number of weights.
        found: usize,
    },
    /// A sample's weight is negative, NaN or infinite.
    #[error("the weight of sample {sample} is {weight}; weights must be at least 0 and finite")]
    #[non_exhaustive]
    Weight {
        /// The index of the sample.
        sample: usize,
        /// Its weight.
        weight: f64,
    },
    /// A value is NaN or infinite.
    #[error("{what} {column} of sample {sample} is {value}; data must be finite")]
    #[non_exhaustive]
    NotFinite {
        /// The kind of value: `feature` or `target`.
        what: &'static str,
        /// The index of the sample.
        sample: usize,
        /// The index of the value in its sample.
        column: usize,
        /// The value.
        value: f64,
    },
    /// The data has no samples, but at least one is needed.
    #[error("{what} must have at least one sample, but has none")]
    #[non_exhaustive]
    NoSamples {
        /// The name of the data, which begins the message.
        what: &'static str,
    },
    /// The standard deviation of a feature or a target is too small to divide by.
    #[error(
        "the standard deviation of {what} {column}, {deviation:e}, is too small to divide by; drop or rescale the {what}"
    )]
    #[non_exhaustive]
    Deviation {
        /// The kind of value: `feature` or `target`.
        what: &'static str,
        /// The index of the feature or target.
        column: usize,
        /// Its standard deviation.
        deviation: f64,
    },
    /// A setting of an [`Augment`](super::Augment) is invalid.
    #[error("{0}")]
    Augment(String),
    /// Cross-validation has fewer than two folds, or more folds than samples.
    #[error("{folds} folds of {samples} samples; at least 2 folds and a sample in each were expected")]
    #[non_exhaustive]
    Folds {
        /// The requested number of folds.
        folds: usize,
        /// The number of samples.
        samples: usize,
    },
    /// A split leaves one of its parts empty.
    #[error("a fraction of {fraction} of {samples} samples leaves one part empty; use a fraction between 0 and 1")]
    #[non_exhaustive]
    Fraction {
        /// The requested fraction.
        fraction: f64,
        /// The number of samples.
        samples: usize,
    },
}

fn in_column(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(", column `{name}`"))
}
