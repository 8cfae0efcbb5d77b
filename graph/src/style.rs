//! Colours, the same in every format. All are legible on white, and to those who see few colours.

use super::Kind;

/// Of text and lines.
pub const INK: &str = "#1a1a1a";
/// Of what flows back.
pub const GRADIENT: &str = "#1d4fd7";
/// Of what does not matter as much.
pub const FAINT: &str = "#666666";

/// What a box is filled with, and its border; `None` for a plain text.
pub fn colours(kind: Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::Input | Kind::Constant | Kind::Output => None,
        Kind::Operator => Some(("#ffffff", INK)),
        Kind::Layer => Some(("#dcebf9", "#2a6099")),
        Kind::Parameter => Some(("#fdf0d3", "#9a6b00")),
        Kind::Loss => Some(("#f9dede", "#a03333")),
    }
}
