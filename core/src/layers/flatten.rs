use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, DimName, Matrix};

use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::parameters::{Parameters, embedded};
use crate::scalar::Scalar;
use crate::shape::{Image, reshaped};

/// Reads an image as `F = C · H · W` features, in the order channel, row, column; PyTorch's `Flatten`.
///
/// ```text
/// forward    y  = x      (N x C x H x W)   ->   (N x F)
/// backward   dx = dy
/// ```
///
/// Another `F` does not compile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flatten<const F: usize>;

embedded!([const F: usize] Flatten<F> = Self);

impl<T: Scalar, const F: usize> Parameters<T> for Flatten<F> {}

impl<T: Scalar, C: DimName, H: DimName, W: DimName, const F: usize> Infer<T, Image<C, H, W>> for Flatten<F> {
    type Out = Const<F>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        const { assert!(C::DIM * H::DIM * W::DIM == F, "`Flatten<F>` follows an image of F values") }
        y.copy_from_slice(x);
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, C: DimName, H: DimName, W: DimName, const F: usize> Layer<T, Image<C, H, W>> for Flatten<F> {
    type Cache<N: Dim> = ();

    fn forward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<C, H, W>, S>,
        y: &mut Batch<T, N, Const<F>>,
        (): &mut (),
        _: Mode,
    ) {
        y.copy_from(&reshaped::<Const<F>, _, _, _, _>(x));
    }

    fn backward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        _: &Matrix<T, N, Image<C, H, W>, S>,
        _: &Batch<T, N, Const<F>>,
        dy: &Batch<T, N, Const<F>>,
        dx: Option<&mut Batch<T, N, Image<C, H, W>>>,
        (): &mut (),
    ) {
        let Some(dx) = dx else { return };
        dx.data.values_mut().copy_from_slice(dy.data.values());
    }

    fn operation(&self) -> Option<Operation> {
        Some(Operator::new("Flatten", [Operand::Input]).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients::<Image<Const<2>, Const<3>, Const<4>>, _>(&Flatten::<24>, &Flatten);
    }
}
