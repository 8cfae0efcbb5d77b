//! The axes of a chart: their ranges, their ticks and the labels of these.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::coord::types::RangedCoordf64;

/// Larger values count as infinite, because a sum of a few of them could overflow.
const LARGEST: f64 = 1e300;

/// The name and the range of an axis.
#[derive(Clone, Debug)]
pub struct Axis {
    pub name: String,
    pub from: f64,
    pub to: f64,
    /// The range is positive, and equal factors have equal lengths.
    pub is_logarithmic: bool,
}

impl Axis {
    /// Creates an axis that covers all finite values, plus `margin` times their span on both sides.
    pub fn around(name: &str, values: impl Iterator<Item = f64>, margin: f64) -> Self {
        let (low, high) = span(values.filter(|&value| is_finite(value))).unwrap_or((0.0, 1.0));
        // Nearly equal values would have no ticks between them.
        let least = 1e-6 * low.abs().max(high.abs()).max(1e-290);
        let beside = if high - low < least { low.abs().max(1e-3) / 2.0 } else { (high - low) * margin };
        Self::new(name, low - beside, high + beside)
    }

    /// Creates an axis from one value to another.
    pub fn new(name: &str, from: f64, to: f64) -> Self {
        Self { name: name.to_owned(), from, to, is_logarithmic: false }
    }

    /// Creates a logarithmic axis slightly beyond all positive values.
    pub fn logarithmic(name: &str, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = span(values.filter(|&value| is_positive(value))).unwrap_or((0.1, 1.0));
        let beside = (high / low).powf(0.04).max(1.05);
        Self { is_logarithmic: true, ..Self::new(name, low / beside, high * beside) }
    }

    /// Returns `true` if the axis has a place for a value.
    pub fn shows(&self, value: f64) -> bool {
        if self.is_logarithmic { is_positive(value) } else { is_finite(value) }
    }

    /// Creates an axis from 0 to slightly above the largest value. The values are positive.
    pub fn from_zero(name: &str, values: impl Iterator<Item = f64>) -> Self {
        let highest = values.filter(|&value| is_finite(value)).fold(0.0, f64::max);
        Self::new(name, 0.0, if highest > 1e-290 { 1.05 * highest } else { 1.0 })
    }

    /// Formats a value as the label of a tick.
    pub fn tick(&self, value: f64) -> String {
        if !self.is_logarithmic && value.abs() < 1e-9 * (self.to - self.from) {
            return "0".to_owned();
        }
        // Ticks are multiples of steps such as 0.1, with rounding errors.
        let rounded: f64 = format!("{value:.9e}").parse().unwrap_or(value);
        if (1e-4..1e7).contains(&value.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limits: (i32, i32)) -> i32 {
        if self.is_logarithmic {
            let value = value.max(self.from); // a value without a place, such as the corner of a cell
            return RangedCoordf64::from(self.from.log10()..self.to.log10()).map(&value.log10(), limits);
        }
        RangedCoordf64::from(self.range()).map(value, limits)
    }

    /// Returns the ticks: on a logarithmic axis powers of ten, with their double and fivefold if there is room.
    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let most = hint.bold_points();
        let few = |ticks: &Vec<f64>| (2..=most.max(2)).contains(&ticks.len());
        let ticks = |digits: &[f64]| self.ticks(digits, 1);
        let logarithmic = || {
            let fine = [ticks(&[1.0, 2.0, 5.0]), ticks(&[1.0, 3.0]), ticks(&[1.0])].into_iter().find(few);
            fine.or_else(|| (2..=600).map(|decades| self.ticks(&[1.0], decades)).find(few))
        };
        let ticks = if self.is_logarithmic { logarithmic() } else { None };
        ticks.unwrap_or_else(|| RangedCoordf64::from(self.range()).key_points(hint))
    }

    fn range(&self) -> Range<f64> {
        self.from..self.to
    }
}

impl Axis {
    /// Returns the multiples of every so many powers of ten.
    #[allow(clippy::cast_possible_truncation)] // exponents of floats
    fn ticks(&self, digits: &[f64], decades: i32) -> Vec<f64> {
        let (first, last) = (self.from.log10().floor() as i32, self.to.log10().ceil() as i32);
        let powers = (first..=last).filter(|power| power.rem_euclid(decades) == 0);
        let ticks = powers.flat_map(|power| digits.iter().map(move |digit| format!("{digit}e{power}")));
        // Parsing rounds once, so that 0.001 is the label of a tick, not 0.0010000000000000002.
        ticks.filter_map(|tick| tick.parse().ok()).filter(|tick| self.range().contains(tick)).collect()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.tick(*value)
    }
}

/// Returns `true` if a value can be drawn.
pub fn is_finite(value: f64) -> bool {
    value.abs() <= LARGEST
}

/// Returns `true` if a value can be drawn on a logarithmic axis.
fn is_positive(value: f64) -> bool {
    value >= 1.0 / LARGEST && is_finite(value)
}

/// Returns the smallest and the largest value.
fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, value| {
        Some(span.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(from: f64, to: f64) -> Axis {
        Axis::new("", from, to)
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
            let values = || values.iter().copied();
            for axis in
                [Axis::around("", values(), 0.1), Axis::from_zero("", values()), Axis::logarithmic("", values())]
            {
                assert!(axis.to - axis.from > 0.0 && (axis.to - axis.from).is_finite(), "{axis:?}");
            }
        }
        let axis = Axis::around("", [1.0, 3.0, f64::INFINITY].into_iter(), 0.5);
        assert_eq!((axis.from, axis.to), (0.0, 4.0));
    }

    #[test]
    fn logarithmic_ticks_are_round_and_fit() {
        let ticks = |from, to, most: usize| {
            let axis = Axis { is_logarithmic: true, ..axis(from, to) };
            axis.key_points(most).into_iter().map(|tick| axis.tick(tick)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(ticks(0.007, 1.2, 10), "0.01 0.02 0.05 0.1 0.2 0.5 1");
        assert_eq!(ticks(0.007, 1.2, 6), "0.01 0.03 0.1 0.3 1");
        assert_eq!(ticks(0.007, 1.2, 4), "0.01 0.1 1");
        assert_eq!(ticks(1e-12, 1e3, 6), "1e-12 1e-9 1e-6 0.001 1");
        assert!((2..=3).contains(&ticks(1e-300, 1e300, 3).split(' ').count()));
        assert!(ticks(2.1, 2.9, 6).split(' ').count() > 2, "{}", ticks(2.1, 2.9, 6));
    }

    #[test]
    fn equal_factors_have_equal_lengths() {
        let axis = Axis { is_logarithmic: true, ..axis(0.01, 100.0) };
        let places = [0.01, 0.1, 1.0, 100.0, 0.0, -1.0].map(|value| axis.map(&value, (0, 4000)));
        assert_eq!(places, [0, 1000, 2000, 4000, 0, 0]);
        assert_eq!(
            [0.0, -1.0, 1e-320, f64::NAN, 1.0].map(|value| axis.shows(value)),
            [false, false, false, false, true]
        );
        let axis = Axis::logarithmic("", [0.0, -5.0, f64::NAN, 0.1, 10.0].into_iter());
        assert!((0.05..0.1).contains(&axis.from) && (10.0..20.0).contains(&axis.to), "{axis:?}");
    }
}
