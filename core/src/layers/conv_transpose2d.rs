#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, DimName, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
use crate::kernels::convolution::{self, Axis, Geometry, by_input};
#[cfg(feature = "alloc")]
use crate::kernels::convolution::{Gradient, by_weights};
use crate::layers::columns::{Column, each_column};
#[cfg(feature = "alloc")]
use crate::layers::input_columns::InputColumns;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::layers::sums::sum;
#[cfg(feature = "alloc")]
use crate::layers::windows::with_window;
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, Kind, Parameters, Part, PartMut, Place, zeros};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;
use crate::shape::{Image, Kernel, Spread, Square};

/// A transposed convolution, which makes images larger; PyTorch's `ConvTranspose2d`.
///
/// Each pixel of `IN` channels is spread over a window of `K x K` pixels of `OUT` channels. Its forward pass is the
/// backward pass of a [`Conv2d`](super::Conv2d) by its input, and the other way round:
///
/// ```text
/// forward    y[o, q]  = b[o] + sum over i, k of w[i, o, k] · x[i, p],  where p · stride - padding + k · dilation = q
/// backward   dx[i, p] = sum over o, k of w[i, o, k] · dy[o, p · stride - padding + k · dilation]
/// gradient   dw[i, o, k] = sum over samples and p of x[i, p] · dy[o, p · stride - padding + k · dilation]
///            db[o]       = sum over samples and q of dy[o, q]
/// ```
///
/// ```text
/// x   (N x IN x H x W)   ->   y   (N x OUT x H' x W')
/// H' = (H - 1) · stride - 2 · padding + dilation · (K - 1) + 1 + EH
/// ```
///
/// The parameters are `weight` (`IN x OUT x K x K`, as in PyTorch) and `bias` (`OUT`). Both are zero by default;
/// [`Network::random`](crate::Network::random) draws the weight. Its fan-in is the number of values that an output sums:
/// `IN · (K / stride)²`, where `K / stride` is rounded up. `P` and `BIAS` are as for `Conv2d`. `EH` and `EW` are PyTorch's `output_padding`: rows and columns that are added at the end, fewer than the
/// stride. They select one of the sizes of which a convolution makes the same image. Source: Zeiler and others,
/// "Deconvolutional Networks" (2010).
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::layers::ConvTranspose2d;
/// use typenet::nalgebra::{Const, DimName};
/// use typenet::{Image, Infer, Square};
///
/// type Small = Image<Const<8>, Const<7>, Const<7>>;
/// type Doubled = <ConvTranspose2d<8, 4, 2, f32, Square<2, 2>> as Infer<f32, Small>>::Out;
/// assert_eq!(Doubled::DIM, 4 * 14 * 14);
/// type Same = <ConvTranspose2d<8, 4, 3, f32, Square<3, 2, 1>, true, 1, 1> as Infer<f32, Small>>::Out;
/// assert_eq!(Same::DIM, 4 * 14 * 14);
/// ```
#[doc(alias("Deconvolution", "Conv2dTranspose", "ConvolutionTranspose"))]
#[derive(Clone, Debug, PartialEq)]
pub struct ConvTranspose2d<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    T: Scalar = f32,
    P: Kernel = Square<K>,
    const BIAS: bool = true,
    const EH: usize = 0,
    const EW: usize = 0,
> {
    /// The weights: a column for each channel of the input, in the order channel of the output, row, column.
    #[allow(clippy::type_complexity)] // the layer's shape
    pub weight: Batch<T, Image<Const<OUT>, P::Height, P::Width>, Const<IN>>,
    /// The bias of each channel of the output; zero and no parameter if `BIAS` is false.
    pub bias: Batch<T, Const<1>, Const<OUT>>,
}

#[cfg(feature = "alloc")]
impl<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    T: Scalar,
    P: Kernel,
    const BIAS: bool,
    const EH: usize,
    const EW: usize,
> Default for ConvTranspose2d<IN, OUT, K, T, P, BIAS, EH, EW>
{
    fn default() -> Self {
        Self { weight: Batch::zeros(Image::name(), Const), bias: Batch::zeros(Const, Const) }
    }
}

impl<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    T: Scalar,
    P: Kernel,
    const BIAS: bool,
    const EH: usize,
    const EW: usize,
