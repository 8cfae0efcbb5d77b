//! The legend of a chart.

use plotters::element::{Circle, DashedPathElement, PathElement, Rectangle};
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use super::colors::{GRID, WHITE};
use super::mark::{Kind, Mark, line};
use super::sheet::{Area, DrawResult};
use super::text;
use super::units::{pixels, px};

// Sizes in pixels.
const FONT_SIZE: f64 = 11.0;
const ROW: f64 = 18.0;
const SAMPLE: f64 = 24.0;
const GAP: f64 = 8.0;

/// The largest fraction of the width that the legend may take.
const MAX_FRACTION: f64 = 0.35;

/// The position of a legend in its chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Position {
    UpperRight,
    LowerRight,
    /// Right of the chart, or in its upper right corner if there is no room.
    Outside,
}

/// Splits the area for the chart and an outside legend; `None` if the legend is inside.
pub fn divide<'a>(area: &Area<'a>, marks: &[Mark], position: Position) -> Option<(Area<'a>, Area<'a>)> {
    let (whole, width) = (pixels(area.dim_in_pixel().0), width(&labeled(marks)) + GAP);
    let divided = position == Position::Outside && width <= MAX_FRACTION * whole;
    divided.then(|| area.split_horizontally(px(whole - width)))
}

/// Draws each label beside a sample of its mark. Without labels, draws nothing.
pub fn draw(area: &Area, marks: &[Mark], position: Position) -> DrawResult {
    let labeled = labeled(marks);
    if labeled.is_empty() {
        return Ok(());
    }
    let (width, height) = (px(width(&labeled)), px(GAP + ROW * labeled.len() as f64));
    let (left, top) = place(area, (width, height), position);
    let corners = [(left, top), (left + width, top + height)];
    area.draw(&Rectangle::new(corners, WHITE.filled()))?;
    area.draw(&Rectangle::new(corners, line(GRID, 0.8)))?;
    for (row, (mark, label)) in labeled.into_iter().enumerate() {
        let middle = top + px(GAP / 2.0 + ROW * (row as f64 + 0.5));
        sample(area, mark, (left + px(GAP), middle))?;
        let at = (left + px(2.0 * GAP + SAMPLE), middle);
        area.draw_text(label, &text::style(FONT_SIZE, HPos::Left, VPos::Center), at)?;
    }
    Ok(())
}

fn labeled(marks: &[Mark]) -> Vec<(&Mark, &str)> {
    marks.iter().filter_map(|mark| Some((mark, mark.label.as_deref()?))).collect()
}

/// Returns the width of the legend in pixels.
fn width(labeled: &[(&Mark, &str)]) -> f64 {
    let widest = labeled.iter().map(|(_, label)| text::width(label, FONT_SIZE)).fold(0.0, f64::max);
    3.0 * GAP + SAMPLE + widest
}

fn place(area: &Area, (width, height): (i32, i32), position: Position) -> (i32, i32) {
    let (area_width, area_height) = area.dim_in_pixel();
    let left = area_width.cast_signed() - width - px(GAP);
    match position {
        Position::UpperRight | Position::Outside => (left, px(GAP)),
        Position::LowerRight => (left, area_height.cast_signed() - height - px(GAP)),
    }
}

fn sample(area: &Area, mark: &Mark, (left, middle): (i32, i32)) -> DrawResult {
    let ends = [(left, middle), (left + px(SAMPLE), middle)];
    match &mark.kind {
        Kind::Line { width, dashed: false, .. } => area.draw(&PathElement::new(ends, line(mark.color, *width))),
        Kind::Line { width, dashed: true, .. } => {
            area.draw(&DashedPathElement::new(ends, px(5.0), px(4.0), line(mark.color, *width)))
        }
        Kind::Dots { radius, .. } => {
            area.draw(&Circle::new((left + px(SAMPLE / 2.0), middle), px(*radius), mark.color.filled()))
        }
        Kind::Cells(_) => {
            let corners = [(left, middle - px(4.0)), (left + px(SAMPLE), middle + px(4.0))];
            area.draw(&Rectangle::new(corners, mark.color.filled()))
        }
    }
}
