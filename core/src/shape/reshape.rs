use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix, MatrixView};

use crate::scalar::Scalar;
use crate::shape::features::Shape;

/// The same samples in another shape of as many values: a view, in any strides.
///
/// Shapes of different sizes do not compile.
pub(crate) fn reshaped<G: Shape, T: Scalar, N: Dim, F: Shape, S: RawStorage<T, N, F>>(
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
        let batch = Batch::from_matrix(&samples);
        let (image, same) = (reshaped::<Image<Const<3>, Const<2>, Const<2>>, _, _, _, _>(&samples), &batch);
        assert_eq!(image.shape(), (2, 12));
        assert!(image.iter().eq(same.iter()));
        assert!(std::ptr::eq(&raw const image[(1, 5)], &raw const samples[(1, 5)]));
    }
}
