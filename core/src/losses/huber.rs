#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use crate::elementwise_loss;
use crate::losses::elementwise::ElementwiseLoss;
use crate::parameters::{At, POSITIVE, Part, PartMut, embedded};
use crate::scalar::Scalar;

/// Squared for small errors and absolute for large ones, for regression with outliers: PyTorch's `HuberLoss`.
///
/// ```text
/// forward    L = mean of (y - t)² / 2 where |y - t| <= δ, else δ · (|y - t| - δ/2)   over all N rows and F columns
/// backward   dY = (y - t, at most δ and at least -δ) / (N · F)                        (N x F)
/// ```
///
/// In `network!` it is `Huber`, with `δ = 1` as in PyTorch, or `Huber(0.5)`, `Huber(delta = 0.5)`. Source: Huber, "Robust
/// Estimation of a Location Parameter" (1964).
#[doc(alias("HuberLoss", "SmoothL1Loss"))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    /// The error from which on the loss grows linearly: greater than 0.
    pub delta: f64,
}

impl Huber {
    /// A loss that grows linearly from the error `delta` on.
    pub const fn new(delta: f64) -> Self {
        Self { delta }
    }

    /// Sets the error from which on the loss grows linearly.
    #[must_use]
    pub const fn delta(self, delta: f64) -> Self {
        Self { delta }
    }
}

/// A loss that grows linearly from the error 1 on.
impl Default for Huber {
    fn default() -> Self {
        Self::new(1.0)
    }
}

embedded!([] Huber = Self::new(At::<P>::setting("delta")), settings: "delta");

impl ElementwiseLoss for Huber {
    #[inline(always)]
    fn value<T: Scalar>(&self, y: T, t: T) -> T {
        let (half, delta, error) = (T::of(0.5), T::of(self.delta), (y - t).abs());
        if error > delta { delta * (error - half * delta) } else { half * error * error }
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, y: T, t: T) -> T {
        let (delta, error) = (T::of(self.delta), y - t);
        if error > delta {
            delta
        } else if error < -delta {
            -delta
        } else {
            error
        }
    }

    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::setting_within("delta", &self.delta, POSITIVE))
    }

    fn part_mut<T: Scalar>(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then_some(PartMut::Setting(&mut self.delta))
    }
}

elementwise_loss!(Huber);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::loss::Loss;
    use crate::losses::tests::{check_gradient, check_mean};
    use crate::matrix::Batch;
    use nalgebra::{Const, Dyn};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    #[test]
    fn gradients_agree_with_differences() {
        let target = Batch::from([[1.0, 2.0, -3.0], [0.0, 0.5, 1.0]]);
        check_gradient::<Const<3>, _, _>(&Huber::default(), &target, Const::<2>);
        check_gradient(&Huber::new(0.25), &Batch::filled(Dyn(20), Const::<2>, 0.5), Dyn(20));
    }

    #[test]
    fn errors_below_and_above_delta() {
        let y = Batch::from([[0.5, 3.0, -1e6_f32]]);
        let (t, mut dy) = (Batch::zeros(Const, Const), y.clone());
        let loss: f32 = Huber::new(2.0).backward(&y, &t, &mut dy);
        assert_eq!(loss, (0.125 + 4.0 + 2.0 * (1e6 - 1.0)) / 3.0);
        assert_eq!(dy.map(|dy| 3.0 * dy), nalgebra::SMatrix::<f32, 1, 3>::new(0.5, 2.0, -2.0));
    }

    #[test]
    #[cfg_attr(miri, ignore = "too slow under Miri")]
    fn sums_of_many_samples_keep_their_digits() {
        let mut rng = StdRng::seed_from_u64(1);
        let (mut y, target): (Batch<f32, _, Const<2>>, _) =
            (Batch::zeros(Dyn(500_000), Const), Batch::zeros(Dyn(500_000), Const));
        y.apply(|y| *y = rng.random_range(-3.0..3.0));
        check_mean(&Huber::default(), &y, &target);
    }
}
