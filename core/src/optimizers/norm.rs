//! How long a gradient is.

use crate::parameters::{Leaf, Path, each};
use crate::product::{Loop, vectorized};
use crate::{Network, Scalar};

/// The root of the sum of the squares of all parameters, added up in `f64`.
pub(super) fn norm<Net: Network>(gradient: &Net) -> f64 {
    let mut sum = 0.0;
    each(gradient, Path::root(""), &mut |_, leaf| {
        if let Leaf::Parameter { values, .. } = leaf {
            sum += vectorized(Squares { values });
        }
    });
    sum.sqrt()
}

struct Squares<'a, T> {
    values: &'a [T],
}

impl<T: Scalar> Loop for Squares<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        // Sums side by side, so that none waits for the one before it.
        let (lanes, rest) = self.values.as_chunks::<16>();
        let mut sums = [0.0; 16];
        for lanes in lanes {
            for (sum, value) in sums.iter_mut().zip(lanes) {
                *sum += value.as_f64() * value.as_f64();
            }
        }
        for (sum, value) in sums.iter_mut().zip(rest) {
            *sum += value.as_f64() * value.as_f64();
        }
        sums.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_the_largest_numbers_are_added_up() {
        let squares = |values: &[f32]| vectorized(Squares { values });
        assert_eq!(squares(&[]), 0.0);
        assert_eq!(squares(&[3.0, 4.0]), 25.0);
        let many: Vec<f32> = (1..=1000).map(|n| n as f32).collect();
        assert_eq!(squares(&many), 333_833_500.0);
        let large = f64::from(f32::MAX);
        assert_eq!(squares(&[f32::MAX; 40]), 40.0 * large * large);
        assert!(squares(&[f32::NAN, 1.0]).is_nan());
    }
}
