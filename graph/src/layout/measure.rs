//! Estimates the sizes of texts and nodes. The reader's font is unknown, so widths are those of a wide font.

use super::super::label::lines;
use super::super::{Edge, Kind, Node};

/// The font size in nodes.
pub const NODE_FONT: f64 = 15.0;
/// The font size on edges, and of constants and parameter blocks.
pub const SMALL_FONT: f64 = 12.5;
/// The line height, in multiples of the font size.
pub const LINE: f64 = 1.25;
/// The gap between a line and the text above or below it.
pub const GAP: f64 = 4.0;
/// The distance from an edge to the derivative's arrow below it.
pub const BACK: f64 = 6.0;

/// The gap between a line and the name at its end.
pub const BESIDE: f64 = 4.0;

/// The diameter of the smallest operator.
const CIRCLE: f64 = 36.0;
/// The diameter of the largest circular operator.
const WIDEST_CIRCLE: f64 = 64.0;
/// The minimum distance between two arrowheads at an operator, slightly more than the height of one.
const HEADS: f64 = 8.0;
/// The minimum distance of arrowheads from the top and bottom of an operator.
pub const ENDS: f64 = 7.0;

/// The vertical gap between a layer and its parameters.
const BELOW: f64 = 26.0;
/// The horizontal gap between parameters.
const BETWEEN: f64 = 12.0;
/// The minimum gap between columns.
pub const COLUMN_GAP: f64 = 20.0;
/// The maximum gap between columns, for steep lines.
const WIDEST_GAP: f64 = 90.0;
/// The width of a gap per unit of height that a line in it rises or falls.
const SLOPE: f64 = 0.6;

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// The font size in nodes of a kind.
pub fn font(kind: Kind) -> f64 {
    if matches!(kind, Kind::Constant | Kind::Parameter) { SMALL_FONT } else { NODE_FONT }
}

/// The size of a text, which may have several lines.
pub fn text(text: &str, font: f64) -> Size {
    if text.is_empty() {
        return Size::default();
    }
    let ems = lines(text).map(|line| line.chars().map(ems).sum()).fold(0.0, f64::max);
    Size { width: ems * font, height: lines(text).count() as f64 * LINE * font }
}

/// The size of a node with that number of operands, including its border.
pub fn node(node: &Node, operands: usize) -> Size {
    let shown = node.text();
    let Size { width, height } = text(&shown, font(node.kind));
    match node.kind {
        Kind::Output if shown.is_empty() => Size::default(),
        Kind::Input | Kind::Constant | Kind::Output => Size { width: width + 2.0 * BESIDE, height: height + 4.0 },
        Kind::Operator => operator(width, height, operands),
        Kind::Layer | Kind::Loss => Size { width: width + 24.0, height: (height + 16.0).max(CIRCLE) },
        Kind::Parameter => Size { width: width + 16.0, height: height + 10.0 },
    }
}

/// The size of an operator: a circle, or for a long name or many operands a rounded rectangle.
fn operator(width: f64, height: f64, operands: usize) -> Size {
    let smallest = CIRCLE.max(HEADS * operands.saturating_sub(1) as f64 + 2.0 * ENDS);
    let around = (width.hypot(height / 2.0) + 6.0).max(smallest);
    if around <= WIDEST_CIRCLE && around >= height + 6.0 {
        Size { width: around, height: around }
    } else {
        Size { width: width + CIRCLE, height: (height + 12.0).max(smallest) }
    }
}

/// The radius of a node's corners.
pub fn corner(kind: Kind, size: Size) -> f64 {
    match kind {
        Kind::Operator if size.width == size.height => size.height / 2.0,
        Kind::Operator => CIRCLE / 2.0,
        Kind::Layer | Kind::Loss => 8.0,
        Kind::Input | Kind::Constant | Kind::Output | Kind::Parameter => 0.0,
    }
}

/// The size of a box's title: its first line in the font of nodes, and the others in the small one.
pub fn title(title: &str) -> Size {
    let (first, rest) = title.split_once('\n').unwrap_or((title, ""));
    let (first, rest) = (text(first, NODE_FONT), text(rest, SMALL_FONT));
    Size { width: first.width.max(rest.width), height: first.height + rest.height }
}

