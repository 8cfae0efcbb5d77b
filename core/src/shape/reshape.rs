use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix, MatrixView};

use crate::scalar::Scalar;
use crate::shape::features::Shape;

/// The same samples in another shape of as many values, without a copy: features as images, or images as features.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::{Const, Dyn};
/// use typenet::{Image, Samples, reshaped};
///
/// let samples = Samples::from_rows(&[[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]);
/// let images = reshaped::<Image<Const<1>, Const<2>, Const<3>>, _, _, _, _>(&samples);
/// assert_eq!(images[(0, 4)], 5.0); // channel 0, row 1, column 1
/// ```
///
/// Shapes of different sizes do not compile.
pub fn reshaped<G: Shape, T: Scalar, N: Dim, F: Shape, S: RawStorage<T, N, F>>(
    x: &Matrix<T, N, F, S>,
) -> MatrixView<'_, T, N, G, S::RStride, S::CStride> {
    const { assert!(F::DIM == G::DIM, "the shapes have different numbers of values") }
    x.generic_view((0, 0), (x.shape_generic().0, G::name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Batch, Samples};
    use crate::shape::Image;
    use nalgebra::{Const, Dyn};

    #[test]
    fn images_are_views_of_features() {
        let values: Vec<f32> = (0..24_u8).map(f32::from).collect();
        let samples: Samples<f32, Dyn, Const<12>> = Samples::from_slice(Dyn(2), &values).unwrap();
        let batch: Batch<f32, _, _> = Batch::from_matrix(&samples);
        let (image, same) = (reshaped::<Image<Const<3>, Const<2>, Const<2>>, _, _, _, _>(&samples), &batch);
        assert_eq!(image.shape(), (2, 12));
        assert!(image.iter().eq(same.iter()));
        assert!(std::ptr::eq(&raw const image[(1, 5)], &raw const samples[(1, 5)]));
    }
}
