//! Normalization over the features of each sample: code shared by `LayerNorm` and `RmsNorm`.

#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, Matrix};

use crate::kernels::{Loop, Splittable, run_parallel, vectorized};
use crate::layers::columns::{Column, each_column};
#[cfg(feature = "alloc")]
use crate::layers::layer::Cache;
use crate::layers::sums::{dot, sum, sum_of};
use crate::matrix::Batch;
use crate::scalar::{Scalar, Wide, convert};

/// The settings and parameters of a layer that normalizes each sample.
#[derive(Clone, Copy)]
pub(super) struct RowNorm<'a, T> {
    /// True to subtract the mean first.
    pub(super) is_centered: bool,
    pub(super) epsilon: f64,
    /// One factor for each feature, and one summand if there are any.
    pub(super) scale: &'a [T],
    pub(super) shift: Option<&'a [T]>,
}

/// The cache of a [`LayerNorm`](super::LayerNorm) or [`RmsNorm`](super::RmsNorm): the normalized batch.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct RowNormCache<T: Scalar, N: Dim, const F: usize> {
    normalized: Batch<T, N, Const<F>>,
    /// The factor of each sample.
    inverse: Vec<f64>,
    /// Scratch memory, with two numbers for each sample.
    sums: [Vec<f64>; 2],
}

#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim, const F: usize> Cache<N> for RowNormCache<T, N, F> {
    fn new(samples: N) -> Self {
        let zeros = || vec![0.0; samples.value()];
        Self { normalized: Batch::zeros(samples, Const), inverse: zeros(), sums: [zeros(), zeros()] }
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar> RowNorm<'_, T> {
    pub(super) fn forward<N: Dim, const F: usize, S: RawStorage<T, N, Const<F>>>(
        self,
        x: &Matrix<T, N, Const<F>, S>,
        y: &mut Batch<T, N, Const<F>>,
        cache: &mut RowNormCache<T, N, F>,
    ) {
        let RowNormCache { normalized, inverse, sums: [means, _] } = cache;
        let (samples, units) = (x.nrows(), &mut [(); F]);
        normalized.copy_from(x);
        let normalized = normalized.data.values_mut();
        if self.is_centered {
            row_means(Value, means, [normalized]);
            each_column(Center { means }, samples, units, [normalized], []);
        }
        row_means(Square, inverse, [normalized]);
        for mean in inverse.iter_mut() {
            *mean = self.inverse(*mean);
        }
        each_column(Finish { norm: self, inverse }, samples, units, [normalized, y.data.values_mut()], []);
    }

    pub(super) fn backward<N: Dim, const F: usize>(
        self,
        dy: &Batch<T, N, Const<F>>,
        dx: &mut Batch<T, N, Const<F>>,
        cache: &mut RowNormCache<T, N, F>,
    ) {
        let RowNormCache { normalized, inverse, sums: [means, slopes] } = cache;
        let (samples, units) = (dy.nrows(), &mut [(); F]);
        let (scale, dy, normalized) = (self.scale, dy.data.values(), normalized.data.values());
        if self.is_centered {
            row_means(Scaled { scale }, means, [dy]);
        } else {
            means.fill(0.0);
        }
        row_means(ScaledProduct { scale }, slopes, [dy, normalized]);
        let work = Backward { scale, inverse, means, slopes };
        each_column(work, samples, units, [dx.data.values_mut()], [dy, normalized]);
    }
}

impl<T: Scalar> RowNorm<'_, T> {
    /// The layer for a single sample.
    pub(super) fn infer(self, x: &[T], y: &mut [T]) {
        vectorized(Single { norm: self, x, y });
    }

    #[inline(always)]
    fn inverse<W: Scalar>(self, mean_square: W) -> W {
        W::one() / (mean_square + W::of(self.epsilon)).sqrt()
    }
}

/// Adds `weight` times the derivatives by each feature's scale.
#[cfg(feature = "alloc")]
pub(super) fn add_scale_gradient<T: Scalar, N: Dim, const F: usize>(
    dy: &Batch<T, N, Const<F>>,
    cache: &RowNormCache<T, N, F>,
    weight: T,
    scale: &mut [T],
) {
    let read = [cache.normalized.data.values(), dy.data.values()];
    each_column(AddProducts { weight }, dy.nrows(), scale, [], read);
}

