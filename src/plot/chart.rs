//! Charts of lines, dots and cells with two axes.

use std::iter::once;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::element::{Circle, DashedPathElement, PathElement, Rectangle};
use plotters::style::{Color, ShapeStyle};

use super::axis::Axis;
use super::colors::{GRID, INK, WHITE};
use super::legend::Position;
use super::mark::{Kind, Mark, line};
use super::sheet::{Area, DrawResult, DrawingError, Point, Sheet};
use super::units::{pixels, px};
use super::{Figure, legend, text};

/// The height of the labels below a chart, in pixels.
pub const X_LABELS: f64 = 42.0;
/// The width of the labels left of a chart, in pixels.
pub const Y_LABELS: f64 = 56.0;

/// A chart: marks, two axes and a legend.
#[derive(Debug)]
pub struct Chart {
    pub x: Axis,
    pub y: Axis,
    pub marks: Vec<Mark>,
    pub legend: Position,
    /// The message if the chart has no data.
    pub empty_message: &'static str,
}

type Context<'a> = ChartContext<'a, Sheet<'a>, Cartesian2d<Axis, Axis>>;

impl Figure for Chart {
    fn set_logarithmic(&mut self, [x, y]: [bool; 2]) {
        let points = || self.marks.iter().flat_map(|mark| mark.points());
        let x = x.then(|| Axis::logarithmic(&self.x.name, points().map(|point| point.0)));
        let y = y.then(|| Axis::logarithmic(&self.y.name, points().map(|point| point.1)));
        self.x = x.unwrap_or_else(|| self.x.clone());
        self.y = y.unwrap_or_else(|| self.y.clone());
    }

    fn draw(&self, area: &Area) -> DrawResult {
        let beside = legend::divide(area, &self.marks, self.legend);
        let around = Around { margin: 10.0, right: 18.0, below: X_LABELS, left: Y_LABELS };
        let inside = self.draw_in(beside.as_ref().map_or(area, |(chart, _)| chart), around)?;
        if self.is_empty() {
            return Ok(());
        }
        legend::draw(beside.as_ref().map_or(&inside, |(_, beside)| beside), &self.marks, self.legend)
    }
}

/// The space around the axes of a chart, in pixels. An axis without space has no labels.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    pub margin: f64,
    pub right: f64,
    pub below: f64,
    pub left: f64,
}

impl Chart {
    /// Draws the chart without its legend, and returns the area between the axes.
    pub fn draw_in<'a>(&self, area: &Area<'a>, around: Around) -> Result<Area<'a>, DrawingError> {
        let mut chart = ChartBuilder::on(area)
            .margin(px(around.margin))
            .margin_right(px(around.right))
            .x_label_area_size(px(around.below))
            .y_label_area_size(px(around.left))
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        let (cells, marks): (Vec<_>, Vec<_>) = self.marks.iter().partition(|mark| matches!(mark.kind, Kind::Cells(_)));
        cells.iter().try_for_each(|mark| self.draw_mark(&mut chart, mark))?;
        self.axes(&mut chart)?;
        marks.iter().try_for_each(|mark| self.draw_mark(&mut chart, mark))?;
        let inside = chart.plotting_area().strip_coord_spec();
        if self.is_empty() {
            draw_message(&inside, self.empty_message)?;
        }
        Ok(inside)
    }

    fn is_empty(&self) -> bool {
        self.marks.iter().all(|mark| match &mark.kind {
            Kind::Line { points, .. } | Kind::Dots { points, .. } => !points.iter().any(|point| self.shows(point)),
            Kind::Cells(cells) => cells.is_empty(),
        })
    }

    fn shows(&self, (x, y): &Point) -> bool {
        self.x.shows(*x) && self.y.shows(*y)
    }

    fn axes(&self, chart: &mut Context) -> DrawResult {
        let (width, height) = chart.plotting_area().dim_in_pixel();
        chart
            .configure_mesh()
            .x_labels(tick_count(width, 75.0))
            .y_labels(tick_count(height, 45.0))
            .max_light_lines(1)
            .bold_line_style(line(GRID, 0.8))
            .light_line_style(GRID.mix(0.0))
            .axis_style(line(INK, 0.8))
            .set_all_tick_mark_size(px(4.0))
            .label_style(text::centered(11.0))
            .axis_desc_style(text::centered(12.0))
            .x_desc(&self.x.name)
            .y_desc(&self.y.name)
            .draw()?;
        let (right, bottom) = (width.cast_signed(), height.cast_signed());
        let rest = PathElement::new([(0, 0), (right, 0), (right, bottom)], line(INK, 0.8));
        chart.plotting_area().strip_coord_spec().draw(&rest)
    }

    fn draw_mark(&self, chart: &mut Context, Mark { color, kind, .. }: &Mark) -> DrawResult {
        match kind {
            Kind::Line { points, width, dashed } => self.line(chart, points, line(*color, *width), *dashed),
            Kind::Dots { points, radius } => self.dots(chart, points, *color, *radius),
            Kind::Cells(cells) => {
                chart.draw_series(cells.iter().map(|(from, to)| Rectangle::new([*from, *to], color.filled())))?;
                Ok(())
            }
        }
    }

    /// Draws the line in pieces between its gaps. A piece of a single point is a dot.
    fn line(&self, chart: &mut Context, points: &[Point], style: ShapeStyle, dashed: bool) -> DrawResult {
        for piece in points.split(|point| !self.shows(point)) {
            match piece {
                [] => {}
                [point] => self.dots(chart, &[*point], style.color, pixels(style.stroke_width))?,
                piece if dashed => {
                    let points = piece.iter().copied();
                    chart.draw_series(once(DashedPathElement::new(points, px(5.0), px(4.0), style)))?;
                }
                piece => {
                    chart.draw_series(once(PathElement::new(piece, style)))?;
                }
            }
        }
        Ok(())
    }

    /// Draws each dot with a white rim, so that overlapping dots stay visible.
    fn dots(&self, chart: &mut Context, points: &[Point], color: impl Color + Copy, radius: f64) -> DrawResult {
        for point in points.iter().filter(|point| self.shows(point)) {
            chart.draw_series(once(Circle::new(*point, px(radius + 0.6), WHITE.filled())))?;
            chart.draw_series(once(Circle::new(*point, px(radius), color.filled())))?;
        }
        Ok(())
    }
}

/// Draws a message in the middle of an area.
pub fn draw_message(area: &Area, message: &str) -> DrawResult {
    let (width, height) = area.dim_in_pixel();
    let middle = (width.cast_signed() / 2, height.cast_signed() / 2);
    area.draw_text(message, &text::centered(12.0), middle)
}

/// Draws a frame around an area.
pub fn frame(area: &Area) -> DrawResult {
    let (width, height) = area.dim_in_pixel();
    area.draw(&Rectangle::new([(0, 0), (width.cast_signed(), height.cast_signed())], line(INK, 0.8)))
}

/// Returns the number of ticks that fit, given the pixels for each.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small positive number
fn tick_count(units: u32, each: f64) -> usize {
    (pixels(units) / each).round().clamp(2.0, 11.0) as usize
}
