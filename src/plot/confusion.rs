//! The plot of a confusion matrix.

use plotters::element::Rectangle;
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, FontTransform, RGBColor};

use super::chart::{draw_message, frame};
use super::colors::{self, BLUE, tint};
use super::sheet::{Area, DrawResult};
use super::units::{pixels, px};
use super::{Figure, Plot, text};
use typenet_core::metrics::ConfusionMatrix;

/// The smallest cell that shows its count, in pixels.
const SMALLEST_CELL: f64 = 18.0;
// Margins around the matrix, in pixels.
const LEFT: f64 = 56.0;
const TOP: f64 = 14.0;
const RIGHT: f64 = 90.0;
const BOTTOM: f64 = 46.0;
/// The number of shades in the color scale.
const SHADES: i32 = 64;
/// The labels of the color scale: fractions and their texts.
const SCALE_LABELS: [(f64, &str); 6] =
    [(0.0, "0 %"), (0.01, "1 %"), (0.1, "10 %"), (0.25, "25 %"), (0.5, "50 %"), (1.0, "100 %")];

/// Plots a confusion matrix: how often each label was classified as each class.
///
/// The color of a cell shows its fraction of the samples with that label. The color scale is a square root, so that rare mistakes
/// stay visible.
pub fn confusion(matrix: &ConfusionMatrix) -> Plot {
    Plot::new(Table(matrix.clone()), "Confusion matrix: labels and answers", (600, 520))
}

#[derive(Debug)]
struct Table(ConfusionMatrix);

impl Figure for Table {
    fn draw(&self, area: &Area) -> DrawResult {
        let (width, height) = area.dim_in_pixel();
        let (width, height) = (px(pixels(width) - LEFT - RIGHT), px(pixels(height) - TOP - BOTTOM));
        let cell = i32::try_from(self.0.classes()).ok().and_then(|classes| width.min(height).checked_div(classes));
        let Some(cell) = cell.filter(|&cell| cell > 0) else { return draw_message(area, "no room for the classes") };
        let side = offset(self.0.classes(), cell);
        let (left, top) = (px(LEFT) + (width - side) / 2, px(TOP) + (height - side) / 2);
        let square = area.clone().shrink((left, top), (side, side));
        self.cells(&square, cell)?;
        frame(&square)?;
        self.names(area, (left, top), cell)?;
        scale(&area.clone().shrink((left + side + px(18.0), top), (px(RIGHT - 18.0), side)))
    }
}

impl Table {
    fn cells(&self, square: &Area, cell: i32) -> DrawResult {
        for label in 0..self.0.classes() {
            for answer in 0..self.0.classes() {
                let (left, top) = (offset(answer, cell), offset(label, cell));
                let color = shade(self.share(label, answer));
                square.draw(&Rectangle::new([(left, top), (left + cell, top + cell)], color.filled()))?;
                let count = self.0.count(label, answer).to_string();
                write_count(square, &count, (left + cell / 2, top + cell / 2), cell, color)?;
            }
        }
        Ok(())
    }

    /// Returns the fraction of the samples with a label that were classified as `answer`.
    fn share(&self, label: usize, answer: usize) -> f64 {
        self.0.count(label, answer) as f64 / self.0.samples(label).max(1) as f64
    }

    /// Draws the classes below and left of the matrix, skipping some if there is no room for all.
    fn names(&self, area: &Area, (left, top): (i32, i32), cell: i32) -> DrawResult {
        let bottom = top + offset(self.0.classes(), cell);
        let each = (px(SMALLEST_CELL) / cell).max(1).unsigned_abs() as usize;
        for class in (0..self.0.classes()).step_by(each) {
            let (name, middle) = (class.to_string(), offset(class, cell) + cell / 2);
            let (below, beside) = ((left + middle, bottom + px(5.0)), (left - px(6.0), top + middle));
            area.draw_text(&name, &text::style(11.0, HPos::Center, VPos::Top), below)?;
            area.draw_text(&name, &text::style(11.0, HPos::Right, VPos::Center), beside)?;
        }
        let half = (bottom - top) / 2;
        area.draw_text("answer", &text::style(12.0, HPos::Center, VPos::Top), (left + half, bottom + px(23.0)))?;
        let upwards = text::centered(12.0).transform(FontTransform::Rotate270);
        area.draw_text("label", &upwards, (left - px(36.0), top + half))
    }
}

/// Returns the offset of a class's cell.
fn offset(class: usize, cell: i32) -> i32 {
    i32::try_from(class).expect("a plot has a few thousand pixels") * cell
}

fn write_count(square: &Area, count: &str, middle: (i32, i32), cell: i32, background: RGBColor) -> DrawResult {
    let room = pixels(cell);
    if room < SMALLEST_CELL {
        return Ok(());
    }
    let size = (0.36 * room).min(12.0).min(0.88 * room / text::width(count, 1.0));
    square.draw_text(count, &text::centered(size).color(&colors::text_on(background)), middle)
}

fn shade(share: f64) -> RGBColor {
    tint(BLUE, share.sqrt())
}

/// Draws the color scale, from 0 at the bottom to 1 at the top.
fn scale(area: &Area) -> DrawResult {
    let height = area.dim_in_pixel().1.cast_signed();
    let width = px(14.0);
    for step in 0..SHADES {
        let (top, bottom) = (height * (SHADES - step - 1) / SHADES, height * (SHADES - step) / SHADES);
        let color = shade((f64::from(step) / f64::from(SHADES - 1)).powi(2));
        area.draw(&Rectangle::new([(0, top), (width, bottom)], color.filled()))?;
    }
    frame(&area.clone().shrink((0, 0), (width, height)))?;
    for (share, name) in SCALE_LABELS {
        let at = (width + px(6.0), height - px(pixels(height) * share.sqrt()));
        area.draw_text(name, &text::style(10.0, HPos::Left, VPos::Center), at)?;
    }
    let upwards = text::centered(10.0).transform(FontTransform::Rotate270);
    area.draw_text("of the label", &upwards, (px(60.0), height / 2))
}
