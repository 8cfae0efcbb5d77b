//! Sums for vectorized loops, in a fixed order.

use crate::scalar::Scalar;

/// The number of independent partial sums.
pub(super) const LANES: usize = 16;

/// The total of the partial sums.
#[inline(always)]
pub(super) fn total<T: Scalar>(sums: [T; LANES]) -> T {
    let sums: [T; 8] = std::array::from_fn(|lane| sums[lane] + sums[lane + 8]);
    let sums: [T; 4] = std::array::from_fn(|lane| sums[lane] + sums[lane + 4]);
    let sums: [T; 2] = std::array::from_fn(|lane| sums[lane] + sums[lane + 2]);
    sums[0] + sums[1]
}

/// The sum of the values, in `f64`.
#[inline(always)]
pub(super) fn sum<T: Scalar>(values: &[T]) -> f64 {
    sum_of(values, values, |value, _| value.as_f64())
}

/// The sum of the products, in `f64`.
#[inline(always)]
pub(super) fn dot<T: Scalar>(one: &[T], other: &[T]) -> f64 {
    sum_of(one, other, |one, other| one.as_f64() * other.as_f64())
}

/// The sum of the terms of all pairs, in the precision of the terms.
#[inline(always)]
pub(super) fn sum_of<T: Scalar, W: Scalar>(one: &[T], other: &[T], term: impl Fn(T, T) -> W) -> W {
    let ((lanes, rest), (other_lanes, other_rest)) = (one.as_chunks::<LANES>(), other.as_chunks::<LANES>());
    let mut sums = [W::zero(); LANES];
    for (one, other) in lanes.iter().zip(other_lanes) {
        for ((sum, &one), &other) in sums.iter_mut().zip(one).zip(other) {
            *sum += term(one, other);
        }
    }
    rest.iter().zip(other_rest).fold(total(sums), |sum, (&one, &other)| sum + term(one, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_include_every_value() {
        for count in [0, 1, 15, 16, 17, 100] {
            let values: Vec<f32> = (0..count).map(|value| value as f32).collect();
            assert_eq!(sum(&values), f64::from(count) * f64::from(count - 1) / 2.0);
            let squares: f64 = values.iter().map(|&value| f64::from(value) * f64::from(value)).sum();
            assert_eq!(dot(&values, &values), squares);
        }
    }
}
