//! Measures of a network's quality: loss, accuracy, confusion matrix and regression errors.
//!
//! [`score`] computes the mean loss and the accuracy on whole data. [`outputs`] collects the network's outputs for all
//! samples, which the other measures take: [`ConfusionMatrix`] with precision, recall and F1, [`top_k`], and for
//! regression [`mean_squared_error`], [`mean_absolute_error`] and [`r_squared`].
//!
//! A sample with a NaN among its outputs never counts as correct. Infinities compare like numbers.

mod confusion;
mod evaluate;
#[cfg(feature = "serde")]
pub(crate) mod number;
mod regression;
mod score;
mod top_k;

pub use confusion::ConfusionMatrix;
pub use evaluate::Evaluate;
pub use regression::{mean_absolute_error, mean_squared_error, r_squared};
pub use score::{Outputs, Score, outputs, score};
pub use top_k::top_k;
