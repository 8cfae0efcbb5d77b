//! Curves through points of any two quantities.

use super::Plot;
use super::axis::Axis;
use super::chart::Chart;
use super::colors::of_class;
use super::legend::Position;
use super::mark::{Kind, Mark};
use super::sheet::Point;

/// Plots curves of `y` over `x`, each with its name and its points `(x, y)`.
///
/// `x` and `y` are the names of the axes. A curve with an empty name is not in the legend. A point that is not finite is a gap.
///
/// ```
/// // The losses of a few learning rates.
/// let test: Vec<(f64, f64)> = (0..40).map(|i| 0.7_f64.powi(i)).map(|rate| (rate, 1.0 + rate.ln().powi(2))).collect();
/// let svg = typenet::plot::lines("learning rate", "loss", &[("Adam", &test)]).log_x().to_svg()?;
/// assert!(svg.contains("learning rate") && svg.contains("0.01"));
/// # Ok::<(), typenet::Error>(())
/// ```
pub fn lines(x: &str, y: &str, curves: &[(&str, &[Point])]) -> Plot {
    let points = || curves.iter().flat_map(|(_, points)| *points);
    let [x, y] =
        [Axis::around(x, points().map(|point| point.0), 0.02), Axis::around(y, points().map(|point| point.1), 0.05)];
    let mark = |(index, (name, points)): (usize, &(&str, &[Point]))| Mark {
        label: (!name.is_empty()).then(|| (*name).to_owned()),
        color: of_class(index),
        kind: Kind::Line { points: points.to_vec(), width: 1.8, dashed: false },
    };
    let marks = curves.iter().enumerate().map(mark).collect();
    Plot::new(Chart { x, y, marks, legend: Position::Outside, empty_message: "no points" }, "Curves", (640, 480))
}
