//! A gallery of pictures with captions.

use super::chart::{draw_message, frame};
use super::sheet::{Area, DrawResult};
use super::units::{pixels, px};
use super::{Figure, picture, text};

/// The height of a caption, in pixels.
const CAPTION: f64 = 20.0;
/// The free space around a picture, in pixels.
const GAP: f64 = 14.0;

/// A picture with a byte for each pixel, and its caption.
#[derive(Debug)]
pub struct Picture {
    pub bytes: Vec<u8>,
    pub width: usize,
    /// A map over the picture, with a byte for each pixel; empty for none.
    pub map: Vec<u8>,
    pub caption: String,
}

#[derive(Debug)]
pub struct Gallery {
    pub pictures: Vec<Picture>,
    /// The message if there are none.
    pub otherwise: &'static str,
}

impl Gallery {
    /// The width and height of a plot with up to `columns` pictures side by side.
    pub fn size(&self, columns: usize) -> (u32, u32) {
        let columns = columns.min(self.pictures.len().max(3));
        let rows = self.pictures.len().div_ceil(columns).clamp(1, 20);
        let [columns, rows] = [columns, rows].map(|count| u32::try_from(count).expect("it is at most 20"));
        (132 * columns, 152 * rows)
    }
}

impl Figure for Gallery {
    fn draw(&self, area: &Area) -> DrawResult {
        let pictures = &self.pictures;
        if pictures.is_empty() {
            return draw_message(area, self.otherwise);
        }
        let (width, height) = area.dim_in_pixel();
        let columns = columns(pictures.len(), pixels(width), pixels(height));
        let parts = area.split_evenly((pictures.len().div_ceil(columns), columns));
        pictures.iter().zip(&parts).try_for_each(|(picture, part)| picture.draw(part))
    }
}

/// Returns the number of columns with the most room for each picture.
fn columns(count: usize, width: f64, height: f64) -> usize {
    let side = |columns: usize| (width / columns as f64).min(height / count.div_ceil(columns) as f64 - CAPTION);
    (1..=count).max_by(|one, other| side(*one).total_cmp(&side(*other))).unwrap_or(1)
}

impl Picture {
    fn draw(&self, part: &Area) -> DrawResult {
        let (width, height) = part.dim_in_pixel();
        let rows = self.bytes.len() / self.width.max(1);
        let room = pixels(width).min(pixels(height) - CAPTION) - GAP;
        let pixel = picture::pixel_for(self.width.max(rows), room);
        let side = |count: usize| i32::try_from(count).expect("a picture has a few pixels") * pixel;
        let (wide, high) = (side(self.width), side(rows));
        let (left, top) = ((width.cast_signed() - wide) / 2, (height.cast_signed() - high - px(CAPTION)) / 2);
        let square = part.clone().shrink((left.max(0), top.max(0)), (wide, high));
        if self.map.is_empty() {
            picture::draw(&square, &self.bytes, self.width, pixel)?;
        } else {
            picture::draw_under(&square, &self.bytes, &self.map, self.width, pixel)?;
        }
        frame(&square)?;
        let size = (pixels(width) / text::width(&self.caption, 1.0)).min(11.0);
        let at = (width.cast_signed() / 2, top.max(0) + high + px(CAPTION / 2.0 + 1.0));
        part.draw_text(&self.caption, &text::centered(size), at)
    }
}
