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
mod regression;
mod score;

pub use confusion::ConfusionMatrix;
pub use evaluate::Evaluate;
pub use regression::{mean_absolute_error, mean_squared_error, r_squared};
pub use score::{Outputs, Score, outputs, score};

use std::cmp::Ordering;

use nalgebra::{Dim, DimName};

use crate::{Batch, Labels, Scalar};

/// The fraction of samples whose label is among the `k` largest outputs, from 0 to 1; 0 for no samples.
///
/// Of equal outputs the first counts as the larger one, so `k = 1` is the accuracy. Infinities are ordered as numbers
/// are. A sample with a NaN among its outputs is never counted; where there is no NaN, `k` of all classes gives 1.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::{Const, SMatrix};
/// use typenet::{Labels, batch_from, metrics::top_k};
///
/// let scores = batch_from::<f64, f64, _, _, _>(&SMatrix::<f64, 2, 3>::new(0.5, 0.3, 0.2, 0.1, 0.2, 0.7));
/// let labels: Labels<Const<2>, Const<3>> = Labels::new(Const, &[1, 2])?;
/// assert_eq!((top_k(&scores, &labels, 1), top_k(&scores, &labels, 2)), (0.5, 1.0));
/// # Ok::<(), typenet::Error>(())
/// ```
///
/// # Panics
///
/// If there are more or fewer labels than samples, which can only be if `N` is `Dyn`.
pub fn top_k<T: Scalar, N: Dim, C: DimName>(y: &Batch<T, N, C>, labels: &Labels<N, C>, k: usize) -> f64 {
    assert_eq!(labels.len(), y.nrows(), "as many labels as samples");
    let among = |(row, &label): (usize, &usize)| {
        let score = y[(row, label)];
        let mut ahead = 0;
        for column in 0..C::DIM {
            match y[(row, column)].partial_cmp(&score) {
                None => return false,
                Some(Ordering::Equal) => ahead += usize::from(column < label),
                Some(order) => ahead += usize::from(order.is_gt()),
            }
        }
        ahead < k
    };
    let count = labels.classes().iter().enumerate().filter(|&sample| among(sample)).count();
    count as f64 / labels.len().max(1) as f64
}
