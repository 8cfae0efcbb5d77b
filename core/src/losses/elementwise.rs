//! Losses of single outputs: code shared by the built-in ones and those that `#[loss]` generates.
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use std::borrow::Borrow;

use nalgebra::Dim;

use crate::kernels::{Loop, vectorized};
#[cfg(feature = "alloc")]
use crate::losses::sample_weighted::share;
use crate::matrix::Batch;
use crate::parameters::{Part, PartMut};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// The loss of an output `y` with the target `t`, and its derivative, both `#[inline(always)]`.
pub trait ElementwiseLoss: Clone + Send + Sync {
    /// The loss of one output.
    fn value<T: Scalar>(&self, y: T, t: T) -> T;

    /// The derivative of that loss with respect to `y`.
    fn slope<T: Scalar>(&self, y: T, t: T) -> T;

    /// Returns the hyperparameter at `index`, or `None` past the last one.
    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        let _ = index;
        None
    }

    /// Returns the same hyperparameter mutably.
    fn part_mut<T: Scalar>(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        let _ = index;
        None
    }
}

/// Implements [`Loss`](crate::Loss) for an [`ElementwiseLoss`]: the mean over all samples and outputs.
#[doc(hidden)] // `#[loss]` generates calls of it
#[macro_export]
macro_rules! elementwise_loss {
    ($loss:ty) => {
        $crate::with_alloc! {
            impl<__F: $crate::Shape> $crate::Loss<__F> for $loss {
                type Target<__T: $crate::Scalar, __N: $crate::nalgebra::Dim> = $crate::Batch<__T, __N, __F>;

                fn forward<__T: $crate::Scalar, __N: $crate::nalgebra::Dim>(
                    &self,
                    y: &$crate::Batch<__T, __N, __F>,
                    t: &$crate::Batch<__T, __N, __F>,
                ) -> __T {
                    $crate::losses::elementwise::forward(self, y, t)
                }

                fn backward<__T: $crate::Scalar, __N: $crate::nalgebra::Dim>(
                    &self,
                    y: &$crate::Batch<__T, __N, __F>,
                    t: &$crate::Batch<__T, __N, __F>,
                    dy: &mut $crate::Batch<__T, __N, __F>,
                ) -> __T {
                    $crate::losses::elementwise::backward(self, y, t, dy)
                }

                fn part<__T: $crate::Scalar>(
                    &self,
                    index: ::core::primitive::usize,
                ) -> ::core::option::Option<$crate::Part<'_, __T>> {
                    $crate::losses::elementwise::ElementwiseLoss::part(self, index)
                }

                fn part_mut<__T: $crate::Scalar>(
                    &mut self,
                    index: ::core::primitive::usize,
                ) -> ::core::option::Option<$crate::PartMut<'_, __T>> {
                    $crate::losses::elementwise::ElementwiseLoss::part_mut(self, index)
                }

                fn convert<__T: $crate::Scalar, __U: $crate::Scalar, __N: $crate::nalgebra::Dim>(
                    t: &$crate::Batch<__T, __N, __F>,
                ) -> $crate::Batch<__U, __N, __F> {
                    $crate::Batch::from_matrix(t)
                }
            }

            impl<__F: $crate::Shape> $crate::losses::WeightedLoss<__F> for $loss {
                fn weighted<__T: $crate::Scalar, __N: $crate::nalgebra::Dim>(
                    &self,
                    y: &$crate::Batch<__T, __N, __F>,
                    t: &$crate::Batch<__T, __N, __F>,
                    weights: &[::core::primitive::f64],
                    dy: ::core::option::Option<&mut $crate::Batch<__T, __N, __F>>,
                ) -> __T {
                    $crate::losses::elementwise::weighted::<Self, _, _, _, _>(|_| self, y, t, weights, dy)
                }
            }
        }
    };
}

/// The mean loss over all samples and outputs; 0 for an empty batch.
#[cfg(feature = "alloc")]
pub fn forward<E: ElementwiseLoss, T: Scalar, N: Dim, F: Shape>(loss: &E, y: &Batch<T, N, F>, t: &Batch<T, N, F>) -> T {
    assert_count(y, t);
    T::of(sum(loss, y.data.values(), t.data.values()) / count(y))
}

/// Overwrites `dy` with the derivative of the mean loss, and returns that loss.
#[cfg(feature = "alloc")]
pub fn backward<E: ElementwiseLoss, T: Scalar, N: Dim, F: Shape>(
    loss: &E,
    y: &Batch<T, N, F>,
    t: &Batch<T, N, F>,
    dy: &mut Batch<T, N, F>,
) -> T {
    assert_count(y, t);
    let count = count(y);
    T::of(sum_with_slopes(loss, y.data.values(), t.data.values(), dy.data.values_mut(), 1.0 / count) / count)
}

