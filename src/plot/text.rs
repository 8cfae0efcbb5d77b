//! The font of plots: how wide a text is, and which pixels its letters cover.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, TextStyle};

use super::colors::INK;
use super::sheet::stroke;

/// How far a line reaches above the line that letters stand on, in parts of its size.
pub const ASCENT: f64 = 0.9;
/// How far it reaches below.
pub const DESCENT: f64 = 0.24;
/// How high the middle of its digits is.
pub const MIDDLE: f64 = 0.36;

static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(include_bytes!("font/DejaVuSans-subset.ttf")).expect("the font is a part of the library")
});

/// Text that hangs from a point, or stands on it, as `pos` says; its size in pixels.
pub fn style(size: f64, h: HPos, v: VPos) -> TextStyle<'static> {
    let font = FontDesc::new(FontFamily::SansSerif, f64::from(stroke(size)), FontStyle::Normal);
    TextStyle::from(font).color(&INK).pos(Pos::new(h, v))
}

/// Text whose middle is a point.
pub fn centered(size: f64) -> TextStyle<'static> {
    style(size, HPos::Center, VPos::Center)
}

/// How wide a text is, in the pixels that its size is in.
pub fn width(text: &str, size: f64) -> f64 {
    let font = FONT.as_scaled(scale(size));
    text.chars().map(|letter| f64::from(font.h_advance(font.glyph_id(letter)))).sum()
}

/// Calls `cover` with each pixel that a text beginning at (0, 0) covers, and how much of it.
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

/// `ab_glyph` takes the height of a whole line instead of the size of the letter m.
#[allow(clippy::cast_possible_truncation)]
fn scale(size: f64) -> PxScale {
    let em = FONT.units_per_em().expect("the font says how large it is");
    PxScale::from(size as f32 * FONT.height_unscaled() / em)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The advances of DejaVu Sans, of 2048 units each m: `a` 1255, `i` 569.
    #[test]
    fn widths_are_those_of_the_font() {
        assert!((width("ai", 2048.0) - (1255.0 + 569.0)).abs() < 0.01, "{}", width("ai", 2048.0));
        assert_eq!(width("", 12.0), 0.0);
    }

    #[test]
    fn letters_stand_on_the_line_and_lie_inside_of_their_width() {
        let (mut left, mut right, mut bottom) = (i32::MAX, 0, i32::MIN);
        cover("Hi", 100.0, |x, y, part| {
            if part > 0.0 {
                (left, right, bottom) = (left.min(x), right.max(x), bottom.max(y));
            }
        });
        assert!(left > 5 && f64::from(right) < width("Hi", 100.0) && bottom.abs() <= 1, "{left} {right} {bottom}");
    }

    #[test]
    fn signs_that_plots_use_are_in_the_font() {
        "0123456789.,%-−–×·µλαβ²".chars().for_each(|sign| assert_ne!(FONT.glyph_id(sign).0, 0, "{sign}"));
    }
}