/// Adds `weight` times the derivatives by each feature's shift.
#[cfg(feature = "alloc")]
pub(super) fn add_shift_gradient<T: Scalar, N: Dim, const F: usize>(
    dy: &Batch<T, N, Const<F>>,
    weight: T,
    shift: &mut [T],
) {
    each_column(AddSum { weight }, dy.nrows(), shift, [], [dy.data.values()]);
}

struct Single<'a, 'v, T> {
    norm: RowNorm<'a, T>,
    x: &'v [T],
    y: &'v mut [T],
}

impl<T: Scalar> Loop for Single<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.run_in::<Wide!(T)>();
    }
}

impl<T: Scalar> Single<'_, '_, T> {
    #[inline(always)]
    fn run_in<W: Scalar>(self) {
        let Self { norm, x, y } = self;
        let count = W::of(x.len() as f64);
        let mean = if norm.is_centered { sum_of(x, x, |x, _| convert::<_, W>(x)) / count } else { W::zero() };
        for (y, &x) in y.iter_mut().zip(x) {
            *y = convert(convert::<_, W>(x) - mean);
        }
        let inverse = convert(norm.inverse(sum_of(y, y, |y, _| convert::<_, W>(y) * convert(y)) / count));
        for (y, &scale) in y.iter_mut().zip(norm.scale) {
            *y = scale * (*y * inverse);
        }
        for (y, &shift) in y.iter_mut().zip(norm.shift.unwrap_or_default()) {
            *y += shift;
        }
    }
}

/// Subtracts the mean of each sample.
#[derive(Clone, Copy)]
struct Center<'a> {
    means: &'a [f64],
}

impl<T: Scalar> Column<T, (), 1, 0> for Center<'_> {
    #[inline(always)]
    fn run(self, _: usize, (): &mut (), [x]: [&mut [T]; 1], []: [&[T]; 0]) {
        for (x, mean) in x.iter_mut().zip(self.means) {
            *x = T::of(x.as_f64() - mean);
        }
    }
}

/// Multiplies each sample by its factor, and writes the output.
#[derive(Clone, Copy)]
struct Finish<'a, T> {
    norm: RowNorm<'a, T>,
    inverse: &'a [f64],
}

impl<T: Scalar> Column<T, (), 2, 0> for Finish<'_, T> {
    #[inline(always)]
    fn run(self, feature: usize, (): &mut (), [x, y]: [&mut [T]; 2], []: [&[T]; 0]) {
        let scale = self.norm.scale[feature];
        let shift = self.norm.shift.map_or(T::zero(), |shift| shift[feature]);
        for ((x, y), &inverse) in x.iter_mut().zip(y).zip(self.inverse) {
            *x *= T::of(inverse);
            *y = scale * *x + shift;
        }
    }
}

#[derive(Clone, Copy)]
struct Backward<'a, T> {
    scale: &'a [T],
    /// For each sample: its factor, the mean of `dy · scale`, and the mean of that times the normalized value.
    inverse: &'a [f64],
    means: &'a [f64],
    slopes: &'a [f64],
}

impl<T: Scalar> Column<T, (), 1, 2> for Backward<'_, T> {
    #[inline(always)]
    fn run(self, feature: usize, (): &mut (), [dx]: [&mut [T]; 1], [dy, normalized]: [&[T]; 2]) {
        let scale = self.scale[feature];
        let samples = self.inverse.iter().zip(self.means).zip(self.slopes);
        for (((dx, &dy), &normalized), ((&inverse, &mean), &slope)) in
            dx.iter_mut().zip(dy).zip(normalized).zip(samples)
        {
            *dx = T::of(inverse) * (scale * dy - T::of(mean) - normalized * T::of(slope));
        }
    }
}

#[derive(Clone, Copy)]
struct AddProducts<T> {
    weight: T,
}

impl<T: Scalar> Column<T, T, 0, 2> for AddProducts<T> {
    #[inline(always)]
    fn run(self, _: usize, total: &mut T, []: [&mut [T]; 0], [one, other]: [&[T]; 2]) {
        *total += self.weight * T::of(dot(one, other));
    }
}

