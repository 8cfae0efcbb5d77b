use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, DimName, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
use crate::kernels::convolution::{self, Geometry, Gradient, by_input, by_weights};
use crate::layers::input_columns::InputColumns;
use crate::layers::keep::{Keep, Owned};
use crate::layers::layer::{Infer, Layer};
use crate::layers::mode::Mode;
use crate::layers::windows::{axes, weight_shape};
use crate::matrix::Batch;
use crate::parameters::{Kind, Parameters, Part, PartMut};
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
/// ```
#[doc(alias("Convolution", "Convolution2d", "Conv"))]
#[derive(Clone, Debug, PartialEq)]
pub struct Conv2d<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    T: Scalar = f32,
    P: Kernel = Square<K>,
    const BIAS: bool = true,
    S: Keep = Owned,
> {
    /// The weights: a column for each filter, in the order channel, row, column.
    #[allow(clippy::type_complexity)] // the layer's shape
    pub weight: S::Of<T, Image<Const<IN>, P::Height, P::Width>, Const<OUT>>,
    /// The bias of each filter; zero and no parameter if `BIAS` is false.
    pub bias: S::Of<T, Const<1>, Const<OUT>>,
}

impl<const IN: usize, const OUT: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool> Default
    for Conv2d<IN, OUT, K, T, P, BIAS>
{
    fn default() -> Self {
        Self { weight: Batch::zeros(Image::name(), Const), bias: Batch::zeros(Const, Const) }
    }
}

impl<const IN: usize, const OUT: usize, const K: usize, T: Scalar, P: Kernel, const BIAS: bool> Parameters<T>
    for Conv2d<IN, OUT, K, T, P, BIAS>
{
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        let shape = const { weight_shape::<P>(&[OUT, IN, P::Height::DIM, P::Width::DIM], &[OUT, IN, P::Width::DIM]) };
        match index {
            0 => Some(Part::shaped("weight", Kind::Weight, shape, self.weight.data.values())),
            1 if BIAS => Some(Part::bias("bias", &self.bias)),
            _ => None,
        }
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::parameter(&mut *self.weight)),
            1 if BIAS => Some(PartMut::parameter(&mut *self.bias)),
            _ => None,
        }
    }

    fn initialize(&mut self, initializer: &dyn Initializer, rng: &mut dyn Rng) {
        let window = P::Height::DIM * P::Width::DIM;
        let draw = || T::of(initializer.draw(IN * window, OUT * window, rng));
        self.weight.data.values_mut().fill_with(draw);
        self.bias.fill(T::zero());
    }
}

/// The sizes of a convolution. A window that does not fit does not compile.
const fn geometry<const IN: usize, const OUT: usize, const K: usize, P: Slide<H, W>, H: DimName, W: DimName>()
-> Geometry {
    const {
        assert!(P::SIZES[0] == K, "the window of a `Conv2d` has `K` rows");
        assert!(P::FITS, "the window of a `Conv2d` is larger than its image, or has a setting of 0");
    }
    let axes = axes::<P, H, W>();
    Geometry { channels: IN, filters: OUT, axes }
}

impl<const IN: usize, const OUT: usize, const K: usize, T, P, const BIAS: bool, S, H, W>
    Infer<T, Image<Const<IN>, H, W>> for Conv2d<IN, OUT, K, T, P, BIAS, S>
where
    T: Scalar,
    P: Slide<H, W>,
    S: Keep,
    H: DimName,
    W: DimName,
{
    type Out = Image<Const<OUT>, P::Rows, P::Columns>;

    const SCRATCH: usize = convolution::scratch_of_single_image(&geometry::<IN, OUT, K, P, H, W>());

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let sizes = const { geometry::<IN, OUT, K, P, H, W>() };
        convolution::single_image(&sizes, x, self.weight.as_ref(), self.bias.as_ref(), y, scratch);
    }
}

impl<const IN: usize, const OUT: usize, const K: usize, T, P, const BIAS: bool, H, W> Layer<T, Image<Const<IN>, H, W>>
    for Conv2d<IN, OUT, K, T, P, BIAS>
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
        let sizes = const { geometry::<IN, OUT, K, P, H, W>() };
        let (x, samples) = (cache.store(x), y.nrows());
        let (weight, bias) = (self.weight.data.values(), self.bias.data.values());
        convolution::forward(&sizes, samples, x, weight, bias, y.data.values_mut());
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
        let sizes = const { geometry::<IN, OUT, K, P, H, W>() };
        by_input(&sizes, dy.nrows(), dy.data.values(), self.weight.data.values(), dx.data.values_mut());
    }

    fn add_gradient<N: Dim, St: RawStorage<T, N, Image<Const<IN>, H, W>>>(
        x: &Matrix<T, N, Image<Const<IN>, H, W>, St>,
        dy: &Batch<T, N, Self::Out>,
        cache: &InputColumns<T>,
        scale: T,
        target: &mut Self,
    ) {
        let sizes = const { geometry::<IN, OUT, K, P, H, W>() };
        let x = cache.stored(x);
        let weight = target.weight.data.values_mut();
        let bias = if BIAS { target.bias.data.values_mut() } else { &mut [] };
        by_weights(&sizes, dy.nrows(), x, dy.data.values(), Gradient { scale, weight, bias });
    }

    fn multiply_adds(&self) -> usize {
        const { geometry::<IN, OUT, K, P, H, W>() }.multiplications()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::{He, Normal};
    use crate::layers::layer::{Cache, tests::check_gradients};
    use crate::matrix::Samples;
    use crate::parameters::{Path, parameters};
    use crate::shape::Window;
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
    >() {
        let mut layer = Conv2d::<IN, OUT, K, f64, P, BIAS>::default();
        layer.initialize(&Normal { std: 0.5 }, &mut StdRng::seed_from_u64(3));
        if BIAS {
            layer.bias.fill(0.25);
        }
        check_gradients::<Pixels<IN, H, W>, _>(&layer, &Conv2d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1, 1, 1, 1, Square<1>, true>();
        check::<2, 3, 3, 5, 4, Square<3>, true>();
        check::<2, 3, 3, 5, 4, Square<3>, false>();
        check::<3, 2, 3, 4, 4, Square<3, 1, 1>, true>();
        check::<1, 7, 3, 6, 5, Square<3, 2, 1>, true>();
        check::<2, 2, 2, 6, 7, Square<2, 2, 0, 3>, true>();
        check::<2, 2, 3, 4, 6, Window<3, 2, 2, 3, 1, 0, 1, 2>, true>();
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

    #[test]
    fn weights_have_pytorchs_order_and_fan_in() {
        let mut layer = Conv2d::<8, 100, 3, f64, Window<3, 2>>::default();
        layer.initialize(&He, &mut StdRng::seed_from_u64(3));
        let listed = parameters(&layer, Path::root("conv"));
        let weight = listed.into_iter().next().unwrap();
        assert_eq!((weight.name.as_str(), weight.shape), ("conv.weight", &[100, 8, 3, 2][..]));
        let variance = weight.values.iter().map(|value| value * value).sum::<f64>() / weight.values.len() as f64;
        let wanted = 2.0 / (8.0 * 6.0);
        assert!((variance - wanted).abs() < 0.05 * wanted, "{variance}, not {wanted}");
    }
}
