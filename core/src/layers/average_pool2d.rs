#[cfg(feature = "alloc")]
use alloc::vec;

use std::marker::PhantomData;

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
#[cfg(feature = "alloc")]
use crate::layers::windows::with_window;
use crate::layers::windows::{ByInput, Forward, Mean, axes, inside, reads_image};
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::parameters::{Parameters, embedded};
use crate::scalar::Scalar;
use crate::shape::{Image, Kernel, Slide, Square};

/// The mean of windows of `K x K` pixels, channel by channel; PyTorch's `AvgPool2d`.
///
/// ```text
/// forward    y[c, p]  = 1 / n(p) · sum over k of x[c, p · stride - padding + k · dilation]
/// backward   dx[c, q] = sum of dy[c, p] / n(p) over the windows p that read q
/// ```
///
/// ```text
/// x   (N x C x H x W)   ->   y   (N x C x H' x W')      H' = (H + 2 · padding - dilation · (K - 1) - 1) / stride + 1
/// ```
///
/// Pixels in the padding are zero. `n(p)` is the number of pixels of the window. With `COUNT_PADDING = false` it is the
/// number of those inside the image, PyTorch's `count_include_pad=False`:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::layers::AveragePool2d;
/// use typenet::nalgebra::Const;
/// use typenet::{Image, Infer, Square};
///
/// type Pixels = Image<Const<1>, Const<2>, Const<2>>;
/// let mut y = [0.0; 4];
/// let counted = AveragePool2d::<2, Square<2, 2, 1>>::default();
/// Infer::<f32, Pixels>::infer_into(&counted, &[4.0, 8.0, 12.0, 16.0], &mut y, &mut []);
/// assert_eq!(y, [1.0, 2.0, 3.0, 4.0]);
/// let skipped = AveragePool2d::<2, Square<2, 2, 1>, false>::default();
/// Infer::<f32, Pixels>::infer_into(&skipped, &[4.0, 8.0, 12.0, 16.0], &mut y, &mut []);
/// assert_eq!(y, [4.0, 8.0, 12.0, 16.0]);
/// ```
///
/// The padding is at most half of the window. By default the windows do not overlap: the stride is `K`. `P` has all
/// settings, as for [`Conv2d`](super::Conv2d).
#[doc(alias("AvgPool2d", "AveragePooling", "pooling"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AveragePool2d<const K: usize, P: Kernel = Square<K, K>, const COUNT_PADDING: bool = true>(PhantomData<P>);

embedded!([const K: usize, W: Kernel, const COUNT_PADDING: bool] AveragePool2d<K, W, COUNT_PADDING> = Self(PhantomData));

impl<const K: usize, P: Kernel, const COUNT_PADDING: bool, T: Scalar> Parameters<T>
    for AveragePool2d<K, P, COUNT_PADDING>
{
}

const fn sizes<const K: usize, P: Slide<H, W>, H: DimName, W: DimName>() -> [Axis; 2] {
    const {
        let [[rows, _, above, _], [columns, _, left, _]] = P::SETTINGS;
        assert!(P::SIZES[0] == K, "the window of an `AveragePool2d` has `K` rows");
        assert!(P::FITS, "the window of an `AveragePool2d` is larger than its image, or has a setting of 0");
        assert!(
            2 * above <= rows && 2 * left <= columns,
            "the padding of an `AveragePool2d` is more than half its window"
        );
        let [rows, columns] = axes::<P, H, W>();
        assert!(
            reads_image(&rows) && reads_image(&columns),
            "a window of an `AveragePool2d` has no pixel of the image"
        );
    }
    axes::<P, H, W>()
}

const fn mean<P: Kernel, const COUNT_PADDING: bool>() -> Mean {
    Mean { count: if COUNT_PADDING { Some(P::SETTINGS[0][0] * P::SETTINGS[1][0]) } else { None } }
}

impl<const K: usize, P, const COUNT_PADDING: bool, T, C, H, W> Infer<T, Image<C, H, W>>
    for AveragePool2d<K, P, COUNT_PADDING>
