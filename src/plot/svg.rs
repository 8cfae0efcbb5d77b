//! Writes shapes as SVG.

use std::fmt::Write;

use super::sheet::{Anchor, Point, Rgb, Shape, Text};

/// Plots are laid out with the widths of DejaVu Sans. The other fonts are narrower, or hardly wider.
const FONTS: &str = "DejaVu Sans,Verdana,Helvetica,Arial,sans-serif";

/// Returns an `<svg>` element with a white background and a name for screen readers.
pub fn render(shapes: &[Shape], (width, height): (u32, u32), name: &str) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"{}\" font-family=\"{FONTS}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        escape(name)
    );
    for alike in shapes.chunk_by(are_rectangles_of_one_color) {
        match &alike[0] {
            Shape::Rect { color, .. } => rectangles(&mut svg, alike, *color),
            Shape::Line { points, width, color } => line(&mut svg, points, *width, *color),
            Shape::Disc { center: (x, y), radius, color } => {
                let color = hex(*color);
                push(&mut svg, format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{color}\"/>\n"));
            }
            Shape::Text(text) => write_text(&mut svg, text),
        }
    }
    svg + "</svg>\n"
}

/// Escapes a text for XML and HTML. Drops characters that XML cannot represent.
fn escape(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control() && !matches!(sign, '\u{fffe}' | '\u{ffff}')).fold(
        String::with_capacity(text.len()),
        |mut escaped, sign| {
            match sign {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                sign => escaped.push(sign),
            }
            escaped
        },
    )
}

fn are_rectangles_of_one_color(one: &Shape, other: &Shape) -> bool {
    matches!((one, other), (Shape::Rect { color: one, .. }, Shape::Rect { color: other, .. }) if one == other)
}

/// Writes rectangles of one color as one element. Crisp edges leave no gaps between neighbors at any size.
fn rectangles(svg: &mut String, rectangles: &[Shape], color: Rgb) {
    push(svg, format_args!("<path shape-rendering=\"crispEdges\" fill=\"{}\" d=\"", hex(color)));
    for shape in rectangles {
        if let Shape::Rect { from: (left, top), to: (right, bottom), .. } = shape {
            push(svg, format_args!("M{left} {top}H{right}V{bottom}H{left}Z"));
        }
    }
    svg.push_str("\"/>\n");
}

fn line(svg: &mut String, points: &[Point], width: f64, color: Rgb) {
    push(svg, format_args!("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" points=\"", hex(color)));
    for (x, y) in points {
        push(svg, format_args!("{x},{y} "));
    }
    svg.truncate(svg.trim_end().len());
    svg.push_str("\"/>\n");
}

fn write_text(svg: &mut String, Text { words, at: (x, y), anchor, size, upwards, color }: &Text) {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let (x, y) = (round(*x), round(*y));
    let turn = if *upwards { format!(" transform=\"rotate(-90 {x} {y})\"") } else { String::new() };
    push(
        svg,
        format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{}\"{turn}>{}</text>\n",
            hex(*color),
            escape(words)
        ),
    );
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn push(svg: &mut String, arguments: std::fmt::Arguments) {
    svg.write_fmt(arguments).expect("a string takes all");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_of_one_color_are_one_element() {
        let rect = |x: f64, color| Shape::Rect { from: (x, 0.0), to: (x + 1.5, 2.0), color };
        let shapes = [rect(0.0, (0, 0, 0)), rect(3.0, (0, 0, 0)), rect(6.0, (255, 0, 16))];
        let svg = render(&shapes, (10, 10), "");
        assert_eq!(svg.matches("<path").count(), 2);
        assert!(svg.contains("fill=\"#000000\" d=\"M0 0H1.5V2H0ZM3 0H4.5V2H3Z\""), "{svg}");
        assert!(svg.contains("fill=\"#ff0010\""), "{svg}");
    }

    #[test]
    fn text_is_escaped() {
        let text = Text {
            words: "a<b> & \"c\"\u{0}\n".to_owned(),
            at: (1.0, 2.0),
            anchor: Anchor::End,
            size: 12.0,
            upwards: true,
            color: (0, 0, 0),
        };
        let svg = render(&[Shape::Text(text)], (10, 10), "\"><script>");
        assert!(svg.contains("rotate(-90 1 2)\">a&lt;b&gt; &amp; &quot;c&quot;</text>"), "{svg}");
        assert!(svg.contains("aria-label=\"&quot;&gt;&lt;script&gt;\""), "{svg}");
    }
}
