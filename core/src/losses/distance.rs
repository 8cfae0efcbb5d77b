//! Sums over the differences between outputs and targets.
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use crate::kernels::{Loop, vectorized};
use crate::scalar::Scalar;

/// The sum of `of(y - t)` over all pairs, in `f64`: an `f32` sum stops growing at 2^24 times its terms.
#[inline]
pub(crate) fn sum_of_distances<T: Scalar>(y: &[T], t: &[T], of: impl Fn(f64) -> f64) -> f64 {
    vectorized(Distances { y, t, of })
}

struct Distances<'a, T, F> {
    y: &'a [T],
    t: &'a [T],
    of: F,
}

impl<T: Scalar, F: Fn(f64) -> f64> Loop for Distances<'_, T, F> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        // Independent partial sums, so that no addition waits for the one before it.
        let ((y, y_rest), (t, t_rest)) = (self.y.as_chunks::<16>(), self.t.as_chunks::<16>());
        let mut sums = [0.0; 16];
        for (y, t) in y.iter().zip(t) {
            for ((sum, y), t) in sums.iter_mut().zip(y).zip(t) {
                *sum += (self.of)(y.as_f64() - t.as_f64());
            }
        }
        for ((sum, y), t) in sums.iter_mut().zip(y_rest).zip(t_rest) {
            *sum += (self.of)(y.as_f64() - t.as_f64());
        }
        sums.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_counts() {
        for count in 0..40_u8 {
            let y: Vec<f32> = (0..count).map(f32::from).collect();
            let sum = sum_of_distances(&y, &vec![0.5; y.len()], |distance| distance);
            assert_eq!(sum, f64::from(count) * (f64::from(count) - 2.0) / 2.0, "{count} pairs");
        }
        assert!(sum_of_distances(&[1.0, f32::NAN], &[0.0; 2], f64::abs).is_nan());
    }
}
