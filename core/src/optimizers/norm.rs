//! The norm of a gradient, and clipping.

use crate::kernels::{Loop, vectorized};
use crate::networks::{Frozen, Network};
use crate::parameters::{Leaf, Path, each};
use crate::scalar::Scalar;

/// The factor that clips a gradient to a norm of `most`: `min(1, most / (norm + 1e-6))`.
///
/// Frozen parameters do not count: they take no step. Squares are added in `f64`. If they overflow or underflow, the gradient is divided by its largest value first. A NaN in
/// the gradient makes the factor NaN: else the other parameters would take a step that is not clipped.
pub(super) fn clip<Net: Network>(gradient: &Net, frozen: &Frozen<Net::Scalar>, most: f64) -> f64 {
    let gradient = Thawed { gradient, frozen };
    let sum = gradient.total(|values| vectorized(Squares { values, scale: 1.0 }), |one, other| one + other);
    let largest = if sum > SMALL && sum < LARGE { None } else { Some(gradient.largest()) };
    match largest {
        Some(largest) if largest > 0.0 && largest.is_finite() => {
            let scale = 1.0 / largest;
            let sum = gradient.total(|values| vectorized(Squares { values, scale }), |one, other| one + other);
            at_most_one(most / largest / sum.sqrt())
        }
        _ => at_most_one(most / (sum.sqrt() + 1e-6)),
    }
}

/// `min(1, x)`, but NaN for NaN.
fn at_most_one(x: f64) -> f64 {
    if x > 1.0 { 1.0 } else { x }
}

/// Sums of squares outside these bounds have lost digits.
const SMALL: f64 = 1e-280;
const LARGE: f64 = 1e300;

/// The part of a gradient that is not frozen.
struct Thawed<'a, Net: Network> {
    gradient: &'a Net,
    frozen: &'a Frozen<Net::Scalar>,
}

impl<Net: Network> Thawed<'_, Net> {
    /// The largest absolute value.
    fn largest(&self) -> f64 {
        self.total(|values| values.iter().fold(0.0, |most: f64, value| most.max(value.as_f64().abs())), f64::max)
    }

    /// Combines one number of each parameter.
    fn total(&self, of: impl Fn(&[Net::Scalar]) -> f64, join: fn(f64, f64) -> f64) -> f64 {
        let (mut total, mut flags) = (0.0, self.frozen.flags());
        each(self.gradient, Path::root(""), &mut |_, leaf| {
            if let Leaf::Parameter { kind, values, .. } = leaf
                && flags.next() != Some(true)
                && kind.is_learned()
            {
                total = join(total, of(values));
            }
        });
        total
    }
}

struct Squares<'a, T> {
    values: &'a [T],
    scale: f64,
}

impl<T: Scalar> Loop for Squares<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        // Independent sums, so that no addition waits for the one before it.
        let (lanes, rest) = self.values.as_chunks::<16>();
        let mut sums = [0.0; 16];
        for lanes in lanes {
            for (sum, value) in sums.iter_mut().zip(lanes) {
                let value = value.as_f64() * self.scale;
                *sum += value * value;
            }
        }
        for (sum, value) in sums.iter_mut().zip(rest) {
            let value = value.as_f64() * self.scale;
            *sum += value * value;
        }
        sums.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_the_largest_numbers_are_added_up() {
        let squares = |values: &[f32]| vectorized(Squares { values, scale: 1.0 });
        assert_eq!(squares(&[]), 0.0);
        assert_eq!(squares(&[3.0, 4.0]), 25.0);
        let many: Vec<f32> = (1..=1000).map(|n| n as f32).collect();
        assert_eq!(squares(&many), 333_833_500.0);
        let large = f64::from(f32::MAX);
        assert_eq!(squares(&[f32::MAX; 40]), 40.0 * large * large);
        assert!(squares(&[f32::NAN, 1.0]).is_nan());
    }
}
