//! The plot of a fitted curve.

use super::Plot;
use super::axis::Axis;
use super::chart::Chart;
use super::colors::{BLUE, VERMILION};
use super::legend::Position;
use super::mark::{Kind, Mark};
use super::sheet::Point;

/// The number of points at which the curve is evaluated.
const POINTS: usize = 400;

/// Plots data points `(x, y)` and the learned curve, a function of `x`.
///
/// ```
/// let points: Vec<(f64, f64)> = (0..50).map(|i| f64::from(i) / 8.0).map(|x| (x, x.sin())).collect();
/// let svg = typenet::plot::fit(&points, |x| x - x.powi(3) / 6.0).to_svg()?;
/// # assert!(svg.contains("fit"));
/// # Ok::<(), typenet::Error>(())
/// ```
pub fn fit(points: &[Point], curve: impl Fn(f64) -> f64) -> Plot {
    let x = Axis::around("x", points.iter().map(|point| point.0), 0.05);
    let xs = (0..POINTS).map(|i| x.from + (x.to - x.from) * i as f64 / (POINTS - 1) as f64);
    let line: Vec<Point> = xs.map(|x| (x, curve(x))).collect();
    let y = Axis::around("y", points.iter().chain(&line).map(|point| point.1), 0.05);
    let marks = vec![
        mark("data", BLUE, Kind::Dots { points: points.to_vec(), radius: 2.6 }),
        mark("fit", VERMILION, Kind::Line { points: line, width: 2.0, dashed: false }),
    ];
    let chart = Chart { x, y, marks, legend: Position::Outside, empty_message: "no point and no curve" };
    Plot::new(chart, "A curve through points", (640, 480))
}

fn mark(label: &str, color: plotters::style::RGBColor, kind: Kind) -> Mark {
    Mark { label: Some(label.to_owned()), color, kind }
}