> Parameters<T> for ConvTranspose2d<IN, OUT, K, T, P, BIAS, EH, EW>
{
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        let shape = const { &[IN, OUT, P::Height::DIM, P::Width::DIM] };
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
        let [[rows, down, ..], [columns, right, ..]] = P::SETTINGS;
        let inputs = IN * rows.div_ceil(down) * columns.div_ceil(right);
        let draw = || T::of(initializer.draw(inputs, OUT * rows * columns, rng));
        self.weight.data.values_mut().fill_with(draw);
        self.bias.fill(T::zero());
    }
}

/// The sizes of the convolution whose backward pass this layer runs. A window that does not fit does not compile.
const fn geometry<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    P: Spread<H, W, EH, EW>,
    H: DimName,
    W: DimName,
    const EH: usize,
    const EW: usize,
>() -> Geometry {
    const {
        assert!(P::SIZES[0] == K, "the window of a `ConvTranspose2d` has `K` rows");
        assert!(P::FITS, "the settings of a `ConvTranspose2d` leave no pixels, or one of them is wrong");
    }
    let [[rows, down, above, apart], [columns, right, left, aside]] = P::SETTINGS;
    let axes = [
        Axis { input: P::Rows::DIM, output: H::DIM, kernel: rows, stride: down, padding: above, dilation: apart },
        Axis { input: P::Columns::DIM, output: W::DIM, kernel: columns, stride: right, padding: left, dilation: aside },
    ];
    Geometry { channels: OUT, filters: IN, axes }
}

/// Adds its bias to each value of a channel.
#[derive(Clone, Copy)]
struct AddBias<'a, T>(&'a [T]);

impl<T: Scalar> Column<T, (), 1, 0> for AddBias<'_, T> {
    #[inline(always)]
    fn run(self, channel: usize, (): &mut (), [y]: [&mut [T]; 1], []: [&[T]; 0]) {
        let bias = self.0[channel];
        for y in y {
            *y += bias;
        }
    }
}

/// Adds `scale` times the sum of a channel's derivatives to the derivative of its bias.
#[derive(Clone, Copy)]
struct AddSum<T>(T);

impl<T: Scalar> Column<T, T, 0, 1> for AddSum<T> {
    #[inline(always)]
    fn run(self, _: usize, bias: &mut T, []: [&mut [T]; 0], [dy]: [&[T]; 1]) {
        *bias += self.0 * T::of(sum(dy));
    }
}

/// Computes the output of some samples.
fn spread<const OUT: usize, T: Scalar>(
    sizes: &Geometry,
    samples: usize,
    x: &[T],
    weight: &[T],
    bias: &[T],
    y: &mut [T],
) {
    by_input(sizes, samples, x, weight, y);
    each_column(AddBias(bias), sizes.inputs() * samples, &mut [(); OUT], [y], []);
}

impl<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    T: Scalar,
    P: Kernel,
    const BIAS: bool,
    const EH: usize,
    const EW: usize,
> Embed<T> for ConvTranspose2d<IN, OUT, K, T, P, BIAS, EH, EW>
{
    const PARTS: &'static [Declared] = {
        let weight = Declared::parameter("weight", &[IN, OUT, P::Height::DIM, P::Width::DIM]);
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
    const EH: usize,
    const EW: usize,
    Q: Place,
> EmbedAt<T, Q> for ConvTranspose2d<IN, OUT, K, T, P, BIAS, EH, EW>
{
    const EMBEDDED: Self = {
        let bias = if BIAS { At::<Q>::matrix("bias") } else { zeros() };
        Self { weight: At::<Q>::matrix("weight"), bias }
    };
}

impl<const IN: usize, const OUT: usize, const K: usize, T, P, const BIAS: bool, const EH: usize, const EW: usize, H, W>
    Infer<T, Image<Const<IN>, H, W>> for ConvTranspose2d<IN, OUT, K, T, P, BIAS, EH, EW>
where
    T: Scalar,
    P: Spread<H, W, EH, EW>,
    H: DimName,
    W: DimName,
{
    type Out = Image<Const<OUT>, P::Rows, P::Columns>;
    const MULTIPLY_ADDS: usize = geometry::<IN, OUT, K, P, H, W, EH, EW>().multiplications();

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        let sizes = const { geometry::<IN, OUT, K, P, H, W, EH, EW>() };
        spread::<OUT, T>(&sizes, 1, x, self.weight.as_ref(), self.bias.as_ref(), y);
    }
}

#[cfg(feature = "alloc")]
impl<const IN: usize, const OUT: usize, const K: usize, T, P, const BIAS: bool, const EH: usize, const EW: usize, H, W>
    Layer<T, Image<Const<IN>, H, W>> for ConvTranspose2d<IN, OUT, K, T, P, BIAS, EH, EW>