#[derive(Clone, Copy)]
struct AddSum<T> {
    weight: T,
}

impl<T: Scalar> Column<T, T, 0, 1> for AddSum<T> {
    #[inline(always)]
    fn run(self, _: usize, total: &mut T, []: [&mut [T]; 0], [values]: [&[T]; 1]) {
        *total += self.weight * T::of(sum(values));
    }
}

/// A term of a sum over the features of a sample.
trait Term<T, const R: usize>: Copy + Send + Sync {
    /// The term of a feature with these values. It is `#[inline(always)]`.
    fn of(self, feature: usize, values: [T; R]) -> f64;
}

#[derive(Clone, Copy)]
struct Value;

impl<T: Scalar> Term<T, 1> for Value {
    #[inline(always)]
    fn of(self, _: usize, [value]: [T; 1]) -> f64 {
        value.as_f64()
    }
}

#[derive(Clone, Copy)]
struct Square;

impl<T: Scalar> Term<T, 1> for Square {
    #[inline(always)]
    fn of(self, _: usize, [value]: [T; 1]) -> f64 {
        value.as_f64() * value.as_f64()
    }
}

#[derive(Clone, Copy)]
struct Scaled<'a, T> {
    scale: &'a [T],
}

impl<T: Scalar> Term<T, 1> for Scaled<'_, T> {
    #[inline(always)]
    fn of(self, feature: usize, [value]: [T; 1]) -> f64 {
        self.scale[feature].as_f64() * value.as_f64()
    }
}

#[derive(Clone, Copy)]
struct ScaledProduct<'a, T> {
    scale: &'a [T],
}

impl<T: Scalar> Term<T, 2> for ScaledProduct<'_, T> {
    #[inline(always)]
    fn of(self, feature: usize, [one, other]: [T; 2]) -> f64 {
        self.scale[feature].as_f64() * one.as_f64() * other.as_f64()
    }
}

/// Computes the mean of the terms of each sample. Threads divide the samples between them.
fn row_means<T: Scalar, const R: usize>(term: impl Term<T, R>, means: &mut [f64], columns: [&[T]; R]) {
    let samples = means.len();
    let features = columns[0].len().checked_div(samples).unwrap_or(0);
    run_parallel(RowMeans { term, means, columns, samples, features, first: 0 });
}

struct RowMeans<'a, T, K, const R: usize> {
    term: K,
    means: &'a mut [f64],
    /// Columns of `samples` rows, one for each feature.
    columns: [&'a [T]; R],
    samples: usize,
    features: usize,
    /// The index of the first sample.
    first: usize,
}

impl<T: Scalar, K: Term<T, R>, const R: usize> Loop for RowMeans<'_, T, K, R> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { term, means, columns, samples, features, first } = self;
        means.fill(0.0);
        for feature in 0..features {
            let start = feature * samples + first;
            let columns = columns.map(|values| &values[start..][..means.len()]);
            for (sample, mean) in means.iter_mut().enumerate() {
                *mean += term.of(feature, columns.map(|column| column[sample]));
            }
        }
        for mean in means {
            *mean /= features as f64;
        }
    }
}

impl<T: Scalar, K: Term<T, R>, const R: usize> Splittable for RowMeans<'_, T, K, R> {
    fn len(&self) -> usize {
        self.means.len()
    }

    fn numbers(&self) -> usize {
        self.features
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { term, means, columns, samples, features, first } = self;
        let (means, means_high) = means.split_at_mut(at);
        (
            Self { term, means, columns, samples, features, first },
            Self { term, means: means_high, columns, samples, features, first: first + at },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_the_means_of_the_whole() {
        let columns = [1.0, 2.0, 3.0, 5.0, 6.0, 10.0_f32]; // three samples of two features
        for at in 0..=3 {
            let mut means = [f64::NAN; 3];
            let whole =
                RowMeans { term: Value, means: &mut means, columns: [&columns], samples: 3, features: 2, first: 0 };
            let (low, high) = whole.split_at(at);
            low.run();
            high.run();
            assert_eq!(means, [3.0, 4.0, 6.5]);
        }
    }
}
