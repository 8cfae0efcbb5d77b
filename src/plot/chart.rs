//! Lines, points and areas between two axes.

use std::iter::once;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::element::{Circle, DashedPathElement, PathElement, Rectangle};
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::colors::{GRID, INK};
use super::legend::Corner;
use super::sheet::{Area, Drawn, Point, Sheet, pixels, px, stroke};
use super::{Figure, legend, text};

/// Larger numbers are taken for infinite: sums of a few of them would be.
const LARGEST: f64 = 1e300;

/// A chart: what it shows, and between which axes.
#[derive(Debug)]
pub struct Chart {
    pub x: Axis,
    pub y: Axis,
    pub marks: Vec<Mark>,
    pub legend: Corner,
    /// What is said where there is nothing to be shown.
    pub nothing: &'static str,
}

/// What an axis counts, and from where to where.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    pub name: &'static str,
    pub from: f64,
    pub to: f64,
}

/// Something in a chart, with what the legend calls it.
#[derive(Debug)]
pub struct Mark {
    pub label: Option<String>,
    pub color: RGBColor,
    pub kind: Kind,
}

#[derive(Debug)]
pub enum Kind {
    /// A line that has gaps where points are not finite.
    Line { points: Vec<Point>, width: f64, dashed: bool },
    /// Points, each a disc of that radius.
    Dots { points: Vec<Point>, radius: f64 },
    /// Rectangles, each from one corner to the other.
    Cells(Vec<(Point, Point)>),
}

type Context<'a> = ChartContext<'a, Sheet<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

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
    fn tick(&self, value: f64) -> String {
        if value.abs() < 1e-9 * (self.to - self.from) {
            return "0".to_owned();
        }
        // Ticks are multiples of steps such as 0.1, and multiples have errors of rounding.
        let rounded: f64 = format!("{value:.9e}").parse().unwrap_or(value);
        if (1e-4..1e7).contains(&value.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
    }
}

impl Figure for Chart {
    fn draw(&self, area: &Area) -> Drawn {
        let mut chart = ChartBuilder::on(area)
            .margin(px(10.0))
            .margin_right(px(18.0))
            .x_label_area_size(px(42.0))
            .y_label_area_size(px(56.0))
            .build_cartesian_2d(self.x.from..self.x.to, self.y.from..self.y.to)?;
        let (cells, marks): (Vec<_>, Vec<_>) = self.marks.iter().partition(|mark| matches!(mark.kind, Kind::Cells(_)));
        cells.iter().try_for_each(|mark| mark.draw(&mut chart))?;
        self.axes(&mut chart)?;
        marks.iter().try_for_each(|mark| mark.draw(&mut chart))?;
        let inside = chart.plotting_area().strip_coord_spec();
        if self.marks.iter().all(Mark::is_empty) {
            return say(&inside, self.nothing);
        }
        legend::draw(&inside, &self.marks, self.legend)
    }
}

impl Chart {
    fn axes(&self, chart: &mut Context) -> Drawn {
        let (width, height) = chart.plotting_area().dim_in_pixel();
        chart
            .configure_mesh()
            .x_labels(count(width, 75.0))
            .y_labels(count(height, 45.0))
            .x_label_formatter(&|x| self.x.tick(*x))
            .y_label_formatter(&|y| self.y.tick(*y))
            .max_light_lines(1)
            .bold_line_style(line(GRID, 0.8))
            .light_line_style(GRID.mix(0.0))
            .axis_style(line(INK, 0.8))
            .set_all_tick_mark_size(px(4.0))
            .label_style(text::centered(11.0))
            .axis_desc_style(text::centered(12.0))
            .x_desc(self.x.name)
            .y_desc(self.y.name)
            .draw()?;
        frame(&chart.plotting_area().strip_coord_spec())
    }
}

impl Mark {
    fn draw(&self, chart: &mut Context) -> Drawn {
        match &self.kind {
            Kind::Line { points, width, dashed } => self.line(chart, points, *width, *dashed),
            Kind::Dots { points, radius } => self.dots(chart, points, *radius),
            Kind::Cells(cells) => {
                chart.draw_series(cells.iter().map(|(from, to)| Rectangle::new([*from, *to], self.color.filled())))?;
                Ok(())
            }
        }
    }

    /// Each part of the line between two gaps; one of a single point is a dot.
    fn line(&self, chart: &mut Context, points: &[Point], width: f64, dashed: bool) -> Drawn {
        let style = line(self.color, width);
        for part in points.split(|point| !is_shown(point)) {
            match part {
                [] => {}
                [point] => self.dots(chart, &[*point], width)?,
                part if dashed => {
                    let points = part.to_vec().into_iter();
                    chart.draw_series(once(DashedPathElement::new(points, px(5.0), px(4.0), style)))?;
                }
                part => {
                    chart.draw_series(once(PathElement::new(part, style)))?;
                }
            }
        }
        Ok(())
    }

    /// Each with a white rim, so that they are told apart where they lie on each other.
    fn dots(&self, chart: &mut Context, points: &[Point], radius: f64) -> Drawn {
        for point in points.iter().filter(|point| is_shown(point)) {
            chart.draw_series(once(Circle::new(*point, px(radius + 0.6), super::colors::WHITE.filled())))?;
            chart.draw_series(once(Circle::new(*point, px(radius), self.color.filled())))?;
        }
        Ok(())
    }

    fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::Line { points, .. } | Kind::Dots { points, .. } => !points.iter().any(is_shown),
            Kind::Cells(cells) => cells.is_empty(),
        }
    }
}

/// Says something in the middle of an area.
pub fn say(area: &Area, words: &str) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    let middle = (width.cast_signed() / 2, height.cast_signed() / 2);
    area.draw_text(words, &text::centered(12.0), middle)
}

/// The style of a line of that width, in pixels.
pub fn line(color: RGBColor, width: f64) -> ShapeStyle {
    color.stroke_width(stroke(width))
}

/// A frame around an area.
pub fn frame(area: &Area) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    area.draw(&Rectangle::new([(0, 0), (width.cast_signed(), height.cast_signed())], line(INK, 0.8)))
}

fn is_finite(value: f64) -> bool {
    value.abs() <= LARGEST
}

fn is_shown(&(x, y): &Point) -> bool {
    is_finite(x) && is_finite(y)
}

/// How many ticks there is room for, if each needs that many pixels.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few
fn count(units: u32, each: f64) -> usize {
    (pixels(units) / each).round().clamp(2.0, 11.0) as usize
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
