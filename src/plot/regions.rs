//! The decision regions of a classifier.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use super::Plot;
use super::axis::Axis;
use super::chart::Chart;
use super::colors::{of_class, tint};
use super::legend::Position;
use super::mark::{Kind, Mark};
use super::sheet::Point;

/// The number of rows and columns of points to classify.
const GRID: usize = 150;
/// The number of shades of a class, by confidence.
const SHADES: f64 = 8.0;

/// A classifier's result for a point. Converts from a class alone, with a confidence of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// The class.
    pub class: usize,
    /// The confidence, from 0 to 1. Higher confidence gives a stronger color.
    pub confidence: f64,
}

impl From<usize> for Region {
    fn from(class: usize) -> Self {
        Self { class, confidence: 1.0 }
    }
}

impl From<(usize, f64)> for Region {
    fn from((class, confidence): (usize, f64)) -> Self {
        Self { class, confidence }
    }
}

/// Plots points `((x, y), class)` on the decision regions of a classifier, a function of `(x, y)`.
///
/// ```
/// let points = [((0.0, 0.0), 0), ((1.0, 1.0), 0), ((0.0, 1.0), 1), ((1.0, 0.0), 1)];
/// let xor = |(x, y): (f64, f64)| usize::from((x > 0.5) != (y > 0.5));
/// let svg = typenet::plot::regions(&points, xor).to_svg()?;
/// # assert!(svg.contains("class 1"));
/// # Ok::<(), typenet::Error>(())
/// ```
pub fn regions<R: Into<Region>>(points: &[(Point, usize)], classify: impl Fn(Point) -> R) -> Plot {
    let x = Axis::around("x", points.iter().map(|(point, _)| point.0), 0.08);
    let y = Axis::around("y", points.iter().map(|(point, _)| point.1), 0.08);
    let mut marks = if points.is_empty() { Vec::new() } else { cells(&x, &y, |point| color(classify(point).into())) };
    marks.extend(dots(points));
    let chart = Chart { x, y, marks, legend: Position::Outside, empty_message: "no points" };
    Plot::new(chart, "Regions of a classifier, with points", (560, 480))
}

#[allow(clippy::many_single_char_names)]
fn color(Region { class, confidence }: Region) -> RGBColor {
    let confidence = if confidence.is_nan() { 0.0 } else { confidence.clamp(0.0, 1.0) };
    tint(of_class(class), 0.05 + 0.35 * (confidence * SHADES).round() / SHADES)
}

/// Divides the plane into cells, with one mark per color. Neighbors of one color in a row become one cell.
fn cells(x: &Axis, y: &Axis, color: impl Fn(Point) -> RGBColor) -> Vec<Mark> {
    let coordinate = |axis: &Axis, line: f64| axis.from + (axis.to - axis.from) * line / GRID as f64;
    let mut cells: BTreeMap<(u8, u8, u8), Vec<(Point, Point)>> = BTreeMap::new();
    for row in 0..GRID {
        let row = row as f64;
        let colors: Vec<_> =
            (0..GRID).map(|column| color((coordinate(x, column as f64 + 0.5), coordinate(y, row + 0.5)))).collect();
        let mut start = 0;
        for run in colors.chunk_by(|one, other| one == other) {
            let end = start + run.len();
            let (left, right) = (coordinate(x, start as f64), coordinate(x, end as f64));
            let corners = ((left, coordinate(y, row + 1.0)), (right, coordinate(y, row)));
            cells.entry((run[0].0, run[0].1, run[0].2)).or_default().push(corners);
            start = end;
        }
    }
    let mark = |((r, g, b), cells)| Mark { label: None, color: RGBColor(r, g, b), kind: Kind::Cells(cells) };
    cells.into_iter().map(mark).collect()
}

/// Returns the dots as one mark for each class.
fn dots(points: &[(Point, usize)]) -> impl Iterator<Item = Mark> {
    let mut classes: BTreeMap<usize, Vec<Point>> = BTreeMap::new();
    for (point, class) in points {
        classes.entry(*class).or_default().push(*point);
    }
    classes.into_iter().map(|(class, points)| Mark {
        label: Some(format!("class {class}")),
        color: of_class(class),
        kind: Kind::Dots { points, radius: 3.0 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_of_one_color_are_one_cell() {
        let axis = Axis::new("", 0.0, 1.0);
        let marks = cells(&axis, &axis, |(x, _)| color(usize::from(x > 0.5).into()));
        assert_eq!(marks.len(), 2);
        for mark in marks {
            let Kind::Cells(cells) = mark.kind else { panic!("a mark without cells") };
            assert_eq!(cells.len(), GRID);
        }
    }

    #[test]
    fn higher_confidence_has_a_stronger_color() {
        let green = |confidence| color((0, confidence).into()).1;
        assert!(green(1.0) < green(0.5) && green(0.5) < green(f64::NAN), "{}", green(0.5));
        assert_eq!(color(3.into()), color((3, 7.0).into()));
    }
}
