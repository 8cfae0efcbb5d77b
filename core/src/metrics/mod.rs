//! How good a network is: its score on data, and what it gets wrong.
//!
//! [`score`] gives the mean loss and the accuracy on whole data, [`outputs`] what a network says of every sample, for all
//! the others: [`ConfusionMatrix`] with precision, recall and F1, [`top_k`], and for numbers [`mean_squared_error`],
//! [`mean_absolute_error`] and [`r_squared`].
//!
//! All follow one rule where outputs are not finite: a sample with a NaN among its outputs is never counted as right, and
//! infinities are ordered as numbers are.

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
