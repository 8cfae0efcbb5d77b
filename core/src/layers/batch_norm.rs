#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, Matrix};

use crate::kernels::{Loop, vectorized};
use crate::layers::columns::{Column, each_column};
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::{Cache, Layer};
use crate::layers::mode::Mode;
use crate::layers::sums::{dot, sum};
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, POSITIVE, Parameters, Part, PartMut, Place};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::{Scalar, Wide, convert};
use crate::shape::{Channels, Shape};

/// Normalizes each feature over the batch, then scales and shifts it; PyTorch's `BatchNorm1d` and `BatchNorm2d`.
///
/// ```text
/// forward    x̂  = (x - μ) / √(σ² + ε)     μ, σ²: the mean and variance of the feature in the batch
///            y  = scale · x̂ + shift
/// backward   dx = scale / √(σ² + ε) · (dy - mean(dy) - x̂ · mean(dy · x̂))
/// gradient   dscale = sum(dy · x̂), dshift = sum(dy)
/// ```
///
/// `σ²` is the mean squared distance from `μ`. In [`Mode::Infer`] the running mean and variance replace `μ` and `σ²`. A
/// training step moves them: `running += momentum · (batch - running)`, with the unbiased variance of the batch.
///
/// In `network!` it is `BatchNorm<64>`, with PyTorch's settings, or `BatchNorm<64>(momentum = 0.2)`. Source: Ioffe and
/// Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift" (2015).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, or `N x F x H x W` for images of `F` channels; each parameter is `1 x F`. The
/// statistics of a channel are those of all its pixels in the batch.
///
/// # Panics
///
/// A training pass panics if a feature or channel has fewer than two values, which have no variance. A
/// [`Trainer`](crate::training::Trainer) returns an error before the first step instead.
#[doc(alias("BatchNorm1d", "BatchNorm2d", "BatchNormalization"))]
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm<const F: usize, T: Scalar = f32> {
    /// The learned factors; 1 at first.
    pub scale: Batch<T, Const<1>, Const<F>>,
    /// The learned summands; 0 at first.
    pub shift: Batch<T, Const<1>, Const<F>>,
    /// The running mean; 0 at first.
    pub mean: Batch<T, Const<1>, Const<F>>,
    /// The running variance; 1 at first.
    pub variance: Batch<T, Const<1>, Const<F>>,
    /// The weight of a batch in the running statistics, from 0 to 1; 0.1 by default.
    pub momentum: f64,
    /// The summand that keeps the divisor above 0, positive and finite; 1e-5 by default.
    pub epsilon: f64,
}

impl<const F: usize, T: Scalar> BatchNorm<F, T> {
    /// Sets the weight of a batch in the running statistics.
    ///
    /// Keras' `momentum` is 1 minus this one.
    #[must_use]
    pub fn momentum(self, momentum: f64) -> Self {
        Self { momentum, ..self }
    }

    /// Sets the summand that keeps the divisor above 0.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    #[inline(always)]
    fn inverse_deviation<W: Scalar>(&self, variance: W) -> W {
        W::one() / (variance + W::of(self.epsilon)).sqrt()
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize, T: Scalar> Default for BatchNorm<F, T> {
    fn default() -> Self {
        let filled = |value| Batch::filled(Const, Const, value);
        Self {
            scale: filled(T::one()),
            shift: filled(T::zero()),
            mean: filled(T::zero()),
            variance: filled(T::one()),
            momentum: 0.1,
            epsilon: 1e-5,
        }
    }
}

impl<const F: usize, T: Scalar> Parameters<T> for BatchNorm<F, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        match index {
            0 => Some(Part::scale("scale", &self.scale).pytorch("weight")),
            1 => Some(Part::bias("shift", &self.shift).pytorch("bias")),
            2 => Some(Part::buffer("mean", self.momentum, &self.mean).pytorch("running_mean")),
            3 => Some(Part::buffer("variance", self.momentum, &self.variance).pytorch("running_var")),
            4 => Some(Part::setting_within("momentum", &self.momentum, 0.0..=1.0)),
            5 => Some(Part::setting_within("epsilon", &self.epsilon, POSITIVE)),
            _ => None,
        }
    }

    #[cfg(feature = "alloc")]
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::parameter(&mut *self.scale)),
            1 => Some(PartMut::parameter(&mut *self.shift)),
            2 => Some(PartMut::parameter(&mut *self.mean)),
            3 => Some(PartMut::parameter(&mut *self.variance)),
            4 => Some(PartMut::Setting(&mut self.momentum)),
            5 => Some(PartMut::Setting(&mut self.epsilon)),
            _ => None,
        }
    }

    fn min_samples(&self) -> usize {
        2
    }
}