/// The distance from a node's middle to its border at a vertical offset. Nodes may have round corners.
pub fn half_width(kind: Kind, size: Size, offset: f64) -> f64 {
    let radius = corner(kind, size);
    let into_corner = (offset.abs() - (size.height / 2.0 - radius)).max(0.0);
    size.width / 2.0 - radius + (radius * radius - into_corner * into_corner).max(0.0).sqrt()
}

/// The size of an edge's texts: the width, and the heights above and below the edge.
pub fn edge(Edge { value, gradient, .. }: &Edge) -> (f64, f64, f64) {
    let (value, gradient) = (text(value, SMALL_FONT), text(gradient, SMALL_FONT));
    let above = if value.height > 0.0 { value.height + GAP } else { GAP };
    let below = if gradient.height > 0.0 { BACK + GAP + gradient.height } else { GAP };
    let width = value.width.max(gradient.width);
    (if width > 0.0 { (width + 8.0).max(30.0) } else { 0.0 }, above, below)
}

/// The width of a node with a row of parameters below it, and the space below its middle.
pub fn extent(size: Size, parameters: &[Size]) -> (f64, f64) {
    let (row, tallest) = parameters.iter().fold((-BETWEEN, 0.0), |(row, tallest): (f64, f64), size| {
        (row + BETWEEN + size.width, tallest.max(size.height))
    });
    let below = if tallest > 0.0 { BELOW + tallest } else { 0.0 };
    (size.width.max(row), size.height / 2.0 + below)
}

/// Computes the positions of a row of parameters relative to their layer's middle: the middle of each, and the top.
pub fn row(widths: &[f64], layer_height: f64) -> (Vec<f64>, f64) {
    let total = widths.iter().sum::<f64>() + BETWEEN * (widths.len().max(1) - 1) as f64;
    let mut left = -total / 2.0;
    let middles = widths.iter().map(|width| {
        let middle = left + width / 2.0;
        left += width + BETWEEN;
        middle
    });
    (middles.collect(), layer_height / 2.0 + BELOW)
}

/// The width of a gap in which the steepest line rises or falls by that height.
pub fn fan(height: f64) -> f64 {
    (SLOPE * height).clamp(COLUMN_GAP, WIDEST_GAP)
}

/// The width of a character, in multiples of the font size: at least as in `DejaVu Sans`, a wide font.
fn ems(c: char) -> f64 {
    match c {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | '[' | ']' | '-' | '/' | 'i' | 'j' | 'l' => 0.41,
        'M' | 'W' | 'm' | '@' | '%' => 1.0,
        '0'..='9' | 'a'..='v' | 'x'..='z' => 0.65,
        ' '..='~' => 0.85,
        '\u{2e80}'.. => 1.35, // CJK and emoji
        _ => 1.05,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator_node(label: &str) -> Node {
        Node { kind: Kind::Operator, label: label.to_owned(), gradient: String::new() }
    }

    #[test]
    fn a_text_is_as_wide_as_its_widest_line() {
        assert_eq!(text("", 10.0), Size::default());
        assert_eq!(text("aa", 10.0), Size { width: 13.0, height: 12.5 });
        assert_eq!(text("a\naaa\n", 10.0), Size { width: 19.5, height: 37.5 });
    }

    #[test]
    fn operators_are_circles_unless_their_name_is_long() {
        let size = |label: &str| node(&operator_node(label), 2);
        for short in ["×", "+", "exp", "1/x", "×(-1)", ""] {
            assert_eq!(size(short).width, size(short).height, "{short}");
        }
        assert!(size("softmax").width > size("softmax").height);
        assert!(size("a\nb\nc\nd\ne\nf").height > 6.0 * NODE_FONT);
    }

    #[test]
    fn operators_have_room_for_their_arrowheads() {
        let size = |operands: usize| node(&operator_node("+"), operands);
        assert_eq!(size(3), Size { width: CIRCLE, height: CIRCLE });
        assert_eq!(size(6), Size { width: 54.0, height: 54.0 });
        assert_eq!((size(40).height, corner(Kind::Operator, size(40))), (326.0, CIRCLE / 2.0));
    }
}
