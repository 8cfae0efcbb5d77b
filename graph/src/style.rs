//! The colors of all formats. They are legible on white, and for color-blind readers.

use super::Kind;

/// The color of text and lines.
pub const INK: &str = "#1a1a1a";
/// The color of derivatives.
pub const GRADIENT: &str = "#1d4fd7";
/// The color of less important parts.
pub const FAINT: &str = "#666666";

/// The fill and border colors of a node; `None` for plain text.
pub fn colors(kind: Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::Input | Kind::Constant | Kind::Output => None,
        Kind::Operator => Some(("#ffffff", INK)),
        Kind::Layer => Some(("#dcebf9", "#2a6099")),
        Kind::Parameter => Some(("#fdf0d3", "#9a6b00")),
        Kind::Loss => Some(("#f9dede", "#a03333")),
    }
}

/// The fill and border colors of a box around nodes, with that number of boxes around it.
pub fn group_colors(depth: usize) -> (&'static str, &'static str) {
    (if depth.is_multiple_of(2) { "#f4f7fa" } else { "#ffffff" }, "#7d95ab")
}
