//! The font of plots: text widths and the pixels that glyphs cover.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, TextStyle};

use super::colors::INK;
use super::units::stroke;

/// The height of a line above the baseline, as a fraction of the font size.
pub const ASCENT: f64 = 0.9;
/// The depth of a line below the baseline.
pub const DESCENT: f64 = 0.24;
/// The height of the middle of a digit.
pub const MIDDLE: f64 = 0.36;

static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(include_bytes!("font/DejaVuSans-subset.ttf")).expect("the font is a part of the library")
});

/// A text style with its size in pixels, anchored at a point by `h` and `v`.
pub fn style(size: f64, h: HPos, v: VPos) -> TextStyle<'static> {
    let font = FontDesc::new(FontFamily::SansSerif, f64::from(stroke(size)), FontStyle::Normal);
    TextStyle::from(font).color(&INK).pos(Pos::new(h, v))
}

/// A text style centered on a point.
pub fn centered(size: f64) -> TextStyle<'static> {
    style(size, HPos::Center, VPos::Center)
}

/// Returns the width of a text in the unit of `size`.
pub fn width(text: &str, size: f64) -> f64 {
    let font = FONT.as_scaled(scale(size));
    text.chars().map(|letter| f64::from(font.h_advance(font.glyph_id(letter)))).sum()
}

/// Calls `cover` with each covered pixel of a text at (0, 0), and with the covered fraction.
#[allow(clippy::cast_possible_truncation)] // pixels
pub fn cover(text: &str, size: f64, mut cover: impl FnMut(i32, i32, f32)) {
    for outline in glyphs(text, size).filter_map(|glyph| FONT.outline_glyph(glyph)) {
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, part| cover(x.cast_signed() + corner.x as i32, y.cast_signed() + corner.y as i32, part));
    }
}

fn glyphs(text: &str, size: f64) -> impl Iterator<Item = Glyph> {
    let font = FONT.as_scaled(scale(size));
    text.chars().scan(0.0, move |x, letter| {
        let id = font.glyph_id(letter);
        let at = *x;
        *x += font.h_advance(id);
        Some(id.with_scale_and_position(scale(size), point(at, 0.0)))
    })
}

/// Converts a font size to the line height that `ab_glyph` expects.
#[allow(clippy::cast_possible_truncation)]
fn scale(size: f64) -> PxScale {
    let em = FONT.units_per_em().expect("the font says how large it is");
    PxScale::from(size as f32 * FONT.height_unscaled() / em)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Advances in DejaVu Sans, with 2048 units per em: `a` 1255, `i` 569.
    #[test]
    fn widths_are_those_of_the_font() {
        assert!((width("ai", 2048.0) - (1255.0 + 569.0)).abs() < 0.01, "{}", width("ai", 2048.0));
        assert_eq!(width("", 12.0), 0.0);
    }

    #[test]
    fn letters_stand_on_the_baseline_and_fit_their_width() {
        let (mut left, mut right, mut bottom) = (i32::MAX, 0, i32::MIN);
        cover("Hi", 100.0, |x, y, part| {
            if part > 0.0 {
                (left, right, bottom) = (left.min(x), right.max(x), bottom.max(y));
            }
        });
        assert!(left > 5 && f64::from(right) < width("Hi", 100.0) && bottom.abs() <= 1, "{left} {right} {bottom}");
    }

    #[test]
    fn the_font_has_the_characters_of_plots() {
        "0123456789.,%-−–×·µλαβ²".chars().for_each(|sign| assert_ne!(FONT.glyph_id(sign).0, 0, "{sign}"));
    }
}
