//! A curve through points.

use super::Plot;
use super::axis::Axis;
use super::chart::{Chart, Kind, Mark};
use super::colors::{BLUE, VERMILION};
use super::legend::Corner;
use super::sheet::Point;

/// At how many places the curve is calculated.
const PLACES: usize = 400;

/// Points `(x, y)` to learn from, and the curve that was learnt: what it gives for `x`.
///
/// ```
/// let points: Vec<(f64, f64)> = (0..50).map(|i| f64::from(i) / 8.0).map(|x| (x, x.sin())).collect();
/// let svg = typenet::plot::fit(&points, |x| x - x.powi(3) / 6.0).to_svg()?;
/// # assert!(svg.contains("fit"));
/// # Ok::<(), typenet::Error>(())
/// ```
pub fn fit(points: &[Point], curve: impl Fn(f64) -> f64) -> Plot {
    let x = Axis::around("x", points.iter().map(|point| point.0), 0.05);
    let places = (0..PLACES).map(|place| x.from + (x.to - x.from) * place as f64 / (PLACES - 1) as f64);
    let line: Vec<Point> = places.map(|x| (x, curve(x))).collect();
    let y = Axis::around("y", points.iter().chain(&line).map(|point| point.1), 0.05);
    let marks = vec![
        mark("data", BLUE, Kind::Dots { points: points.to_vec(), radius: 2.6 }),
        mark("fit", VERMILION, Kind::Line { points: line, width: 2.0, dashed: false }),
    ];
    let chart = Chart { x, y, marks, legend: Corner::Outside, nothing: "no point and no curve" };
    Plot::new(chart, "A curve through points", (640, 480))
}

fn mark(label: &str, color: plotters::style::RGBColor, kind: Kind) -> Mark {
    Mark { label: Some(label.to_owned()), color, kind }
}
