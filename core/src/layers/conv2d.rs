use std::ops::Range;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, DimName, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
use crate::kernels::convolution::{self, Geometry};
#[cfg(feature = "alloc")]
use crate::kernels::convolution::{Gradient, by_input, by_weights};
#[cfg(feature = "alloc")]
use crate::layers::input_columns::InputColumns;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
#[cfg(feature = "alloc")]
use crate::layers::windows::with_window;
use crate::layers::windows::{axes, weight_shape};
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, Kind, Parameters, Part, PartMut, Place, zeros};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;
use crate::shape::{Image, Kernel, Slide, Square};

/// A convolution of images of `IN` channels with `OUT` filters of `K x K` pixels; PyTorch's `Conv2d`.
///
/// ```text
/// forward    y[o, p]  = b[o] + sum over i, k of w[o, i, k] · x[i, p · stride - padding + k · dilation]
/// backward   dx[i, q] = sum over o, k of w[o, i, k] · dy[o, p],  where p · stride - padding + k · dilation = q
/// gradient   dw[o, i, k] = sum over samples and p of dy[o, p] · x[i, p · stride - padding + k · dilation]
///            db[o]       = sum over samples and p of dy[o, p]
/// ```
///
/// `i` is a channel, `o` a filter, `p`, `q` and `k` are pixels: a row and a column. Pixels in the padding are zero.
///
/// ```text
/// x   (N x IN x H x W)   ->   y   (N x OUT x H' x W')      H' = (H + 2 · padding - dilation · (K - 1) - 1) / stride + 1
/// ```
///
/// The parameters are `weight` (`OUT x IN x K x K`, as in PyTorch) and `bias` (`OUT`). Both are zero by default;
/// [`Network::random`](crate::Network::random) draws the weight, with a fan-in of `IN · K²`.
///
/// In `f32`, batches through windows of `3 x 3` or `5 x 5` with a stride and a dilation of 1 are computed with fewer
/// multiplications, if there are at least 8 channels and 8 filters: Winograd's minimal filtering. The results then
/// differ by about 2e-6 of the largest value from the sums above.
///
/// With groups, each filter reads only `DEPTH` channels: the first `OUT / groups` filters the first `DEPTH`, and so on. The
/// weight is then `OUT x DEPTH x K x K`, with a fan-in of `DEPTH · K²`. [`network!`](../../typenet/macro.network.html)
/// writes `Conv2d<16, 32, 3>(groups = 4)`; a type names the depth, because stable Rust cannot compute it from the groups.
/// Source: Krizhevsky and others, "`ImageNet` Classification with Deep Convolutional Neural Networks" (2012).
///
/// `P` has all settings of the window: [`Square<K, STRIDE, PAD, DILATION>`](crate::Square), or a
/// [`Window`](crate::Window) for different ones in both directions, where `K` is the number of rows. With `BIAS =
/// false` there is no bias.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::layers::Conv2d;
/// use typenet::nalgebra::{Const, DimName};
/// use typenet::{Image, Infer, Square};
///
/// type Digit = Image<Const<1>, Const<28>, Const<28>>;
/// type Plain = <Conv2d<1, 16, 5> as Infer<f32, Digit>>::Out;
/// assert_eq!(Plain::DIM, 16 * 24 * 24);
/// type Strided = <Conv2d<1, 16, 5, f32, Square<5, 2, 1>> as Infer<f32, Digit>>::Out;
/// assert_eq!(Strided::DIM, 16 * 13 * 13);
/// type Grouped = Conv2d<16, 32, 3, f32, Square<3>, true, 4>; // 4 groups of 4 channels
/// assert_eq!(Grouped::default().weight.shape(), (4 * 9, 32));
/// ```
#[doc(alias("Convolution", "Convolution2d", "Conv", "groups", "GroupConvolution"))]
#[derive(Clone, Debug, PartialEq)]
pub struct Conv2d<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    T: Scalar = f32,
    P: Kernel = Square<K>,
    const BIAS: bool = true,
    const DEPTH: usize = IN,
> {
    /// The weights: a column for each filter, in the order channel, row, column.
    #[allow(clippy::type_complexity)] // the layer's shape
    pub weight: Batch<T, Image<Const<DEPTH>, P::Height, P::Width>, Const<OUT>>,
    /// The bias of each filter; zero and no parameter if `BIAS` is false.
    pub bias: Batch<T, Const<1>, Const<OUT>>,
}

