//! Colors for color-blind readers too, by M. Okabe and K. Ito, <https://jfly.uni-koeln.de/color/>.

use plotters::style::RGBColor;

pub const BLUE: RGBColor = RGBColor(0, 114, 178);
pub const VERMILION: RGBColor = RGBColor(213, 94, 0);
pub const GREEN: RGBColor = RGBColor(0, 158, 115);
pub const ORANGE: RGBColor = RGBColor(230, 159, 0);
pub const SKY: RGBColor = RGBColor(86, 180, 233);
pub const PURPLE: RGBColor = RGBColor(204, 121, 167);
pub const YELLOW: RGBColor = RGBColor(240, 228, 66);
pub const BLACK: RGBColor = RGBColor(0, 0, 0);

/// The color of text and of the frame around a chart.
pub const INK: RGBColor = RGBColor(38, 38, 38);
/// The color of grid lines.
pub const GRID: RGBColor = RGBColor(229, 229, 229);
/// The color of a curve for comparison.
pub const GRAY: RGBColor = RGBColor(127, 127, 127);
pub const WHITE: RGBColor = RGBColor(255, 255, 255);

/// Returns the color of a class. Colors repeat after eight classes.
pub fn of_class(class: usize) -> RGBColor {
    const CLASSES: [RGBColor; 8] = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, YELLOW, BLACK];
    CLASSES[class % CLASSES.len()]
}

/// Returns black or white, whichever is more readable on a color. The contrast is at least 4.5.
pub fn text_on(color: RGBColor) -> RGBColor {
    if contrast(color, BLACK) > contrast(color, WHITE) { BLACK } else { WHITE }
}

/// Returns the contrast of two colors, from 1 to 21, as defined by the Web Content Accessibility Guidelines.
fn contrast(one: RGBColor, other: RGBColor) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Returns the relative luminance of a color, from 0 to 1.
fn luminance(RGBColor(r, g, b): RGBColor) -> f64 {
    let [r, g, b] = [r, g, b].map(|channel| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Mixes a color with white: white if `fraction` is 0, the color itself if it is 1.
pub fn tint(color: RGBColor, fraction: f64) -> RGBColor {
    mix(WHITE, color, fraction)
}

/// Mixes two colors: the first if `fraction` is 0, the second if it is 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 to 255
pub fn mix(RGBColor(r, g, b): RGBColor, RGBColor(red, green, blue): RGBColor, fraction: f64) -> RGBColor {
    let mix = |from: u8, to: u8| {
        let [from, to] = [from, to].map(f64::from);
        (from - (from - to) * fraction.clamp(0.0, 1.0)).round() as u8
    };
    RGBColor(mix(r, red), mix(g, green), mix(b, blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_readable_on_every_shade() {
        assert!((contrast(BLACK, WHITE) - 21.0).abs() < 1e-9);
        for color in [BLUE, VERMILION, GREEN, ORANGE, SKY, PURPLE, YELLOW, BLACK] {
            for part in 0..=1000 {
                let shade = tint(color, f64::from(part) / 1000.0);
                assert!(contrast(shade, text_on(shade)) >= 4.5, "{shade:?}");
            }
        }
    }
}
