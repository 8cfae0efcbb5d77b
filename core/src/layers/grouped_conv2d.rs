use std::ops::Range;

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

/// A convolution of groups of `DEPTH` channels, each with its own filters; PyTorch's `Conv2d` with `groups = IN / DEPTH`.
///
/// ```text
/// forward    y[o, p]  = b[o] + sum over i, k of w[o, i, k] · x[g · DEPTH + i, p · stride - padding + k · dilation]
/// backward   dx[g · DEPTH + i, q] = sum over o of g, and k, of w[o, i, k] · dy[o, p],
///                                   where p · stride - padding + k · dilation = q
/// gradient   dw[o, i, k] = sum over samples and p of dy[o, p] · x[g · DEPTH + i, p · stride - padding + k · dilation]
///            db[o]       = sum over samples and p of dy[o, p]
/// ```
///
/// `g` is the group of the filter `o`: the first `OUT / groups` filters read the first `DEPTH` channels, and so on.
///
/// ```text
/// x   (N x IN x H x W)   ->   y   (N x OUT x H' x W')      H' = (H + 2 · padding - dilation · (K - 1) - 1) / stride + 1
/// ```
///
/// The parameters are `weight` (`OUT x DEPTH x K x K`, as in PyTorch) and `bias` (`OUT`). `P`, `BIAS` and the defaults are
/// those of [`Conv2d`](super::Conv2d), with a fan-in of `DEPTH · K²`. In [`network!`](../../typenet/macro.network.html) it
/// is written `Conv2d<16, 32, 3>(groups = 4)`; stable Rust cannot compute `DEPTH` from the groups. Source: Krizhevsky and
/// others, "`ImageNet` Classification with Deep Convolutional Neural Networks" (2012).
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::layers::GroupedConv2d;
/// use typenet::nalgebra::{Const, DimName};
/// use typenet::{Image, Infer};
///
/// let layer = GroupedConv2d::<16, 32, 3, 4>::default(); // 4 groups of 4 channels
/// assert_eq!(layer.weight.shape(), (4 * 9, 32));
/// type Out = <GroupedConv2d<16, 32, 3, 4> as Infer<f32, Image<Const<16>, Const<8>, Const<8>>>>::Out;
/// assert_eq!(Out::DIM, 32 * 6 * 6);
/// ```
#[doc(alias("groups", "GroupConvolution"))]
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedConv2d<
    const IN: usize,
    const OUT: usize,
    const K: usize,
    const DEPTH: usize,
    T: Scalar = f32,
    P: Kernel = Square<K>,
    const BIAS: bool = true,
    S: Keep = Owned,
> {
    /// The weights: a column for each filter, in the order channel of the group, row, column.
    #[allow(clippy::type_complexity)] // the layer's shape
    pub weight: S::Of<T, Image<Const<DEPTH>, P::Height, P::Width>, Const<OUT>>,
    /// The bias of each filter; zero and no parameter if `BIAS` is false.
    pub bias: S::Of<T, Const<1>, Const<OUT>>,
}

impl<const IN: usize, const OUT: usize, const K: usize, const DEPTH: usize, T: Scalar, P: Kernel, const BIAS: bool>
    Default for GroupedConv2d<IN, OUT, K, DEPTH, T, P, BIAS>
{
    fn default() -> Self {
        Self { weight: Batch::zeros(Image::name(), Const), bias: Batch::zeros(Const, Const) }
    }
}

impl<const IN: usize, const OUT: usize, const K: usize, const DEPTH: usize, T: Scalar, P: Kernel, const BIAS: bool>
    Parameters<T> for GroupedConv2d<IN, OUT, K, DEPTH, T, P, BIAS>
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

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::parameter(&mut *self.weight)),
            1 if BIAS => Some(PartMut::parameter(&mut *self.bias)),
            _ => None,
        }
    }

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
            assert!(P::SIZES[0] == K, "the window of a `GroupedConv2d` has `K` rows");
            assert!(P::FITS, "the window of a `GroupedConv2d` is larger than its image, or has a setting of 0");
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