where
    P: Slide<H, W>,
    T: Scalar,
    C: DimName,
    H: DimName,
    W: DimName,
{
    type Out = Image<C, P::Rows, P::Columns>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        let (weights, axes) = const { (mean::<P, COUNT_PADDING>(), sizes::<K, P, H, W>()) };
        vectorized(Forward { weights, axes, samples: 1, first: 0, x, y });
    }
}

#[cfg(feature = "alloc")]
impl<const K: usize, P, const COUNT_PADDING: bool, T, C, H, W> Layer<T, Image<C, H, W>>
    for AveragePool2d<K, P, COUNT_PADDING>
where
    P: Slide<H, W>,
    T: Scalar,
    C: DimName,
    H: DimName,
    W: DimName,
{
    type Cache<N: Dim> = InputColumns<T>;

    fn forward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<C, H, W>, S>,
        y: &mut Batch<T, N, Self::Out>,
        cache: &mut InputColumns<T>,
        _: Mode,
    ) {
        let (weights, axes) = const { (mean::<P, COUNT_PADDING>(), sizes::<K, P, H, W>()) };
        let (samples, x, y) = (y.nrows(), cache.store(x), y.data.values_mut());
        run_parallel(Forward { weights, axes, samples, first: 0, x, y });
    }

    fn backward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        _: &Matrix<T, N, Image<C, H, W>, S>,
        _: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, Image<C, H, W>>>,
        _: &mut InputColumns<T>,
    ) {
        let Some(dx) = dx else { return };
        let (weights, axes) = const { (mean::<P, COUNT_PADDING>(), sizes::<K, P, H, W>()) };
        let (samples, dy, dx) = (dy.nrows(), dy.data.values(), dx.data.values_mut());
        run_parallel(ByInput { weights, axes, samples, first: 0, dy, dx });
    }

    fn operation(&self) -> Option<Operation> {
        let (Mean { count }, axes) = const { (mean::<P, COUNT_PADDING>(), sizes::<K, P, H, W>()) };
        let [rows, columns] = &axes;
        if (rows.dilation, columns.dilation) == (1, 1) {
            let pool = with_window::<P>(Operator::new("AveragePool", [Operand::Input]));
            return Some(pool.with("count_include_pad", usize::from(COUNT_PADDING)).into());
        }
        // `AveragePool` has no dilation, so a convolution adds the pixels.
        let mut operation = Operation::identity();
        let ones = operation
            .constant(&[C::DIM, 1, rows.kernel, columns.kernel], vec![1.0; C::DIM * rows.kernel * columns.kernel]);
        let sum = with_window::<P>(Operator::new("Conv", [Operand::Input, ones])).with("group", C::DIM);
        let sum = operation.push(sum);
        let taps = |axis: &Axis, window| {
            let (first, end, _) = inside(axis, window);
            end - first
        };
        let windows = (0..rows.output).flat_map(|row| (0..columns.output).map(move |column| (row, column)));
        let counts = windows.map(|(row, column)| count.unwrap_or(taps(rows, row) * taps(columns, column)) as f64);
        let counts = counts.collect();
        let counts = operation.constant(&[rows.output, columns.output], counts);
        operation.push(Operator::new("Div", [sum, counts]));
        Some(operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use crate::shape::Window;
    use nalgebra::Const;

    fn check<const K: usize, const H: usize, const W: usize, P: Slide<Const<H>, Const<W>>>() {
        type Pixels<const H: usize, const W: usize> = Image<Const<2>, Const<H>, Const<W>>;
        check_gradients::<Pixels<H, W>, _>(&AveragePool2d::<K, P>::default(), &AveragePool2d::default());
        check_gradients::<Pixels<H, W>, _>(&AveragePool2d::<K, P, false>::default(), &AveragePool2d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<2, 4, 6, Square<2, 2>>();
        check::<2, 5, 5, Square<2, 2>>();
        check::<3, 6, 5, Square<3, 2, 1>>();
        check::<2, 6, 7, Square<2, 1, 0, 2>>();
        check::<3, 7, 6, Window<3, 2, 2, 1, 1, 1, 2, 1>>();
    }
}
