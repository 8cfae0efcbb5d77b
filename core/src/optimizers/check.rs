//! Checks of settings.

use crate::scalar::Scalar;

/// A setting of an optimizer or a schedule that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {value}, but should be {expected}")]
#[non_exhaustive]
pub struct SettingError {
    /// The name of the setting.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// The values that make sense.
    pub expected: &'static str,
}

/// Accepts finite numbers above 0.
pub(super) fn positive(name: &'static str, value: f64) -> Result<(), SettingError> {
    let expected = "a positive number";
    if value > 0.0 && value.is_finite() { Ok(()) } else { Err(SettingError { name, value, expected }) }
}

/// Accepts 0 and finite numbers above it.
pub(super) fn not_negative(name: &'static str, value: f64) -> Result<(), SettingError> {
    let expected = "0 or a positive number";
    if value >= 0.0 && value.is_finite() { Ok(()) } else { Err(SettingError { name, value, expected }) }
}

/// Accepts the factor of a moving average: a factor of 1 would keep the first value forever. It is compared in the
/// network's scalar, in which a number just below 1 may be 1.
pub(super) fn fraction<T: Scalar>(name: &'static str, value: f64) -> Result<(), SettingError> {
    let expected = "at least 0 and below 1";
    let is_fraction = value >= 0.0 && T::of(value) < T::one();
    if is_fraction { Ok(()) } else { Err(SettingError { name, value, expected }) }
}

/// A divisor's positive summand in the network's scalar, in which a small number may become 0 and the quotient NaN.
pub(super) fn above_zero<T: Scalar>(value: f64) -> T {
    T::of(value.max(T::MIN_POSITIVE))
}

/// `g²`, or the largest number where the square overflows. With an infinite square the parameter would stand still.
#[inline(always)]
pub(super) fn square<T: Scalar>(g: T) -> T {
    let (square, largest) = (g * g, T::of(T::LARGEST));
    if square > largest { largest } else { square }
}

/// `sum`, or the largest number where the sum has overflowed.
#[inline(always)]
pub(super) fn saturated<T: Scalar>(sum: T) -> T {
    let largest = T::of(T::LARGEST);
    if sum > largest { largest } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sensible_values_pass() {
        type Check = fn(&'static str, f64) -> Result<(), SettingError>;
        for (check, passing, failing) in [
            (positive as Check, [1e-300, 1e300], [0.0, -1.0]),
            (not_negative, [0.0, 1e300], [-1e-300, -1.0]),
            (fraction::<f64>, [0.0, 1.0 - 1e-12], [-1e-300, 1.0]),
            (fraction::<f32>, [0.0, 0.999_999], [1.0, 1.0 - 1e-12]),
        ] {
            assert!(passing.into_iter().all(|value| check("it", value).is_ok()));
            let failing = failing.into_iter().chain([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
            assert!(failing.into_iter().all(|value| check("it", value).is_err()));
        }
    }

    #[test]
    fn errors_name_setting_value_and_expectation() {
        let error = fraction::<f32>("beta1", 1.5).unwrap_err();
        assert_eq!(error.to_string(), "beta1 is 1.5, but should be at least 0 and below 1");
    }
}