where
    T: Scalar,
    P: Spread<H, W, EH, EW>,
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
        let sizes = const { geometry::<IN, OUT, K, P, H, W, EH, EW>() };
        let (x, samples) = (cache.store(x), y.nrows());
        let (weight, bias) = (self.weight.data.values(), self.bias.data.values());
        spread::<OUT, T>(&sizes, samples, x, weight, bias, y.data.values_mut());
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
        let sizes = const { geometry::<IN, OUT, K, P, H, W, EH, EW>() };
        let (samples, weight, no_bias) = (dy.nrows(), self.weight.data.values(), [T::zero(); IN]);
        convolution::forward(&sizes, samples, dy.data.values(), weight, &no_bias, dx.data.values_mut());
    }

    fn add_gradient<N: Dim, St: RawStorage<T, N, Image<Const<IN>, H, W>>>(
        x: &Matrix<T, N, Image<Const<IN>, H, W>, St>,
        dy: &Batch<T, N, Self::Out>,
        cache: &InputColumns<T>,
        scale: T,
        target: &mut Self,
    ) {
        let sizes = const { geometry::<IN, OUT, K, P, H, W, EH, EW>() };
        let (samples, x, dy) = (dy.nrows(), cache.stored(x), dy.data.values());
        let gradient = Gradient { scale, weight: target.weight.data.values_mut(), bias: &mut [] };
        by_weights(&sizes, samples, dy, x, gradient);
        if BIAS {
            each_column(AddSum(scale), sizes.inputs() * samples, target.bias.data.values_mut(), [], [dy]);
        }
    }

    fn operation(&self) -> Option<Operation> {
        let operands =
            [Operand::Input, Operand::Reshaped("weight", const { &[IN, OUT, P::Height::DIM, P::Width::DIM] })];
        let operands = operands.into_iter().chain(BIAS.then_some(Operand::Parameter("bias")));
        Some(with_window::<P>(Operator::new("ConvTranspose", operands)).with("output_padding", [EH, EW]).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::{He, Normal};
    use crate::layers::layer::tests::check_gradients;
    use crate::parameters::{Path, parameters};
    use crate::shape::Window;
    use rand::{SeedableRng, rngs::StdRng};

    fn check<
        const IN: usize,
        const OUT: usize,
        const K: usize,
        const H: usize,
        const W: usize,
        P: Spread<Const<H>, Const<W>, EH, EW>,
        const BIAS: bool,
        const EH: usize,
        const EW: usize,
    >() {
        let mut layer = ConvTranspose2d::<IN, OUT, K, f64, P, BIAS, EH, EW>::default();
        layer.initialize(&Normal { std: 0.5 }, &mut StdRng::seed_from_u64(3));
        if BIAS {
            layer.bias.fill(0.25);
        }
        check_gradients::<Image<Const<IN>, Const<H>, Const<W>>, _>(&layer, &ConvTranspose2d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1, 1, 1, 1, Square<1>, true, 0, 0>();
        check::<2, 3, 3, 3, 2, Square<3>, true, 0, 0>();
        check::<3, 2, 2, 3, 3, Square<2, 2>, false, 0, 0>();
        check::<1, 5, 3, 3, 3, Square<3, 2, 1>, true, 1, 1>();
        check::<2, 2, 2, 2, 3, Square<2, 1, 0, 3>, true, 0, 0>();
        check::<2, 2, 3, 2, 3, Window<3, 2, 2, 3, 1, 0, 1, 2>, true, 1, 2>();
    }

    #[test]
    fn weights_have_pytorchs_order_and_the_fan_in_of_an_output() {
        let mut layer = ConvTranspose2d::<8, 100, 3, f64, Window<3, 2, 2, 2>>::default();
        layer.initialize(&He, &mut StdRng::seed_from_u64(3));
        let weight = parameters(&layer, Path::root("conv")).into_iter().next().unwrap();
        assert_eq!((weight.name.as_str(), weight.shape), ("conv.weight", &[8, 100, 3, 2][..]));
        let variance = weight.values.iter().map(|value| value * value).sum::<f64>() / weight.values.len() as f64;
        let wanted = 2.0 / (8.0 * 2.0);
        assert!((variance - wanted).abs() < 0.08 * wanted, "{variance}, not {wanted}");
    }
}
