//! The values that settings of layers accept.

#[cfg(feature = "alloc")]
use alloc::string::String;
use std::fmt::{self, Display, Formatter};
use std::ops::{Bound, RangeBounds};

/// The bounds of positive numbers.
pub(crate) const POSITIVE: (Bound<f64>, Bound<f64>) = (Bound::Excluded(0.0), Bound::Unbounded);

/// The finite numbers between two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    low: Bound<f64>,
    high: Bound<f64>,
}

impl Range {
    pub(super) fn new(bounds: &impl RangeBounds<f64>) -> Self {
        Self { low: bounds.start_bound().cloned(), high: bounds.end_bound().cloned() }
    }

    pub(super) fn contains(self, value: f64) -> bool {
        value.is_finite() && (self.low, self.high).contains(&value)
    }
}

/// Writes the condition, such as `at least 0 and less than 1`.
impl Display for Range {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.low {
            Bound::Included(low) => write!(f, "at least {low} and ")?,
            Bound::Excluded(low) => write!(f, "greater than {low} and ")?,
            Bound::Unbounded => {}
        }
        match self.high {
            Bound::Included(high) => write!(f, "at most {high}"),
            Bound::Excluded(high) => write!(f, "less than {high}"),
            Bound::Unbounded => f.write_str("finite"),
        }
    }
}

/// A setting of a layer that is outside its range.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{name}` must be {range}, not {value:?}")]
pub(crate) struct InvalidSetting {
    /// The full name, such as `dropout1.p`.
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) range: Range,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bounds: impl RangeBounds<f64>, text: &str, inside: &[f64], outside: &[f64]) {
        let range = Range::new(&bounds);
        assert_eq!(range.to_string(), text);
        assert!(inside.iter().all(|&value| range.contains(value)), "{text}");
        let never = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        assert!(!outside.iter().chain(&never).any(|&value| range.contains(value)), "{text}");
    }

    #[test]
    fn ranges_accept_finite_numbers_within_their_bounds() {
        check(0.0..1.0, "at least 0 and less than 1", &[0.0, 0.999], &[-1e-300, 1.0, 1.5]);
        check(0.0..=1.0, "at least 0 and at most 1", &[0.0, 1.0], &[-1e-300, 1.001]);
        check(POSITIVE, "greater than 0 and finite", &[1e-300, 1e300], &[0.0, -0.0, -1.0]);
        check(.., "finite", &[-1e300, 0.0, 1e300], &[]);
    }
}
