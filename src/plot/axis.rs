//! The axes of a chart: from where to where, and how their ticks are called.

/// Larger numbers are taken for infinite: sums of a few of them would be.
const LARGEST: f64 = 1e300;

/// What an axis counts, and from where to where.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    pub name: &'static str,
    pub from: f64,
    pub to: f64,
}

impl Axis {
    /// An axis on which all of these numbers are, and `margin` times their span beside them; those that are not finite
    /// are nowhere.
    pub fn around(name: &'static str, values: impl Iterator<Item = f64>, margin: f64) -> Self {
        let span = values.filter(|&value| is_finite(value)).fold(None, |span: Option<(f64, f64)>, value| {
            Some(span.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (low, high) = span.unwrap_or((0.0, 1.0));
        // Numbers that hardly differ would have no ticks between them.
        let least = 1e-6 * low.abs().max(high.abs()).max(1e-290);
        let beside = if high - low < least { low.abs().max(1e-3) / 2.0 } else { (high - low) * margin };
        Self { name, from: low - beside, to: high + beside }
    }

    /// An axis from 0 to a little more than the largest of these numbers, which are positive.
    pub fn from_zero(name: &'static str, values: impl Iterator<Item = f64>) -> Self {
        let highest = values.filter(|&value| is_finite(value)).fold(0.0, f64::max);
        Self { name, from: 0.0, to: if highest > 1e-290 { 1.05 * highest } else { 1.0 } }
    }

    /// A number as it is written beside a tick.
    pub fn tick(&self, value: f64) -> String {
        if value.abs() < 1e-9 * (self.to - self.from) {
            return "0".to_owned();
        }
        // Ticks are multiples of steps such as 0.1, and multiples have errors of rounding.
        let rounded: f64 = format!("{value:.9e}").parse().unwrap_or(value);
        if (1e-4..1e7).contains(&value.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
    }
}

/// Whether a number can be drawn.
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
    fn ticks_are_written_without_errors_of_rounding() {
        let ticks = [0.1 + 0.2, 1e-17, -2.5, 10_000.0, 2e7, 0.000_05].map(|value| axis(0.0, 1.0).tick(value));
        assert_eq!(ticks, ["0.3", "0", "-2.5", "10000", "2e7", "5e-5"]);
    }

    #[test]
    fn axes_have_a_length() {
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
