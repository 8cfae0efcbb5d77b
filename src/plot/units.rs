//! Pixels and the units of a sheet.
//!
//! plotters uses whole numbers as coordinates. A unit is an eighth of a pixel, so that curves are smooth.

/// The number of units in a pixel.
pub const UNITS: u32 = 8;

/// Converts pixels to units.
#[allow(clippy::cast_possible_truncation)] // a plot has a few thousand pixels
pub fn px(pixels: f64) -> i32 {
    (pixels * f64::from(UNITS)).round() as i32
}

/// Converts the width of a line from pixels to units.
#[allow(clippy::cast_sign_loss)] // widths are positive
pub fn stroke(pixels: f64) -> u32 {
    px(pixels) as u32
}

/// Converts units to pixels.
pub fn pixels(units: impl Into<f64>) -> f64 {
    units.into() / f64::from(UNITS)
}
