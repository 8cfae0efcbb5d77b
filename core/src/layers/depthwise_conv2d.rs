use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, DimName, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
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
use crate::layers::windows::{ByFilters, ByInput, Filters, Forward, axes};
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, Kind, Parameters, Part, PartMut, Place, zeros};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;
use crate::shape::{Image, Kernel, Slide, Square};

/// A convolution of each of `C` channels with its own filter of `K x K` pixels; PyTorch's `Conv2d` with `groups = C`.
///
/// ```text
/// forward    y[c, p]  = b[c] + sum over k of w[c, k] · x[c, p · stride - padding + k · dilation]
/// backward   dx[c, q] = sum over k of w[c, k] · dy[c, p],  where p · stride - padding + k · dilation = q
/// gradient   dw[c, k] = sum over samples and p of dy[c, p] · x[c, p · stride - padding + k · dilation]
///            db[c]    = sum over samples and p of dy[c, p]
/// ```
///
/// ```text
/// x   (N x C x H x W)   ->   y   (N x C x H' x W')      H' = (H + 2 · padding - dilation · (K - 1) - 1) / stride + 1
/// ```
///
/// The parameters are `weight` (`C x 1 x K x K`, as in PyTorch) and `bias` (`C`). `P`, `BIAS` and the defaults are those
/// of [`Conv2d`](super::Conv2d), with a fan-in of `K²`. A `Conv2d` of `1 x 1` pixels after it mixes the channels. Source:
/// Howard and others, "`MobileNets`: Efficient Convolutional Neural Networks for Mobile Vision Applications" (2017).
#[doc(alias("DepthwiseConvolution", "groups"))]
#[derive(Clone, Debug, PartialEq)]
pub struct DepthwiseConv2d<
    const C: usize,
    const K: usize,
    T: Scalar = f32,
    P: Kernel = Square<K>,
    const BIAS: bool = true,
> {
    /// The weights: a column for each channel, in the order row, column.
    #[allow(clippy::type_complexity)] // the layer's shape
    pub weight: Batch<T, Image<Const<1>, P::Height, P::Width>, Const<C>>,
    /// The bias of each channel; zero and no parameter if `BIAS` is false.
    pub bias: Batch<T, Const<1>, Const<C>>,
}

#[cfg(feature = "alloc")]
impl<const C: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool> Default
    for DepthwiseConv2d<C, K, T, P, BIAS>
{
    fn default() -> Self {
        Self { weight: Batch::zeros(Image::name(), Const), bias: Batch::zeros(Const, Const) }
    }
}

impl<const C: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool> Parameters<T>
    for DepthwiseConv2d<C, K, T, P, BIAS>
{
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        let shape = const { &[C, 1, P::Height::DIM, P::Width::DIM] };
        match index {
            0 => Some(Part::shaped("weight", Kind::Weight, shape, self.weight.data.values())),
            1 if BIAS => Some(Part::bias("bias", &self.bias)),
            _ => None,
        }
    }

    #[cfg(feature = "alloc")]
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::parameter(&mut *self.weight)),
            1 if BIAS => Some(PartMut::parameter(&mut *self.bias)),
            _ => None,
        }
    }

    #[cfg(feature = "alloc")]
    fn initialize(&mut self, initializer: &dyn Initializer, rng: &mut dyn Rng) {
        let window = P::Height::DIM * P::Width::DIM;
        self.weight.data.values_mut().fill_with(|| T::of(initializer.draw(window, window, rng)));
        self.bias.fill(T::zero());
    }
}

/// The sizes of a window, if it fits.
const fn sizes<const K: usize, P: Slide<H, W>, H: DimName, W: DimName>() -> [Axis; 2] {
    const {
        assert!(P::SETTINGS[0][0] == K, "the window of a `DepthwiseConv2d` has `K` rows");
        assert!(P::FITS, "the window of a `DepthwiseConv2d` is larger than its image, or has a setting of 0");
    }
    axes::<P, H, W>()
}

impl<const C: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool> DepthwiseConv2d<C, K, T, P, BIAS> {
    fn filters(&self) -> Filters<'_, T> {
        let taps = const { P::Height::DIM * P::Width::DIM };
        Filters { taps, weight: self.weight.as_ref(), bias: self.bias.as_ref() }
    }
}

impl<const C: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool> Embed<T>
    for DepthwiseConv2d<C, K, T, P, BIAS>
{
    const PARTS: &'static [Declared] = {
        let weight = Declared::parameter("weight", &[C, 1, P::Height::DIM, P::Width::DIM]);
        if BIAS { &[weight, Declared::parameter("bias", &[1, C])] } else { &[weight] }
    };
}

