use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

use crate::kernels::convolution::Axis;
use crate::kernels::{run_parallel, vectorized};
#[cfg(feature = "alloc")]
use crate::layers::input_columns::InputColumns;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::layers::windows::{ByInput, Forward, Mean};
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::parameters::{Parameters, embedded};
use crate::scalar::Scalar;
use crate::shape::{Image, Shape};

/// The mean of each channel; PyTorch's `AdaptiveAvgPool2d(1)` and `Flatten`.
///
/// ```text
/// forward    y[c]     = 1 / (H · W) · sum over q of x[c, q]      (N x C x H x W)   ->   (N x C)
/// backward   dx[c, q] = dy[c] / (H · W)
/// ```
#[doc(alias("GlobalAveragePooling", "AdaptiveAvgPool2d", "GlobalAvgPool"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GlobalAveragePool;

embedded!([] GlobalAveragePool = Self);

impl<T: Scalar> Parameters<T> for GlobalAveragePool {}

/// One window: the whole image.
const fn whole<H: DimName, W: DimName>() -> (Mean, [Axis; 2]) {
    const { assert!(H::DIM * W::DIM > 0, "the image of a `GlobalAveragePool` has no pixels") }
    (Mean { count: Some(H::DIM * W::DIM) }, [axis(H::DIM), axis(W::DIM)])
}

const fn axis(side: usize) -> Axis {
    Axis { input: side, output: 1, kernel: side, stride: 1, padding: 0, dilation: 1 }
}

impl<T: Scalar, C: Shape, H: DimName, W: DimName> Infer<T, Image<C, H, W>> for GlobalAveragePool {
    type Out = C;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        let (weights, axes) = whole::<H, W>();
        vectorized(Forward { weights, axes, samples: 1, first: 0, x, y });
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, C: Shape, H: DimName, W: DimName> Layer<T, Image<C, H, W>> for GlobalAveragePool {
    type Cache<N: Dim> = InputColumns<T>;

    fn forward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<C, H, W>, S>,
        y: &mut Batch<T, N, C>,
        cache: &mut InputColumns<T>,
        _: Mode,
    ) {
        let (weights, axes) = whole::<H, W>();
        let (samples, x, y) = (y.nrows(), cache.store(x), y.data.values_mut());
        run_parallel(Forward { weights, axes, samples, first: 0, x, y });
    }

    fn backward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        _: &Matrix<T, N, Image<C, H, W>, S>,
        _: &Batch<T, N, C>,
        dy: &Batch<T, N, C>,
        dx: Option<&mut Batch<T, N, Image<C, H, W>>>,
        _: &mut InputColumns<T>,
    ) {
        let Some(dx) = dx else { return };
        let (weights, axes) = whole::<H, W>();
        let (samples, dy, dx) = (dy.nrows(), dy.data.values(), dx.data.values_mut());
        run_parallel(ByInput { weights, axes, samples, first: 0, dy, dx });
    }

    fn operation(&self) -> Option<Operation> {
        let mut operation = Operation::identity();
        let mean = operation.push(Operator::new("GlobalAveragePool", [Operand::Input]));
        operation.push(Operator::new("Flatten", [mean]));
        Some(operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use nalgebra::Const;

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients::<Image<Const<3>, Const<4>, Const<5>>, _>(&GlobalAveragePool, &GlobalAveragePool);
        check_gradients::<Image<Const<1>, Const<1>, Const<1>>, _>(&GlobalAveragePool, &GlobalAveragePool);
    }
}
