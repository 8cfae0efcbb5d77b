//! Measures of a network's quality: loss, accuracy, confusion matrix and regression errors.
//!
//! [`score`] computes the mean loss and the accuracy on whole data. [`outputs`] collects the network's outputs for all
//! samples, which the other measures take: [`ConfusionMatrix`] with precision, recall and F1, [`top_k`], and for
//! regression [`mean_squared_error`], [`mean_absolute_error`] and [`r_squared`]. [`BinaryScores`] has the metrics of two
//! classes and of several labels: threshold, ROC curve, average precision, log loss and calibration.
//!
//! A sample with a NaN among its outputs never counts as correct. Infinities compare like numbers.

mod binary;
mod binary_counts;
mod confusion;
mod error;
mod evaluate;
#[cfg(feature = "serde")]
pub(crate) mod number;
mod regression;
mod score;
mod top_k;

pub use binary::{BinaryScores, CalibrationBin, PrecisionRecall, RocPoint};
pub use binary_counts::BinaryCounts;
pub use confusion::ConfusionMatrix;
pub use error::MetricError;
pub use evaluate::Evaluate;
pub use regression::{mean_absolute_error, mean_squared_error, r_squared};
pub use score::{Outputs, Score, outputs, score};
pub(crate) use score::{PartOf, Tally, score_in_parts};
pub use top_k::top_k;