impl<const C: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool, Q: Place> EmbedAt<T, Q>
    for DepthwiseConv2d<C, K, T, P, BIAS>
{
    const EMBEDDED: Self = {
        let bias = if BIAS { At::<Q>::matrix("bias") } else { zeros() };
        Self { weight: At::<Q>::matrix("weight"), bias }
    };
}

impl<const C: usize, const K: usize, T, P, const BIAS: bool, H, W> Infer<T, Image<Const<C>, H, W>>
    for DepthwiseConv2d<C, K, T, P, BIAS>
where
    T: Scalar,
    P: Slide<H, W>,
    H: DimName,
    W: DimName,
{
    type Out = Image<Const<C>, P::Rows, P::Columns>;
    const MULTIPLY_ADDS: usize = C * P::Rows::DIM * P::Columns::DIM * P::Height::DIM * P::Width::DIM;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        let axes = const { sizes::<K, P, H, W>() };
        vectorized(Forward { weights: self.filters(), axes, samples: 1, first: 0, x, y });
    }
}

#[cfg(feature = "alloc")]
impl<const C: usize, const K: usize, T, P, const BIAS: bool, H, W> Layer<T, Image<Const<C>, H, W>>
    for DepthwiseConv2d<C, K, T, P, BIAS>
where
    T: Scalar,
    P: Slide<H, W>,
    H: DimName,
    W: DimName,
{
    type Cache<N: Dim> = InputColumns<T>;

    fn forward<N: Dim, St: RawStorage<T, N, Image<Const<C>, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<Const<C>, H, W>, St>,
        y: &mut Batch<T, N, Self::Out>,
        cache: &mut InputColumns<T>,
        _: Mode,
    ) {
        let axes = const { sizes::<K, P, H, W>() };
        let (samples, x, y) = (y.nrows(), cache.store(x), y.data.values_mut());
        run_parallel(Forward { weights: self.filters(), axes, samples, first: 0, x, y });
    }

    fn backward<N: Dim, St: RawStorage<T, N, Image<Const<C>, H, W>>>(
        &self,
        _: &Matrix<T, N, Image<Const<C>, H, W>, St>,
        _: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, Image<Const<C>, H, W>>>,
        _: &mut InputColumns<T>,
    ) {
        let Some(dx) = dx else { return };
        let axes = const { sizes::<K, P, H, W>() };
        let (samples, dy, dx) = (dy.nrows(), dy.data.values(), dx.data.values_mut());
        run_parallel(ByInput { weights: self.filters(), axes, samples, first: 0, dy, dx });
    }

    fn add_gradient<N: Dim, St: RawStorage<T, N, Image<Const<C>, H, W>>>(
        x: &Matrix<T, N, Image<Const<C>, H, W>, St>,
        dy: &Batch<T, N, Self::Out>,
        cache: &InputColumns<T>,
        scale: T,
        target: &mut Self,
    ) {
        let axes = const { sizes::<K, P, H, W>() };
        let (samples, x, dy) = (dy.nrows(), cache.stored(x), dy.data.values());
        let weight = target.weight.data.values_mut();
        let bias = if BIAS { target.bias.data.values_mut() } else { &mut [] };
        run_parallel(ByFilters { axes, samples, x, dy, scale, weight, bias });
    }

    fn operation(&self) -> Option<Operation> {
        let operands = [Operand::Input, Operand::Reshaped("weight", const { &[C, 1, P::Height::DIM, P::Width::DIM] })];
        let operands = operands.into_iter().chain(BIAS.then_some(Operand::Parameter("bias")));
        Some(with_window::<P>(Operator::new("Conv", operands)).with("group", C).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::Normal;
    use crate::layers::layer::tests::check_gradients;
    use crate::shape::Window;
    use rand::{SeedableRng, rngs::StdRng};

    fn check<const K: usize, const H: usize, const W: usize, P: Slide<Const<H>, Const<W>>, const BIAS: bool>() {
        let mut layer = DepthwiseConv2d::<3, K, f64, P, BIAS>::default();
        layer.initialize(&Normal { std: 0.5 }, &mut StdRng::seed_from_u64(3));
        if BIAS {
            layer.bias.fill(0.25);
        }
        check_gradients::<Image<Const<3>, Const<H>, Const<W>>, _>(&layer, &DepthwiseConv2d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1, 1, Square<1>, true>();
        check::<3, 5, 4, Square<3>, false>();
        check::<3, 4, 4, Square<3, 1, 1>, true>();
        check::<2, 6, 7, Square<2, 2, 0, 3>, true>();
        check::<3, 4, 6, Window<3, 2, 2, 3, 1, 0, 1, 2>, true>();
        check::<1, 2, 2, Square<1, 1, 2>, true>(); // windows that read only padding
    }
}
