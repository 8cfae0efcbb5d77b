//! Pictures of few pixels.

use plotters::element::Rectangle;
use plotters::style::{Color, RGBColor};
use typenet_core::Scalar;

use super::colors::{INK, VERMILION, mix, tint};
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

/// The levels of gray and of color in a picture under a map.
const LEVELS: u8 = 8;

/// Draws a picture in lighter gray, and over it a map from 0, transparent, to 255, in full color.
pub fn draw_under(square: &Area, bytes: &[u8], map: &[u8], width: usize, pixel: i32) -> DrawResult {
    let coarse = |byte: u8| byte / (u8::MAX / LEVELS + 1);
    let levels: Vec<(u8, u8)> = bytes.iter().zip(map).map(|(&byte, &map)| (coarse(byte), coarse(map))).collect();
    for gray in 0..LEVELS {
        for color in (0..LEVELS).filter(|&color| color > 0 || gray > 0) {
            let [part, dark] = [color, gray].map(|level| f64::from(level) / f64::from(LEVELS - 1));
            let style = mix(tint(INK, 0.6 * dark), VERMILION, part).filled();
            for (row, levels) in (0..).zip(levels.chunks(width)) {
                let mut left = 0;
                for run in levels.chunk_by(|one, other| one == other) {
                    let right = left + i32::try_from(run.len()).expect("a row has a few pixels");
                    if run[0] == (gray, color) {
                        let corners = [(left * pixel, row * pixel), (right * pixel, (row + 1) * pixel)];
                        square.draw(&Rectangle::new(corners, style))?;
                    }
                    left = right;
                }
            }
        }
    }
    Ok(())
}

/// Scales values to bytes: from the largest, 0, to the smallest, 255; or from 0 and less, 0, to the largest, 255.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to the range of a byte
pub fn scaled<T: Scalar>(values: &[T], signed: bool) -> Vec<u8> {
    let finite = || values.iter().map(|value| value.as_f64()).filter(|value| value.is_finite());
    let (smallest, largest) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let (white, black) = if signed { (largest, smallest) } else { (0.0, largest.max(0.0)) };
    // Equal values are white; so is NaN.
    let darkness =
        |value: f64| if white == black { 0.0 } else { (value / 2.0 - white / 2.0) / (black / 2.0 - white / 2.0) };
    values.iter().map(|value| (255.0 * darkness(value.as_f64())).clamp(0.0, 255.0).round() as u8).collect()
}

/// Returns the darkness of a pixel, from 0 to 15.
fn level(byte: u8) -> u8 {
    byte / 17
}
