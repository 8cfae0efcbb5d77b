//! Gray pictures of few pixels.

use plotters::element::Rectangle;
use plotters::style::{Color, RGBColor};

use super::sheet::{Area, DrawResult};
use super::units::px;

/// The number of gray levels in a picture.
const SHADES: u8 = 16;

/// The largest side of a pixel, in units, with which a side of `count` pixels fits `room`, in pixels of the plot.
///
/// It is whole units, and whole pixels if there is room.
pub fn pixel_for(count: usize, room: f64) -> i32 {
    let side = room / count.max(1) as f64;
    if side >= 1.0 { px(side.floor()) } else { px(side).max(1) }
}

/// Draws rows of `width` bytes, 0 white and 255 black, shade by shade. Neighbors of one shade in a row become one
/// rectangle.
pub fn draw(square: &Area, bytes: &[u8], width: usize, pixel: i32) -> DrawResult {
    for shade in 1..SHADES {
        let gray = 255 - shade * (255 / (SHADES - 1));
        for (row, bytes) in (0..).zip(bytes.chunks(width)) {
            let mut left = 0;
            for run in bytes.chunk_by(|one, other| level(*one) == level(*other)) {
                let right = left + i32::try_from(run.len()).expect("a row has a few pixels");
                if level(run[0]) == shade {
                    let corners = [(left * pixel, row * pixel), (right * pixel, (row + 1) * pixel)];
                    square.draw(&Rectangle::new(corners, RGBColor(gray, gray, gray).filled()))?;
                }
                left = right;
            }
        }
    }
    Ok(())
}

/// Returns the darkness of a pixel, from 0 to 15.
fn level(byte: u8) -> u8 {
    byte / 17
}