/// The mean loss with a weight for each sample; writes its derivative to `dy`, if given.
///
/// `loss` returns the loss of a column.
#[cfg(feature = "alloc")]
pub fn weighted<E: ElementwiseLoss, L: Borrow<E>, T: Scalar, N: Dim, F: Shape>(
    loss: impl Fn(usize) -> L,
    y: &Batch<T, N, F>,
    t: &Batch<T, N, F>,
    weights: &[f64],
    mut dy: Option<&mut Batch<T, N, F>>,
) -> T {
    assert_count(y, t);
    let share = share(weights.iter().sum::<f64>() * F::DIM as f64);
    let (samples, mut total) = (y.nrows().max(1), 0.0);
    for (column, (y, t)) in y.data.values().chunks(samples).zip(t.data.values().chunks(samples)).enumerate() {
        let (loss, place) = (loss(column), column * samples..(column + 1) * samples);
        let dy = dy.as_mut().map(|dy| &mut dy.data.values_mut()[place]);
        total += vectorized(Column { loss: loss.borrow(), y, t, weights, share, dy });
    }
    T::of(total * share)
}

/// The sum of the losses of all pairs, in `f64`: an `f32` sum stops growing at 2^24 times its terms.
pub(super) fn sum<E: ElementwiseLoss, T: Scalar>(loss: &E, y: &[T], t: &[T]) -> f64 {
    vectorized(Values { loss, y, t })
}

/// The same sum; overwrites `dy` with `share` times the derivatives.
pub(super) fn sum_with_slopes<E: ElementwiseLoss, T: Scalar>(
    loss: &E,
    y: &[T],
    t: &[T],
    dy: &mut [T],
    share: f64,
) -> f64 {
    vectorized(Slopes { loss, y, t, dy, share: T::of(share) })
}

/// The number of values in a batch, as a divisor.
pub(super) fn count<T: Scalar, N: Dim, F: Shape>(y: &Batch<T, N, F>) -> f64 {
    y.len().max(1) as f64
}

pub(super) fn assert_count<T: Scalar, N: Dim, F: Shape>(y: &Batch<T, N, F>, target: &Batch<T, N, F>) {
    let (samples, targets) = (y.nrows(), target.nrows());
    assert_eq!(targets, samples, "{targets} targets for a batch of {samples} samples");
}

/// The number of independent partial sums, so that no addition waits for the one before it.
const SUMS: usize = 16;

struct Values<'a, E, T> {
    loss: &'a E,
    y: &'a [T],
    t: &'a [T],
}

impl<E: ElementwiseLoss, T: Scalar> Loop for Values<'_, E, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { loss, y, t } = self;
        let ((y, y_rest), (t, t_rest)) = (y.as_chunks::<SUMS>(), t.as_chunks::<SUMS>());
        let mut sums = [0.0; SUMS];
        for (y, t) in y.iter().zip(t) {
            for ((sum, &y), &t) in sums.iter_mut().zip(y).zip(t) {
                *sum += loss.value(y, t).as_f64();
            }
        }
        for ((sum, &y), &t) in sums.iter_mut().zip(y_rest).zip(t_rest) {
            *sum += loss.value(y, t).as_f64();
        }
        sums.iter().sum()
    }
}

struct Slopes<'a, E, T> {
    loss: &'a E,
    y: &'a [T],
    t: &'a [T],
    dy: &'a mut [T],
    share: T,
}

impl<E: ElementwiseLoss, T: Scalar> Loop for Slopes<'_, E, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { loss, y, t, dy, share } = self;
        let ((y, y_rest), (t, t_rest)) = (y.as_chunks::<SUMS>(), t.as_chunks::<SUMS>());
        let (dy, dy_rest) = dy.as_chunks_mut::<SUMS>();
        let mut sums = [0.0; SUMS];
        for ((dy, y), t) in dy.iter_mut().zip(y).zip(t) {
            for (((sum, dy), &y), &t) in sums.iter_mut().zip(dy).zip(y).zip(t) {
                *sum += loss.value(y, t).as_f64();
                *dy = loss.slope(y, t) * share;
            }
        }
        for (((sum, dy), &y), &t) in sums.iter_mut().zip(dy_rest).zip(y_rest).zip(t_rest) {
            *sum += loss.value(y, t).as_f64();
            *dy = loss.slope(y, t) * share;
        }
        sums.iter().sum()
    }
}

/// A column whose losses are weighted.
struct Column<'a, E, T> {
    loss: &'a E,
    y: &'a [T],
    t: &'a [T],
    weights: &'a [f64],
    share: f64,
    dy: Option<&'a mut [T]>,
}

impl<E: ElementwiseLoss, T: Scalar> Loop for Column<'_, E, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { loss, y, t, weights, share, dy } = self;
        if let Some(dy) = dy {
            for (((dy, &y), &t), weight) in dy.iter_mut().zip(y).zip(t).zip(weights) {
                *dy = loss.slope(y, t) * T::of(weight * share);
            }
        }
        y.iter().zip(t).zip(weights).fold(0.0, |sum, ((&y, &t), weight)| sum + weight * loss.value(y, t).as_f64())
    }
}

/// Replaces every value by a function of it, which must be `#[inline(always)]`.
pub(super) fn replace<T: Scalar>(values: &mut [T], function: impl Fn(T) -> T) {
    vectorized(Replace { values, function });
}

struct Replace<'a, T, F> {
    values: &'a mut [T],
    function: F,
}

impl<T: Scalar, F: Fn(T) -> T> Loop for Replace<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for value in self.values {
            *value = (self.function)(*value);
        }
    }
}