impl<const F: usize, T: Scalar> Embed<T> for BatchNorm<F, T> {
    const PARTS: &'static [Declared] = &[
        Declared::parameter("scale", &[1, F]),
        Declared::parameter("shift", &[1, F]),
        Declared::statistic("mean", &[1, F]),
        Declared::statistic("variance", &[1, F]),
        Declared::setting("momentum"),
        Declared::setting("epsilon"),
    ];
}

impl<const F: usize, T: Scalar, Q: Place> EmbedAt<T, Q> for BatchNorm<F, T> {
    const EMBEDDED: Self = Self {
        scale: At::<Q>::matrix("scale"),
        shift: At::<Q>::matrix("shift"),
        mean: At::<Q>::matrix("mean"),
        variance: At::<Q>::matrix("variance"),
        momentum: At::<Q>::setting("momentum"),
        epsilon: At::<Q>::setting("epsilon"),
    };
}

impl<const F: usize, T: Scalar, In: Channels<F>> Infer<T, In> for BatchNorm<F, T> {
    type Out = In;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        if In::PIXELS == 1 {
            vectorized(Single { layer: self, x, y });
        } else {
            vectorized(SingleImage { layer: self, pixels: In::PIXELS, x, y });
        }
    }
}

/// The layer for a single sample.
struct Single<'a, const F: usize, T: Scalar> {
    layer: &'a BatchNorm<F, T>,
    x: &'a [T],
    y: &'a mut [T],
}

impl<const F: usize, T: Scalar> Loop for Single<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.run_in::<Wide!(T)>();
    }
}

impl<const F: usize, T: Scalar> Single<'_, F, T> {
    #[inline(always)]
    fn run_in<W: Scalar>(self) {
        let Self { layer, x, y } = self;
        let [scale, shift, mean, variance] =
            [&layer.scale, &layer.shift, &layer.mean, &layer.variance].map(|values| &values.as_ref()[..F]);
        let (x, y) = (&x[..F], &mut y[..F]);
        for feature in 0..F {
            let inverse = convert(layer.inverse_deviation::<W>(convert(variance[feature])));
            let centered: T = convert(convert::<_, W>(x[feature]) - convert(mean[feature]));
            y[feature] = scale[feature] * (centered * inverse) + shift[feature];
        }
    }
}

/// The layer for a single image.
struct SingleImage<'a, const F: usize, T: Scalar> {
    layer: &'a BatchNorm<F, T>,
    pixels: usize,
    x: &'a [T],
    y: &'a mut [T],
}

impl<const F: usize, T: Scalar> Loop for SingleImage<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.run_in::<Wide!(T)>();
    }
}

impl<const F: usize, T: Scalar> SingleImage<'_, F, T> {
    #[inline(always)]
    fn run_in<W: Scalar>(self) {
        let Self { layer, pixels, x, y } = self;
        let [scale, shift, mean, variance] =
            [&layer.scale, &layer.shift, &layer.mean, &layer.variance].map(|values| &values.as_ref()[..F]);
        for (channel, (x, y)) in x.chunks_exact(pixels).zip(y.chunks_exact_mut(pixels)).enumerate() {
            let inverse = convert(layer.inverse_deviation::<W>(convert(variance[channel])));
            for (&x, y) in x.iter().zip(y) {
                let centered: T = convert(convert::<_, W>(x) - convert(mean[channel]));
                *y = scale[channel] * (centered * inverse) + shift[channel];
            }
        }
    }
}

/// The cache of a [`BatchNorm`]: the normalized batch and its statistics.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct BatchNormCache<T: Scalar, N: Dim, In: Shape> {
    normalized: Batch<T, N, In>,
    moments: Vec<Moments>,
    is_training: bool,
}

/// The statistics of one feature in a batch.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    mean: f64,
    /// The unbiased variance.
    variance: f64,
    inverse_deviation: f64,
    /// The derivatives of the feature's scale and shift.
    dscale: f64,
    dshift: f64,
}

