//! Settings that make no sense are refused where they are set.

use crate::scalar::Scalar;

#[track_caller]
pub(super) fn positive(what: &str, value: f64) -> f64 {
    assert!(value > 0.0 && value.is_finite(), "{what} is {value}, but should be a positive number");
    value
}

#[track_caller]
pub(super) fn not_negative(what: &str, value: f64) -> f64 {
    assert!(value >= 0.0 && value.is_finite(), "{what} is {value}, but should be 0 or a positive number");
    value
}

/// A positive number in the network's scalar, where it may be too small: a divisor that becomes 0 gives NaN.
pub(super) fn above_zero<T: Scalar>(value: f64) -> T {
    T::of(value.max(T::MIN_POSITIVE))
}

/// For averages: a fraction of 1 would never forget.
#[track_caller]
pub(super) fn fraction(what: &str, value: f64) -> f64 {
    assert!((0.0..1.0).contains(&value), "{what} is {value}, but should be at least 0 and below 1");
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(check: fn(&str, f64) -> f64, value: f64) -> bool {
        std::panic::catch_unwind(|| check("it", value)).is_err()
    }

    #[test]
    fn what_makes_sense_passes() {
        for (check, ends, refusals) in [
            (positive as fn(&str, f64) -> f64, [1e-300, 1e300], [0.0, -1.0]),
            (not_negative, [0.0, 1e300], [-1e-300, -1.0]),
            (fraction, [0.0, 0.999_999], [-1e-300, 1.0]),
        ] {
            assert_eq!(ends.map(|value| check("it", value)), ends);
            let refusals = refusals.into_iter().chain([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
            assert!(refusals.into_iter().all(|value| refused(check, value)));
        }
    }

    #[test]
    #[should_panic(expected = "beta1 is 1.5, but should be at least 0 and below 1")]
    fn the_message_says_what_was_expected() {
        fraction("beta1", 1.5);
    }
}
