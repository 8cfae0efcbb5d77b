use std::cmp::Ordering;

use nalgebra::{Dim, DimName};

use crate::labels::Labels;
use crate::matrix::Batch;
use crate::scalar::Scalar;

/// The fraction of samples whose label is among the `k` largest outputs; 0 if there are no samples.
///
/// Of equal outputs the first counts as larger, so `k = 1` gives the accuracy. Infinities compare like numbers. A
/// sample with a NaN among its outputs counts as wrong; without NaN, `k` equal to the number of classes gives 1.
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
/// Panics if the numbers of samples and labels differ, which is only possible if `N` is `Dyn`.
pub fn top_k<T: Scalar, N: Dim, C: DimName>(y: &Batch<T, N, C>, labels: &Labels<N, C>, k: usize) -> f64 {
    assert_eq!(labels.len(), y.nrows(), "the numbers of labels and samples differ");
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
