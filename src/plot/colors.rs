//! Colours that are told apart also by the colour-blind: those of M. Okabe and K. Ito,
//! <https://jfly.uni-koeln.de/color/>.

use plotters::style::RGBColor;

pub const BLUE: RGBColor = RGBColor(0, 114, 178);
pub const VERMILION: RGBColor = RGBColor(213, 94, 0);
pub const GREEN: RGBColor = RGBColor(0, 158, 115);
pub const ORANGE: RGBColor = RGBColor(230, 159, 0);
pub const SKY: RGBColor = RGBColor(86, 180, 233);
pub const PURPLE: RGBColor = RGBColor(204, 121, 167);
pub const YELLOW: RGBColor = RGBColor(240, 228, 66);
pub const BLACK: RGBColor = RGBColor(0, 0, 0);

/// Text, and the frame around a chart.
pub const INK: RGBColor = RGBColor(38, 38, 38);
/// The lines behind a chart.
pub const GRID: RGBColor = RGBColor(229, 229, 229);
pub const WHITE: RGBColor = RGBColor(255, 255, 255);

/// The colour of a class; more classes than colours share them.
pub fn of_class(class: usize) -> RGBColor {
    const CLASSES: [RGBColor; 8] = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, YELLOW, BLACK];
    CLASSES[class % CLASSES.len()]
}

/// A mixture: white where `part` is 0, the colour itself where it is 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 to 255
pub fn tint(RGBColor(r, g, b): RGBColor, part: f64) -> RGBColor {
    let mix = |channel: u8| (255.0 - (255.0 - f64::from(channel)) * part.clamp(0.0, 1.0)).round() as u8;
    RGBColor(mix(r), mix(g), mix(b))
}
