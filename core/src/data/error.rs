use std::io;
use std::path::PathBuf;

use crate::labels::LabelsError;

/// A problem with samples or their targets, in a file or in memory.
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
    /// The content of a file is not what was expected.
    #[error("`{}` {problem}", path.display())]
    #[non_exhaustive]
    Format {
        /// The path of the file.
        path: PathBuf,
        /// The problem, as the rest of a sentence that begins with the path.
        problem: String,
    },
    /// Class numbers are not labels.
    #[error(transparent)]
    Label(#[from] LabelsError),
    /// The number of bytes does not fit the number of samples.
    #[error("{found} bytes for {samples} samples of {features} bytes each")]
    #[non_exhaustive]
    ByteCount {
        /// The number of samples.
        samples: usize,
        /// The number of bytes of each sample.
        features: usize,
        /// The number of bytes found.
        found: usize,
    },
    /// The number of values does not fit the number of samples.
    #[error("{found} numbers for {samples} samples of {width} {what}s each")]
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
    /// A value is NaN or infinite.
    #[error("{what} {column} of sample {sample} is {value}; data have to be finite numbers")]
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
    /// Data without samples where at least one is needed.
    #[error("{what} has to have one sample at least, but has none")]
    #[non_exhaustive]
    NoSamples {
        /// The data.
        what: &'static str,
    },
    /// A feature varies too little to be divided by its deviation.
    #[error(
        "feature {column} varies by {deviation:e}, which is too little to divide by; leave it out or scale it first"
    )]
    #[non_exhaustive]
    Deviation {
        /// The index of the feature.
        column: usize,
        /// Its standard deviation.
        deviation: f64,
    },
    /// A split leaves one of its two parts without samples.
    #[error("a fraction of {fraction} of {samples} samples leaves one part empty; use a fraction between 0 and 1")]
    #[non_exhaustive]
    Fraction {
        /// The requested fraction.
        fraction: f64,
        /// The number of samples.
        samples: usize,
    },
}