#[cfg(feature = "alloc")]
impl<const IN: usize, const OUT: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool, const DEPTH: usize>
    Default for Conv2d<IN, OUT, K, T, P, BIAS, DEPTH>
{
    fn default() -> Self {
        Self { weight: Batch::zeros(Image::name(), Const), bias: Batch::zeros(Const, Const) }
    }
}

impl<const IN: usize, const OUT: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool, const DEPTH: usize>
    Parameters<T> for Conv2d<IN, OUT, K, T, P, BIAS, DEPTH>
{
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        let shape =
            const { weight_shape::<P>(&[OUT, DEPTH, P::Height::DIM, P::Width::DIM], &[OUT, DEPTH, P::Width::DIM]) };
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
        let (window, groups) = (P::Height::DIM * P::Width::DIM, const { groups(IN, OUT, DEPTH) });
        let draw = || T::of(initializer.draw(DEPTH * window, OUT / groups * window, rng));
        self.weight.data.values_mut().fill_with(draw);
        self.bias.fill(T::zero());
    }
}

/// The number of groups.
const fn groups(channels: usize, filters: usize, depth: usize) -> usize {
    assert!(depth > 0 && channels.is_multiple_of(depth), "the channels are not a multiple of the depth");
    let groups = channels / depth;
    assert!(filters.is_multiple_of(groups), "the filters are not a multiple of the number of groups");
    groups
}

/// The convolution of one group.
#[derive(Clone, Copy)]
struct Group {
    sizes: Geometry,
    groups: usize,
}

impl Group {
    /// The sizes of all groups. A window that does not fit does not compile.
    const fn new<
        const IN: usize,
        const OUT: usize,
        const K: usize,
        const DEPTH: usize,
        P: Slide<H, W>,
        H: DimName,
        W: DimName,
    >() -> Self {
        const {
            assert!(P::SIZES[0] == K, "the window of a `Conv2d` has `K` rows");
            assert!(P::FITS, "the window of a `Conv2d` is larger than its image, or has a setting of 0");
        }
        let groups = const { groups(IN, OUT, DEPTH) };
        Self { sizes: Geometry { channels: DEPTH, filters: OUT / groups, axes: axes::<P, H, W>() }, groups }
    }

    /// The places of each group: in the input, the output, the weight and the bias.
    fn places(self, samples: usize) -> impl Iterator<Item = [Range<usize>; 4]> {
        let Geometry { channels, filters, .. } = self.sizes;
        let lengths = [
            channels * self.sizes.inputs() * samples,
            filters * self.sizes.outputs() * samples,
            filters * self.sizes.taps(),
            filters,
        ];
        (0..self.groups).map(move |group| lengths.map(|length| group * length..(group + 1) * length))
    }
}

impl<const IN: usize, const OUT: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool, const DEPTH: usize>
    Embed<T> for Conv2d<IN, OUT, K, T, P, BIAS, DEPTH>
{
    const PARTS: &'static [Declared] = {
        let weight = Declared::parameter(
            "weight",
            weight_shape::<P>(&[OUT, DEPTH, P::Height::DIM, P::Width::DIM], &[OUT, DEPTH, P::Width::DIM]),
        );
        if BIAS { &[weight, Declared::parameter("bias", &[1, OUT])] } else { &[weight] }
    };
}

impl<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    T: Scalar,
    P: Kernel,
    const BIAS: bool,
    const DEPTH: usize,
    Q: Place,
> EmbedAt<T, Q> for Conv2d<IN, OUT, K, T, P, BIAS, DEPTH>
{
    const EMBEDDED: Self = {
        let bias = if BIAS { At::<Q>::matrix("bias") } else { zeros() };
        Self { weight: At::<Q>::matrix("weight"), bias }
    };
}

impl<const IN: usize, const OUT: usize, const K: usize, T, P, const BIAS: bool, const DEPTH: usize, H, W>
    Infer<T, Image<Const<IN>, H, W>> for Conv2d<IN, OUT, K, T, P, BIAS, DEPTH>
