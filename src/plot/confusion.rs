//! A confusion matrix.

use plotters::element::Rectangle;
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, FontTransform, RGBColor};

use super::chart::{frame, say};
use super::colors::{self, BLUE, tint};
use super::sheet::{Area, Drawn, pixels, px};
use super::{Figure, Plot, text};
use crate::metrics::ConfusionMatrix;

/// With fewer pixels a cell has no room for its count.
const SMALLEST_CELL: f64 = 18.0;
/// What is beside the matrix, in pixels.
const LEFT: f64 = 56.0;
const TOP: f64 = 14.0;
const RIGHT: f64 = 90.0;
const BOTTOM: f64 = 46.0;
/// How many shades the scale shows, and which parts are written beside it.
const SHADES: i32 = 64;
const PARTS: [(f64, &str); 6] =
    [(0.0, "0 %"), (0.01, "1 %"), (0.1, "10 %"), (0.25, "25 %"), (0.5, "50 %"), (1.0, "100 %")];

/// How often each label was taken for each answer.
///
/// The colour of a cell is its part of all samples with that label. The scale is one of square roots, so that what is
/// rare is seen beside what is right.
pub fn confusion(matrix: &ConfusionMatrix) -> Plot {
    Plot::new(Table(matrix.clone()), "Confusion matrix: labels and answers", (600, 520))
}

#[derive(Debug)]
struct Table(ConfusionMatrix);

impl Figure for Table {
    fn draw(&self, area: &Area) -> Drawn {
        let (width, height) = area.dim_in_pixel();
        let (width, height) = (px(pixels(width) - LEFT - RIGHT), px(pixels(height) - TOP - BOTTOM));
        let cell = i32::try_from(self.0.classes()).ok().and_then(|classes| width.min(height).checked_div(classes));
        let Some(cell) = cell.filter(|&cell| cell > 0) else { return say(area, "no room for the classes") };
        let side = place(self.0.classes(), cell);
        let (left, top) = (px(LEFT) + (width - side) / 2, px(TOP) + (height - side) / 2);
        let square = area.clone().shrink((left, top), (side, side));
        self.cells(&square, cell)?;
        frame(&square)?;
        self.names(area, (left, top), cell)?;
        scale(&area.clone().shrink((left + side + px(18.0), top), (px(RIGHT - 18.0), side)))
    }
}

impl Table {
    fn cells(&self, square: &Area, cell: i32) -> Drawn {
        for label in 0..self.0.classes() {
            for answer in 0..self.0.classes() {
                let (left, top) = (place(answer, cell), place(label, cell));
                let color = shade(self.share(label, answer));
                square.draw(&Rectangle::new([(left, top), (left + cell, top + cell)], color.filled()))?;
                let count = self.0.count(label, answer).to_string();
                write_count(square, &count, (left + cell / 2, top + cell / 2), cell, color)?;
            }
        }
        Ok(())
    }

    /// Which part of the samples with that label was taken for that answer.
    fn share(&self, label: usize, answer: usize) -> f64 {
        self.0.count(label, answer) as f64 / self.0.samples(label).max(1) as f64
    }

    /// The classes below the matrix and left of it: as many as there is room for.
    fn names(&self, area: &Area, (left, top): (i32, i32), cell: i32) -> Drawn {
        let bottom = top + place(self.0.classes(), cell);
        let each = (px(SMALLEST_CELL) / cell).max(1).unsigned_abs() as usize;
        for class in (0..self.0.classes()).step_by(each) {
            let (name, middle) = (class.to_string(), place(class, cell) + cell / 2);
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

/// Where the cell of that class begins.
fn place(class: usize, cell: i32) -> i32 {
    i32::try_from(class).expect("a plot has a few thousand pixels") * cell
}

fn write_count(square: &Area, count: &str, middle: (i32, i32), cell: i32, behind: RGBColor) -> Drawn {
    let room = pixels(cell);
    if room < SMALLEST_CELL {
        return Ok(());
    }
    let size = (0.36 * room).min(12.0).min(0.88 * room / text::width(count, 1.0));
    square.draw_text(count, &text::centered(size).color(&colors::on(behind)), middle)
}

fn shade(share: f64) -> RGBColor {
    tint(BLUE, share.sqrt())
}

/// The colours with the parts that they stand for, from 0 below to 1 above.
fn scale(area: &Area) -> Drawn {
    let height = area.dim_in_pixel().1.cast_signed();
    let width = px(14.0);
    for step in 0..SHADES {
        let (top, bottom) = (height * (SHADES - step - 1) / SHADES, height * (SHADES - step) / SHADES);
        let color = shade((f64::from(step) / f64::from(SHADES - 1)).powi(2));
        area.draw(&Rectangle::new([(0, top), (width, bottom)], color.filled()))?;
    }
    frame(&area.clone().shrink((0, 0), (width, height)))?;
    for (share, name) in PARTS {
        let at = (width + px(6.0), height - px(pixels(height) * share.sqrt()));
        area.draw_text(name, &text::style(10.0, HPos::Left, VPos::Center), at)?;
    }
    let upwards = text::centered(10.0).transform(FontTransform::Rotate270);
    area.draw_text("of the label", &upwards, (px(60.0), height / 2))
}
