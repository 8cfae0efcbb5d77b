//! The marks of a chart: lines, dots and cells.

use plotters::style::{Color, RGBColor, ShapeStyle};

use super::sheet::Point;
use super::units::stroke;

/// A mark in a chart, with its label in the legend.
#[derive(Debug)]
pub struct Mark {
    pub label: Option<String>,
    pub color: RGBColor,
    pub kind: Kind,
}

impl Mark {
    /// The points, or the corners of the cells.
    pub fn points(&self) -> Box<dyn Iterator<Item = Point> + '_> {
        match &self.kind {
            Kind::Line { points, .. } | Kind::Dots { points, .. } => Box::new(points.iter().copied()),
            Kind::Cells(cells) => Box::new(cells.iter().flat_map(|(from, to)| [*from, *to])),
        }
    }
}

#[derive(Debug)]
pub enum Kind {
    /// A line, with a gap at each point that is not finite.
    Line { points: Vec<Point>, width: f64, dashed: bool },
    /// Discs of one radius.
    Dots { points: Vec<Point>, radius: f64 },
    /// Rectangles, each given by two opposite corners.
    Cells(Vec<(Point, Point)>),
}

/// The style of a line with a width in pixels.
pub fn line(color: RGBColor, width: f64) -> ShapeStyle {
    color.stroke_width(stroke(width))
}