#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim, In: Shape> Cache<N> for BatchNormCache<T, N, In> {
    fn new(samples: N) -> Self {
        Self { normalized: Batch::zeros(samples, In::name()), moments: Vec::new(), is_training: false }
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize, T: Scalar, In: Channels<F>> Layer<T, In> for BatchNorm<F, T> {
    type Cache<N: Dim> = BatchNormCache<T, N, In>;

    fn forward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &mut Batch<T, N, In>,
        cache: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        let (samples, values) = (x.nrows(), x.nrows() * In::PIXELS);
        let BatchNormCache { normalized, moments, is_training } = cache;
        *is_training = mode.is_training();
        assert!(
            values >= 2 || !*is_training,
            "`BatchNorm` needs at least 2 samples in training, but the batch has {samples}"
        );
        moments.resize(F, Moments::default());
        normalized.copy_from(x);
        let write = [normalized.data.values_mut(), y.data.values_mut()];
        each_column(Forward { layer: self, is_training: *is_training }, values, moments, write, []);
    }

    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        _: &Matrix<T, N, In, S>,
        _: &Batch<T, N, In>,
        dy: &Batch<T, N, In>,
        dx: Option<&mut Batch<T, N, In>>,
        cache: &mut Self::Cache<N>,
    ) {
        let BatchNormCache { normalized, moments, is_training } = cache;
        let (values, read) = (dy.nrows() * In::PIXELS, [normalized.data.values(), dy.data.values()]);
        each_column(Gradient, values, moments, [], read);
        if let Some(dx) = dx {
            let work = Backward { layer: self, is_training: *is_training };
            each_column(work, values, moments, [dx.data.values_mut()], read);
        }
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        _: &Matrix<T, N, In, S>,
        _: &Batch<T, N, In>,
        cache: &Self::Cache<N>,
        scale: T,
        target: &mut Self,
    ) {
        let parameters = target.scale.iter_mut().zip(target.shift.iter_mut());
        for ((target_scale, target_shift), moments) in parameters.zip(&cache.moments) {
            *target_scale += scale * T::of(moments.dscale);
            *target_shift += scale * T::of(moments.dshift);
        }
    }

    fn add_statistics<N: Dim>(cache: &Self::Cache<N>, weight: T, target: &mut Self) {
        let buffers = target.mean.iter_mut().zip(target.variance.iter_mut());
        for ((mean, variance), moments) in buffers.zip(&cache.moments) {
            *mean += weight * T::of(moments.mean);
            *variance += weight * T::of(moments.variance);
        }
    }

    fn operation(&self) -> Option<Operation> {
        let parameters = ["scale", "shift", "mean", "variance"].map(Operand::Parameter);
        let operands = [Operand::Input].into_iter().chain(parameters);
        Some(Operator::new("BatchNormalization", operands).with("epsilon", self.epsilon).into())
    }
}

/// Normalizes a feature in place, and writes the output.
#[derive(Clone, Copy)]
struct Forward<'a, const F: usize, T: Scalar> {
    layer: &'a BatchNorm<F, T>,
    is_training: bool,
}

impl<const F: usize, T: Scalar> Column<T, Moments, 2, 0> for Forward<'_, F, T> {
    #[inline(always)]
    fn run(self, feature: usize, moments: &mut Moments, [x, y]: [&mut [T]; 2], []: [&[T]; 0]) {
        let layer = self.layer;
        let count = x.len() as f64;
        let mean = if self.is_training { sum(x) / count } else { layer.mean[feature].as_f64() };
        for x in x.iter_mut() {
            *x = T::of(x.as_f64() - mean);
        }
        // The squares are those of distances from the mean, so no digits cancel.
        let squares = if self.is_training { dot(x, x) } else { layer.variance[feature].as_f64() * count };
        let inverse_deviation = layer.inverse_deviation(squares / count);
        *moments = Moments { mean, variance: squares / (count - 1.0), inverse_deviation, ..*moments };
        let (inverse, scale, shift) = (T::of(inverse_deviation), layer.scale[feature], layer.shift[feature]);
        for (x, y) in x.iter_mut().zip(y) {
            *x *= inverse;
            *y = scale * *x + shift;
        }
    }
}

/// Computes the derivatives of a feature's scale and shift.
#[derive(Clone, Copy)]
struct Gradient;

impl<T: Scalar> Column<T, Moments, 0, 2> for Gradient {
    #[inline(always)]
    fn run(self, _: usize, moments: &mut Moments, []: [&mut [T]; 0], [normalized, dy]: [&[T]; 2]) {
        (moments.dscale, moments.dshift) = (dot(normalized, dy), sum(dy));
    }
}

/// Computes `dx` of a feature, given these derivatives.
#[derive(Clone, Copy)]
struct Backward<'a, const F: usize, T: Scalar> {
    layer: &'a BatchNorm<F, T>,
    is_training: bool,
}

