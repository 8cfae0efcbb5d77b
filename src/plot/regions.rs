//! Which class a classifier gives to each point of a plane.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use super::Plot;
use super::axis::Axis;
use super::chart::{Chart, Kind, Mark};
use super::colors::{of_class, tint};
use super::legend::Corner;
use super::sheet::Point;

/// How many columns and rows of points the classifier is asked for.
const GRID: usize = 150;
/// How many shades a class has, from unsure to sure.
const SHADES: f64 = 8.0;

/// What a classifier says of a point; a class alone is taken for sure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// The class.
    pub class: usize,
    /// How sure it is, from 0 to 1: a surer region has a stronger colour.
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

/// Points `((x, y), class)`, on the regions that a classifier gives to each class: what it says of `(x, y)`.
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
    let mut marks = if points.is_empty() { Vec::new() } else { cells(x, y, |point| color(classify(point).into())) };
    marks.extend(dots(points));
    let chart = Chart { x, y, marks, legend: Corner::Outside, nothing: "no points" };
    Plot::new(chart, "Regions of a classifier, with points", (560, 480))
}

#[allow(clippy::many_single_char_names)]
fn color(Region { class, confidence }: Region) -> RGBColor {
    let confidence = if confidence.is_nan() { 0.0 } else { confidence.clamp(0.0, 1.0) };
    tint(of_class(class), 0.05 + 0.35 * (confidence * SHADES).round() / SHADES)
}

/// The plane in cells, neighbours in a row that have one colour being one cell; a mark for each colour.
fn cells(x: Axis, y: Axis, color: impl Fn(Point) -> RGBColor) -> Vec<Mark> {
    let place = |axis: &Axis, line: f64| axis.from + (axis.to - axis.from) * line / GRID as f64;
    let mut cells: BTreeMap<(u8, u8, u8), Vec<(Point, Point)>> = BTreeMap::new();
    for row in 0..GRID {
        let row = row as f64;
        let colors: Vec<_> =
            (0..GRID).map(|column| color((place(&x, column as f64 + 0.5), place(&y, row + 0.5)))).collect();
        let mut start = 0;
        for run in colors.chunk_by(|one, other| one == other) {
            let end = start + run.len();
            let (left, right) = (place(&x, start as f64), place(&x, end as f64));
            let corners = ((left, place(&y, row + 1.0)), (right, place(&y, row)));
            cells.entry((run[0].0, run[0].1, run[0].2)).or_default().push(corners);
            start = end;
        }
    }
    let mark = |((r, g, b), cells)| Mark { label: None, color: RGBColor(r, g, b), kind: Kind::Cells(cells) };
    cells.into_iter().map(mark).collect()
}

/// A mark for each class that points have.
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
    fn neighbours_of_one_color_are_one_cell() {
        let axis = Axis { name: "", from: 0.0, to: 1.0 };
        let marks = cells(axis, axis, |(x, _)| color(usize::from(x > 0.5).into()));
        assert_eq!(marks.len(), 2);
        for mark in marks {
            let Kind::Cells(cells) = mark.kind else { panic!("a mark without cells") };
            assert_eq!(cells.len(), GRID);
        }
    }

    #[test]
    fn a_surer_region_has_a_stronger_color() {
        let green = |confidence| color((0, confidence).into()).1;
        assert!(green(1.0) < green(0.5) && green(0.5) < green(f64::NAN), "{}", green(0.5));
        assert_eq!(color(3.into()), color((3, 7.0).into()));
    }
}
