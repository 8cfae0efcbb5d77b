use std::cmp::Ordering;

use nalgebra::{Dim, DimName};

use crate::labels::Labels;
use crate::matrix::Batch;
use crate::scalar::Scalar;

/// The fraction of samples whose label is among the `k` largest outputs, from 0 to 1; 0 for no samples.
///
/// Of equal outputs the first counts as the larger one, so `k = 1` is the accuracy. Infinities are ordered as numbers
/// are. A sample with a NaN among its outputs is never counted; where there is no NaN, `k` of all classes gives 1.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::Const;
/// use typenet::{Batch, Labels, metrics::top_k};
///
/// let scores = Batch::from([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]);
/// let labels: Labels<Const<2>, Const<3>> = Labels::new(Const, &[1, 2])?;
/// assert_eq!((top_k(&scores, &labels, 1), top_k(&scores, &labels, 2)), (0.5, 1.0));
/// # Ok::<(), typenet::LabelsError>(())
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
