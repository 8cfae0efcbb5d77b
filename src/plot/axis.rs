//! The axes of a chart: their ranges and the labels of their ticks.

/// Larger values count as infinite, because a sum of a few of them could overflow.
const LARGEST: f64 = 1e300;

/// The name and the range of an axis.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    pub name: &'static str,
    pub from: f64,
    pub to: f64,
}

impl Axis {
    /// Creates an axis that covers all finite values, plus `margin` times their span on both sides.
    pub fn around(name: &'static str, values: impl Iterator<Item = f64>, margin: f64) -> Self {
        let span = values.filter(|&value| is_finite(value)).fold(None, |span: Option<(f64, f64)>, value| {
            Some(span.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (low, high) = span.unwrap_or((0.0, 1.0));
        // Nearly equal values would have no ticks between them.
        let least = 1e-6 * low.abs().max(high.abs()).max(1e-290);
        let beside = if high - low < least { low.abs().max(1e-3) / 2.0 } else { (high - low) * margin };
        Self { name, from: low - beside, to: high + beside }
    }

    /// Creates an axis from 0 to slightly above the largest value. The values are positive.
    pub fn from_zero(name: &'static str, values: impl Iterator<Item = f64>) -> Self {
        let highest = values.filter(|&value| is_finite(value)).fold(0.0, f64::max);
        Self { name, from: 0.0, to: if highest > 1e-290 { 1.05 * highest } else { 1.0 } }
    }

    /// Formats a value as the label of a tick.
    pub fn tick(&self, value: f64) -> String {
        if value.abs() < 1e-9 * (self.to - self.from) {
            return "0".to_owned();
        }
        // Ticks are multiples of steps such as 0.1, with rounding errors.
        let rounded: f64 = format!("{value:.9e}").parse().unwrap_or(value);
        if (1e-4..1e7).contains(&value.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
    }
}

/// Returns `true` if a value can be drawn.
pub fn is_finite(value: f64) -> bool {
    value.abs() <= LARGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(from: f64, to: f64) -> Axis {
        Axis { name: "", from, to }
    }

    #[test]
    fn tick_labels_have_no_rounding_errors() {
        let ticks = [0.1 + 0.2, 1e-17, -2.5, 10_000.0, 2e7, 0.000_05].map(|value| axis(0.0, 1.0).tick(value));
        assert_eq!(ticks, ["0.3", "0", "-2.5", "10000", "2e7", "5e-5"]);
    }

    #[test]
    fn axes_have_a_positive_finite_length() {
        let values = [&[][..], &[3.0], &[f64::NAN], &[1e300, -1e300], &[1e9, 1e9 + 1e-6], &[0.0], &[-1e-320]];
        for values in values {
            for axis in [Axis::around("", values.iter().copied(), 0.1), Axis::from_zero("", values.iter().copied())] {
                assert!(axis.to - axis.from > 0.0 && (axis.to - axis.from).is_finite(), "{values:?}: {axis:?}");
            }
        }
        let axis = Axis::around("", [1.0, 3.0, f64::INFINITY].into_iter(), 0.5);
        assert_eq!((axis.from, axis.to), (0.0, 4.0));
    }
}