impl<const IN: usize, const OUT: usize, const K: usize, const DEPTH: usize, T, P, const BIAS: bool, S, H, W>
    Infer<T, Image<Const<IN>, H, W>> for GroupedConv2d<IN, OUT, K, DEPTH, T, P, BIAS, S>
where
    T: Scalar,
    P: Slide<H, W>,
    S: Keep,
    H: DimName,
    W: DimName,
{
    type Out = Image<Const<OUT>, P::Rows, P::Columns>;

    const SCRATCH: usize = convolution::scratch_of_single_image(&Group::new::<IN, OUT, K, DEPTH, P, H, W>().sizes);

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let group = const { Group::new::<IN, OUT, K, DEPTH, P, H, W>() };
        let (weight, bias) = (self.weight.as_ref(), self.bias.as_ref());
        for [from, to, filters, biases] in group.places(1) {
            convolution::single_image(&group.sizes, &x[from], &weight[filters], &bias[biases], &mut y[to], scratch);
        }
    }
}

impl<const IN: usize, const OUT: usize, const K: usize, const DEPTH: usize, T, P, const BIAS: bool, H, W>
    Layer<T, Image<Const<IN>, H, W>> for GroupedConv2d<IN, OUT, K, DEPTH, T, P, BIAS>
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

    fn multiply_adds(&self) -> usize {
        let Group { sizes, groups } = const { Group::new::<IN, OUT, K, DEPTH, P, H, W>() };
        sizes.multiplications() * groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::{He, Normal};
    use crate::layers::layer::tests::check_gradients;
    use crate::parameters::{Path, parameters};
    use crate::shape::{Line, Window};
    use rand::{SeedableRng, rngs::StdRng};

    fn check<
        const IN: usize,
        const OUT: usize,
        const K: usize,
        const DEPTH: usize,
        const H: usize,
        const W: usize,
        P: Slide<Const<H>, Const<W>>,
        const BIAS: bool,
    >() {
        let mut layer = GroupedConv2d::<IN, OUT, K, DEPTH, f64, P, BIAS>::default();
        layer.initialize(&Normal { std: 0.5 }, &mut StdRng::seed_from_u64(3));
        if BIAS {
            layer.bias.iter_mut().zip(1..).for_each(|(bias, index)| *bias = 0.25 * f64::from(index));
        }
        check_gradients::<Image<Const<IN>, Const<H>, Const<W>>, _>(&layer, &GroupedConv2d::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 2, 1, 1, 1, 1, Square<1>, true>();
        check::<4, 6, 3, 2, 5, 4, Square<3>, true>();
        check::<4, 4, 3, 1, 4, 4, Square<3, 1, 1>, false>();
        check::<6, 3, 2, 2, 6, 7, Square<2, 2, 0, 3>, true>();
        check::<4, 2, 3, 2, 4, 6, Window<3, 2, 2, 3, 1, 0, 1, 2>, true>();
        check::<4, 8, 3, 2, 1, 9, Line<3, 2, 1>, true>();
    }

    #[test]
    fn weights_have_pytorchs_order_and_fan_in() {
        let mut layer = GroupedConv2d::<8, 100, 3, 4, f64, Window<3, 2>>::default();
        layer.initialize(&He, &mut StdRng::seed_from_u64(3));
        let weight = parameters(&layer, Path::root("conv")).into_iter().next().unwrap();
        assert_eq!((weight.name.as_str(), weight.shape), ("conv.weight", &[100, 4, 3, 2][..]));
        let variance = weight.values.iter().map(|value| value * value).sum::<f64>() / weight.values.len() as f64;
        let wanted = 2.0 / (4.0 * 6.0);
        assert!((variance - wanted).abs() < 0.08 * wanted, "{variance}, not {wanted}");
    }
}