where
    T: Scalar,
    P: Slide<H, W>,
    H: DimName,
    W: DimName,
{
    type Out = Image<Const<OUT>, P::Rows, P::Columns>;

    const SCRATCH: usize = convolution::scratch_of_single_image(&Group::new::<IN, OUT, K, DEPTH, P, H, W>().sizes);
    const MULTIPLY_ADDS: usize = {
        let Group { sizes, groups } = Group::new::<IN, OUT, K, DEPTH, P, H, W>();
        sizes.multiplications() * groups
    };

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let group = const { Group::new::<IN, OUT, K, DEPTH, P, H, W>() };
        let (weight, bias) = (self.weight.as_ref(), self.bias.as_ref());
        for [from, to, filters, biases] in group.places(1) {
            convolution::single_image(&group.sizes, &x[from], &weight[filters], &bias[biases], &mut y[to], scratch);
        }
    }
}

#[cfg(feature = "alloc")]
impl<const IN: usize, const OUT: usize, const K: usize, T, P, const BIAS: bool, const DEPTH: usize, H, W>
    Layer<T, Image<Const<IN>, H, W>> for Conv2d<IN, OUT, K, T, P, BIAS, DEPTH>
where
    T: Scalar,
    P: Slide<H, W>,
    H: DimName,
    W: DimName,
{
    type Cache<N: Dim> = InputColumns<T>;

    fn forward<N: Dim, St: RawStorage<T, N, Image<Const<IN>, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<Const<IN>, H, W>, St>,
        y: &mut Batch<T, N, Self::Out>,
        cache: &mut InputColumns<T>,
        _: Mode,
    ) {
        let group = const { Group::new::<IN, OUT, K, DEPTH, P, H, W>() };
        let (samples, x, y) = (y.nrows(), cache.store(x), y.data.values_mut());
        let (weight, bias) = (self.weight.data.values(), self.bias.data.values());
        for [from, to, filters, biases] in group.places(samples) {
            convolution::forward(&group.sizes, samples, &x[from], &weight[filters], &bias[biases], &mut y[to]);
        }
    }

    fn backward<N: Dim, St: RawStorage<T, N, Image<Const<IN>, H, W>>>(
        &self,
        _: &Matrix<T, N, Image<Const<IN>, H, W>, St>,
        _: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, Image<Const<IN>, H, W>>>,
        _: &mut InputColumns<T>,
    ) {
        let Some(dx) = dx else { return };
        let group = const { Group::new::<IN, OUT, K, DEPTH, P, H, W>() };
        let (samples, dy, dx, weight) = (dy.nrows(), dy.data.values(), dx.data.values_mut(), self.weight.data.values());
        for [to, from, filters, _] in group.places(samples) {
            by_input(&group.sizes, samples, &dy[from], &weight[filters], &mut dx[to]);
        }
    }

    fn add_gradient<N: Dim, St: RawStorage<T, N, Image<Const<IN>, H, W>>>(
        x: &Matrix<T, N, Image<Const<IN>, H, W>, St>,
        dy: &Batch<T, N, Self::Out>,
        cache: &InputColumns<T>,
        scale: T,
        target: &mut Self,
    ) {
        let group = const { Group::new::<IN, OUT, K, DEPTH, P, H, W>() };
        let (samples, x, dy) = (dy.nrows(), cache.stored(x), dy.data.values());
        let (weight, bias) = (target.weight.data.values_mut(), target.bias.data.values_mut());
        for [input, output, filters, biases] in group.places(samples) {
            let bias = if BIAS { &mut bias[biases] } else { &mut [] };
            let gradient = Gradient { scale, weight: &mut weight[filters], bias };
            by_weights(&group.sizes, samples, &x[input], &dy[output], gradient);
        }
    }

    fn operation(&self) -> Option<Operation> {
        let operands =
            [Operand::Input, Operand::Reshaped("weight", const { &[OUT, DEPTH, P::Height::DIM, P::Width::DIM] })];
        let operands = operands.into_iter().chain(BIAS.then_some(Operand::Parameter("bias")));
        Some(with_window::<P>(Operator::new("Conv", operands)).with("group", IN / DEPTH).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::{He, Normal};
    use crate::layers::layer::{Cache, tests::check_gradients};
    use crate::matrix::Samples;
    use crate::parameters::{Path, parameters};
    use crate::shape::{Line, Window};
    use nalgebra::Dyn;
    use rand::{SeedableRng, rngs::StdRng};

    type Pixels<const C: usize, const H: usize, const W: usize> = Image<Const<C>, Const<H>, Const<W>>;

    fn check<
        const IN: usize,
        const OUT: usize,
        const K: usize,
        const H: usize,
        const W: usize,
        P: Slide<Const<H>, Const<W>>,
        const BIAS: bool,
        const DEPTH: usize,
    >() {
        let mut layer = Conv2d::<IN, OUT, K, f64, P, BIAS, DEPTH>::default();
        layer.initialize(&Normal { std: 0.5 }, &mut StdRng::seed_from_u64(3));
        if BIAS {
            layer.bias.iter_mut().zip(1..).for_each(|(bias, index)| *bias = 0.25 * f64::from(index));
        }
        check_gradients::<Pixels<IN, H, W>, _>(&layer, &Conv2d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1, 1, 1, 1, Square<1>, true, 1>();
        check::<2, 3, 3, 5, 4, Square<3>, true, 2>();
        check::<2, 3, 3, 5, 4, Square<3>, false, 2>();
        check::<3, 2, 3, 4, 4, Square<3, 1, 1>, true, 3>();
        check::<1, 7, 3, 6, 5, Square<3, 2, 1>, true, 1>();
        check::<2, 2, 2, 6, 7, Square<2, 2, 0, 3>, true, 2>();
        check::<2, 2, 3, 4, 6, Window<3, 2, 2, 3, 1, 0, 1, 2>, true, 2>();
        // In groups.
        check::<4, 6, 3, 5, 4, Square<3>, true, 2>();
        check::<4, 4, 3, 4, 4, Square<3, 1, 1>, false, 1>();
        check::<6, 3, 2, 6, 7, Square<2, 2, 0, 3>, true, 2>();
        check::<4, 2, 3, 4, 6, Window<3, 2, 2, 3, 1, 0, 1, 2>, true, 2>();
        check::<4, 8, 3, 1, 9, Line<3, 2, 1>, true, 2>();
    }

    /// The input as a view of rows gives the same bits as a column-major one.
    #[test]
    fn inputs_may_have_any_order() {
        let mut layer = Conv2d::<2, 3, 2>::default();
        layer.initialize(&He, &mut StdRng::seed_from_u64(3));
        for samples in [1, 5, 16, 33] {
            let mut value = 0.0;
            let x = Batch::<f32, Dyn, Pixels<2, 3, 4>>::from_fn(Dyn(samples), Image::name(), |_, _| {
                value += 0.37;
                f32::sin(value)
            });
            let rows = Samples::from_matrix(&*x);
            let run = |x: &Matrix<f32, Dyn, Pixels<2, 3, 4>, _>| -> (Batch<f32, _, _>, Conv2d<2, 3, 2>) {
                let (mut y, mut cache) = (Batch::zeros(Dyn(samples), Image::name()), Cache::<Dyn>::new(Dyn(samples)));
                layer.forward(x, &mut y, &mut cache, Mode::Infer);
                let mut gradient = Conv2d::default();
                Conv2d::add_gradient(x, &y, &cache, 1.0, &mut gradient);
                (y, gradient)
            };
            let wanted = run(&x);
            let (mut y, mut cache) = (Batch::zeros(Dyn(samples), Image::name()), Cache::<Dyn>::new(Dyn(samples)));
            layer.forward(&rows, &mut y, &mut cache, Mode::Infer);
            let mut gradient = Conv2d::default();
            Conv2d::add_gradient(&rows, &y, &cache, 1.0, &mut gradient);
            assert_eq!((y, gradient), wanted);
        }
    }

    fn check_weight<const DEPTH: usize>() {
        let mut layer = Conv2d::<8, 100, 3, f64, Window<3, 2>, true, DEPTH>::default();
        layer.initialize(&He, &mut StdRng::seed_from_u64(3));
        let weight = parameters(&layer, Path::root("conv")).into_iter().next().unwrap();
        assert_eq!((weight.name.as_str(), weight.shape), ("conv.weight", &[100, DEPTH, 3, 2][..]));
        let variance = weight.values.iter().map(|value| value * value).sum::<f64>() / weight.values.len() as f64;
        let wanted = 2.0 / (DEPTH as f64 * 6.0);
        let tolerance = if DEPTH == 8 { 0.05 } else { 0.08 };
        assert!((variance - wanted).abs() < tolerance * wanted, "{variance}, not {wanted}");
    }

    #[test]
    fn weights_have_pytorchs_order_and_fan_in() {
        check_weight::<8>();
        check_weight::<4>();
    }
}
