//! What the marks of a chart are called.

use plotters::element::{Circle, DashedPathElement, PathElement, Rectangle};
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use super::chart::{Kind, Mark, line};
use super::colors::{GRID, WHITE};
use super::sheet::{Area, Drawn, pixels, px};
use super::text;

/// Sizes in pixels.
const LETTERS: f64 = 11.0;
const ROW: f64 = 18.0;
const SAMPLE: f64 = 24.0;
const GAP: f64 = 8.0;

/// The largest part of a chart's width that a legend may take from it.
const LARGEST_PART: f64 = 0.35;

/// Where the legend of a chart stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Corner {
    UpperRight,
    LowerRight,
    /// Right of the chart, where it hides nothing; in its upper right corner if there is no room.
    Outside,
}

/// Divides a picture that has its legend outside: the part for the chart, and that for the legend.
pub fn divide<'a>(area: &Area<'a>, marks: &[Mark], corner: Corner) -> Option<(Area<'a>, Area<'a>)> {
    let (whole, width) = (pixels(area.dim_in_pixel().0), width(&labelled(marks)) + GAP);
    let divided = corner == Corner::Outside && width <= LARGEST_PART * whole;
    divided.then(|| area.split_horizontally(px(whole - width)))
}

/// Draws the marks that have a label, each with a sample of it; if none has one, nothing.
pub fn draw(area: &Area, marks: &[Mark], corner: Corner) -> Drawn {
    let labelled = labelled(marks);
    if labelled.is_empty() {
        return Ok(());
    }
    let (width, height) = (px(width(&labelled)), px(GAP + ROW * labelled.len() as f64));
    let (left, top) = place(area, (width, height), corner);
    let corners = [(left, top), (left + width, top + height)];
    area.draw(&Rectangle::new(corners, WHITE.filled()))?;
    area.draw(&Rectangle::new(corners, line(GRID, 0.8)))?;
    for (row, (mark, label)) in labelled.into_iter().enumerate() {
        let middle = top + px(GAP / 2.0 + ROW * (row as f64 + 0.5));
        sample(area, mark, (left + px(GAP), middle))?;
        let at = (left + px(2.0 * GAP + SAMPLE), middle);
        area.draw_text(label, &text::style(LETTERS, HPos::Left, VPos::Center), at)?;
    }
    Ok(())
}

fn labelled(marks: &[Mark]) -> Vec<(&Mark, &str)> {
    marks.iter().filter_map(|mark| Some((mark, mark.label.as_deref()?))).collect()
}

/// In pixels.
fn width(labelled: &[(&Mark, &str)]) -> f64 {
    let widest = labelled.iter().map(|(_, label)| text::width(label, LETTERS)).fold(0.0, f64::max);
    3.0 * GAP + SAMPLE + widest
}

fn place(area: &Area, (width, height): (i32, i32), corner: Corner) -> (i32, i32) {
    let (area_width, area_height) = area.dim_in_pixel();
    let left = area_width.cast_signed() - width - px(GAP);
    match corner {
        Corner::UpperRight | Corner::Outside => (left, px(GAP)),
        Corner::LowerRight => (left, area_height.cast_signed() - height - px(GAP)),
    }
}

fn sample(area: &Area, mark: &Mark, (left, middle): (i32, i32)) -> Drawn {
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