impl<const F: usize, T: Scalar> Column<T, Moments, 1, 2> for Backward<'_, F, T> {
    #[inline(always)]
    fn run(self, feature: usize, moments: &mut Moments, [dx]: [&mut [T]; 1], [normalized, dy]: [&[T]; 2]) {
        // In inference, the mean and the variance do not depend on the batch.
        let count = if self.is_training { dx.len() as f64 } else { f64::INFINITY };
        let [mean, slope] = [moments.dshift, moments.dscale].map(|sum| T::of(sum / count));
        let factor = self.layer.scale[feature] * T::of(moments.inverse_deviation);
        for ((dx, &normalized), &dy) in dx.iter_mut().zip(normalized).zip(dy) {
            *dx = factor * (dy - mean - normalized * slope);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use crate::shape::Image;
    use nalgebra::{Dyn, SMatrix};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    fn random<const F: usize>() -> BatchNorm<F, f64> {
        let mut rng = StdRng::seed_from_u64(2);
        let mut layer = BatchNorm::<F, f64>::default();
        for values in [&mut layer.scale, &mut layer.shift, &mut layer.mean, &mut layer.variance] {
            values.apply(|value| *value = rng.random_range(0.5..2.0));
        }
        layer
    }

    fn zeros<const F: usize>() -> BatchNorm<F, f64> {
        let zeros = || Batch::zeros(Const, Const);
        BatchNorm { scale: zeros(), shift: zeros(), mean: zeros(), variance: zeros(), ..BatchNorm::default() }
    }

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients::<Const<1>, _>(&random::<1>(), &zeros());
        check_gradients::<Const<7>, _>(&random::<7>().epsilon(0.1), &zeros());
        check_gradients::<Image<Const<3>, Const<2>, Const<4>>, _>(&random::<3>(), &zeros());
    }

    #[test]
    fn gradients_in_inference_agree_with_differences() {
        let layer = random::<2>();
        let x: Batch<f64, Const<2>, _> = Batch::from([[1.0, -2.0], [3.0, 0.5]]);
        let (mut y, mut dx) = (Batch::zeros(Const, Const), Batch::zeros(Const, Const));
        let mut cache = BatchNormCache::new(Const::<2>);
        layer.forward(&x, &mut y, &mut cache, Mode::Infer);
        layer.backward(&x, &y, &Batch::filled(Const, Const, 1.0), Some(&mut dx), &mut cache);
        for (feature, column) in dx.column_iter().enumerate() {
            let slope = layer.scale[feature] / (layer.variance[feature] + 1e-5).sqrt();
            assert!(column.iter().all(|dx| (dx - slope).abs() < 1e-15));
        }
    }

    #[test]
    fn statistics_are_those_of_the_batch_times_their_weight() {
        let x = SMatrix::<f64, 4, 2>::new(1.0, 5.0, 2.0, 5.0, 3.0, 5.0, 6.0, 5.0);
        let (mut y, mut cache) = (Batch::zeros(Const, Const), BatchNormCache::new(Const::<4>));
        BatchNorm::<2, f64>::default().forward(&x, &mut y, &mut cache, Mode::train(0));
        let mut gradient = zeros::<2>();
        Layer::<f64, Const<2>>::add_statistics(&cache, 0.5, &mut gradient);
        assert_eq!(gradient.mean, SMatrix::<f64, 1, 2>::new(1.5, 2.5));
        assert_eq!(gradient.variance, SMatrix::<f64, 1, 2>::new(7.0 / 3.0, 0.0));
        assert_eq!(y.column(1), SMatrix::<f64, 4, 1>::zeros());
    }

    #[test]
    fn a_large_mean_cancels_no_digits() {
        let [x, far] = [0.0, 1e6].map(|mean| Batch::from_fn(Dyn(100), Const::<1>, |i, _| mean + (i % 8) as f32));
        let outputs = [x, far].map(|x| {
            let mut y = Batch::zeros(Dyn(100), Const);
            let mut cache = BatchNormCache::new(Dyn(100));
            BatchNorm::default().forward(&x, &mut y, &mut cache, Mode::train(0));
            y
        });
        assert_eq!(outputs[0], outputs[1]);
    }

    #[test]
    #[should_panic = "`BatchNorm` needs at least 2 samples in training, but the batch has 1"]
    fn a_single_sample_panics_in_training() {
        let (x, mut y) = (SMatrix::<f64, 1, 3>::zeros(), Batch::zeros(Const, Const));
        random::<3>().forward(&x, &mut y, &mut BatchNormCache::new(Const), Mode::train(0));
    }
}
