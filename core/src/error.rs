//! What can be wrong with what a user brings.

use std::fmt::{self, Debug, Display, Formatter};
use std::path::PathBuf;

use crate::Disagreement;
use crate::training::Divergence;

/// What was wrong, where, and what was expected.
///
/// Its `Debug` form is the same sentence as its `Display` form, so that a `main` that returns it, or an `unwrap`,
/// says what is to be said.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read `{}`: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        problem: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{}`: {problem}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        problem: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("`{}` {problem}", path.display())]
    Data {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, as the rest of a sentence that begins with its name.
        problem: String,
    },
    /// A class number that is too large.
    #[error("label {label} of sample {sample} is not one of the {classes} classes 0 to {}", classes.saturating_sub(1))]
    Label {
        /// The label.
        label: usize,
        /// Which sample it belongs to, counted from 0.
        sample: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// Another number of labels than of samples.
    #[error("{found} labels for {expected} samples")]
    LabelCount {
        /// How many samples there are.
        expected: usize,
        /// How many labels there are.
        found: usize,
    },
    /// Another number of bytes than the images of the labels have.
    #[error("{found} bytes for {samples} samples of {features} bytes each")]
    ByteCount {
        /// How many samples there are.
        samples: usize,
        /// How many bytes each of them has.
        features: usize,
        /// How many bytes there are.
        found: usize,
    },
    /// Another number of values than the rows of a table have.
    #[error("{found} numbers for {samples} samples of {width} {what}s each")]
    ValueCount {
        /// What they are: `feature` or `target`.
        what: &'static str,
        /// How many samples there are.
        samples: usize,
        /// How many numbers each of them has.
        width: usize,
        /// How many numbers there are.
        found: usize,
    },
    /// A number to learn from that is infinite or no number.
    #[error("{what} {column} of sample {sample} is {value}; data have to be finite numbers")]
    NotFinite {
        /// What it is: a `feature` or a `target`.
        what: &'static str,
        /// Which sample, counted from 0.
        sample: usize,
        /// Which of its numbers, counted from 0.
        column: usize,
        /// What it is.
        value: f64,
    },
    /// A name that no parameter or layer of a network has.
    #[error("`{network}` has no parameter `{name}`; it has {}", names.join(", "))]
    NoParameter {
        /// The name.
        name: String,
        /// The network.
        network: &'static str,
        /// The names of all its parameters.
        names: Vec<String>,
    },
    /// Data of no samples where at least one is needed.
    #[error("{what} has to have one sample at least, but has none")]
    NoSamples {
        /// What has none.
        what: &'static str,
    },
    /// A feature that varies too little to be divided by its deviation.
    #[error(
        "feature {column} varies by {deviation:e}, which is too little to divide by; leave it out or scale it first"
    )]
    Deviation {
        /// Which feature, counted from 0.
        column: usize,
        /// Its standard deviation.
        deviation: f64,
    },
    /// A part of the data that leaves nothing in it, or nothing beside it.
    #[error("a part of {share} of {samples} samples, and the rest: either has to have one sample at least")]
    Share {
        /// How large the part was to be, from 0 to 1.
        share: f64,
        /// How many samples there are.
        samples: usize,
    },
    /// A row that is not one-hot.
    #[error("row {row} is not one-hot: it should hold a single 1 among zeros, but {problem}")]
    OneHot {
        /// The row, counted from 0.
        row: usize,
        /// What it holds instead.
        problem: String,
    },
    /// Threads that the system does not start.
    #[error("cannot start {count} threads: {problem}")]
    Threads {
        /// How many were asked for.
        count: usize,
        /// Why not.
        problem: String,
    },
    /// Something that a training was asked for and cannot do.
    #[error("{0}")]
    Training(String),
    /// A training whose loss became infinite or no number.
    #[error("{0}")]
    Diverged(Box<Divergence>),
    /// A plot that is too small to be read, or too large to be of use.
    #[error("a plot of {width} x {height} pixels; each side has to be of 100 to 4,000")]
    PlotSize {
        /// Its width, in pixels.
        width: u32,
        /// Its height, in pixels.
        height: u32,
    },
    /// A gradient that backward and finite differences do not agree on.
    #[error("{0}")]
    Gradient(Box<Disagreement>),
}

impl Debug for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
