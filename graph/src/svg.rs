use std::fmt::{self, Display, Formatter, Write};

use super::label::{lines, xml};
use super::layout::measure::{BACK, BESIDE, GAP, LINE, NODE_FONT, SMALL_FONT, corner, font, half_width, text};
use super::layout::{AROUND_TITLE, Area, ItemKind, Layout, Line, PADDING, Picture};
use super::style::{FAINT, GRADIENT, INK, colors, group_colors};
use super::{Edge, Graph, Kind, Node};

/// The maximum number of inputs or outputs in a picture's title.
const NAMES: usize = 6;

/// The length of an arrowhead, and also its width.
const HEAD: f64 = 7.0;

impl Graph {
    /// Draws the graph as an SVG picture, in the style of the book.
    ///
    /// The graph runs from left to right. Values are black, above the arrows; derivatives are blue, below them, with an
    /// arrow to the left. The picture needs no other program and no embedded font.
    ///
    /// ```
    /// # use typenet_graph::{Graph, Kind};
    /// let mut graph = Graph::new();
    /// let (x, exp) = (graph.node(Kind::Input, "x"), graph.node(Kind::Operator, "exp"));
    /// graph.edge(x, exp, "0", "1");
    /// assert!(graph.to_svg().starts_with("<svg "));
    /// ```
    #[must_use]
    pub fn to_svg(&self) -> String {
        Svg { graph: self, layout: Layout::new(self), fits_its_page: false }.to_string()
    }

    /// Draws the graph as HTML, to be embedded in a page or in Markdown.
    ///
    /// A picture that is wider than the page shrinks, but not below 60 % of its size, or 72 % with boxes. If it is still too wide, it scrolls.
    /// The HTML contains no empty lines.
    ///
    /// ```
    /// # use typenet_graph::{Graph, Kind};
    /// let mut graph = Graph::new();
    /// graph.node(Kind::Input, "x");
    /// assert!(graph.to_html().starts_with("<div "));
    /// ```
    #[must_use]
    pub fn to_html(&self) -> String {
        let svg = Svg { graph: self, layout: Layout::new(self), fits_its_page: true };
        format!("<div style=\"overflow-x: auto\">\n{svg}</div>\n")
    }
}

struct Svg<'a> {
    graph: &'a Graph,
    layout: Layout,
    fits_its_page: bool,
}

/// The smallest scale of a picture that is wider than its page.
const SMALLEST: f64 = 0.6;
/// The same for a picture with boxes, whose titles and shapes stay at least 9 pixels high.
const SMALLEST_WITH_BOXES: f64 = 0.72;

impl Display for Svg<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self { graph, layout, fits_its_page } = self;
        let (width, height) = (Pixels(layout.width.ceil()), Pixels(layout.height.ceil()));
        let style = if *fits_its_page {
            let scale = if graph.groups.is_empty() { SMALLEST } else { SMALLEST_WITH_BOXES };
            let smallest = Pixels((layout.width * scale).ceil());
            format!("style=\"max-width: 100%; min-width: {smallest}px; height: auto\" ")
        } else {
            String::new()
        };
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" {style}\
         role=\"img\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" fill=\"{INK}\">"
        )?;
        writeln!(out, "<title>{}</title>", xml(&title(graph)))?;
        writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
        let insides = layout.insides();
        write_boxes(graph, &insides, out)?;
        write_lines(layout, &insides, out)?;
        write_items(layout, out)?;
        for &(edge, (x, y), width) in &insides.texts {
            write_edge(&graph.edges[edge], x, y, width, out)?;
        }
        write_nodes(&layout.graph, &layout.nodes(), out)?;
        write_nodes(graph, &insides.nodes, out)?;
        writeln!(out, "</svg>")
    }
}

/// The picture's title, for screen readers.
fn title(graph: &Graph) -> String {
    let names = |kind: Kind| {
        let mut names: Vec<String> = graph
            .nodes
            .iter()
            .filter(|node| node.kind == kind && !node.label.is_empty())
            .filter_map(|node| lines(&node.label).next())
            .collect();
        let more = names.len() > NAMES;
        names.truncate(NAMES);
        names.join(", ") + if more { ", ..." } else { "" }
    };
    let (inputs, outputs) = (names(Kind::Input), names(Kind::Output));
    let from = if inputs.is_empty() { String::new() } else { format!(" from {inputs}") };
    let to = if outputs.is_empty() { String::new() } else { format!(" to {outputs}") };
    format!("Computational graph{from}{to}")
}

/// Draws the boxes with their titles.
fn write_boxes(graph: &Graph, insides: &Picture, out: &mut Formatter<'_>) -> fmt::Result {
    for &(group, area, depth) in &insides.boxes {
        let (fill, border) = group_colors(depth);
        write_rect(area, 10.0, &format!("fill=\"{fill}\" stroke=\"{border}\" stroke-width=\"1.2\""), out)?;
        let title = &graph.groups[group].title;
        let (first, rest) = title.split_once('\n').unwrap_or((title, ""));
        let (x, top) = (area.x + PADDING, area.y + AROUND_TITLE);
        write_anchored(first, (x, top), "start", NODE_FONT, INK, out)?;
        write_anchored(rest, (x, top + text(first, NODE_FONT).height), "start", SMALL_FONT, FAINT, out)?;
    }
    Ok(())
}

fn write_rect(area: Area, radius: f64, style: &str, out: &mut Formatter<'_>) -> fmt::Result {
    let [x, y, width, height, radius] = [area.x, area.y, area.width, area.height, radius].map(Pixels);
    writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" {style}/>")
}

/// Draws all lines and their arrowheads.
fn write_lines(layout: &Layout, insides: &Picture, out: &mut Formatter<'_>) -> fmt::Result {
    writeln!(out, "<g fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.2\">")?;
    let mut heads = String::new();
    let mut entered = vec![0; layout.levels.items.len()];
    for route in &layout.levels.routes {
        let (path, end) = path(layout, route, &mut entered)?;
        writeln!(out, "<path d=\"{path}\"/>")?;
        write_head(&mut heads, end)?;
    }
    for line in &insides.lines {
        writeln!(out, "<path d=\"{}\"/>", path_through(line)?)?;
        if let Some(&end) = line.points.last().filter(|_| line.has_head) {
            write_head(&mut heads, end)?;
        }
    }
    for [from, to] in feeds(layout).into_iter().chain(insides.feeds.iter().copied()) {
        let middle = Pixels(f64::midpoint(from.1, to.1));
        let (x, y, to_x, to_y) = (Pixels(from.0), Pixels(from.1), Pixels(to.0), Pixels(to.1 + 2.0));
        writeln!(out, "<path d=\"M{x} {y}C{x} {middle} {to_x} {middle} {to_x} {to_y}\"/>")?;
        write!(heads, "M{} {}l-3.5 {}h7z", Pixels(to.0), Pixels(to.1), Pixels(HEAD))?;
    }
    writeln!(out, "</g>")?;
    if heads.is_empty() { Ok(()) } else { writeln!(out, "<path d=\"{heads}\"/>") }
}

/// Writes an arrowhead that points to the right.
fn write_head(heads: &mut String, (x, y): (f64, f64)) -> fmt::Result {
    write!(heads, "M{} {}l{} -3.5v7z", Pixels(x), Pixels(y), Pixels(-HEAD))
}

/// The path of a line in a box, which ends inside its arrowhead.
fn path_through(line: &Line) -> Result<String, fmt::Error> {
    let mut points = line.points.clone();
    if let Some(last) = points.last_mut().filter(|_| line.has_head) {
        last.0 -= HEAD / 2.0;
    }
    let mut path = format!("M{} {}", Pixels(points[0].0), Pixels(points[0].1));
    for pair in points.windows(2) {
        let ((left, from), (right, to)) = (pair[0], pair[1]);
        if (from - to).abs() < 0.05 {
            write!(path, "H{}", Pixels(right))?;
        } else {
            let middle = Pixels(f64::midpoint(left, right));
            write!(path, "C{middle} {} {middle} {to} {} {to}", Pixels(from), Pixels(right), to = Pixels(to))?;
        }
    }
    Ok(path)
}

/// Computes the path of a line through its items: horizontal in each column, and curved between. Also returns its end.
fn path(layout: &Layout, items: &[usize], entered: &mut [usize]) -> Result<(String, (f64, f64)), fmt::Error> {
    let (start, end) = (items[0], items[items.len() - 1]);
    let operand = entered[end];
    entered[end] += 1;
    let port = layout.levels.items[end].port(operand);
    let last = (layout.places[end].middle() - border(layout, end, port), layout.places[end].y + port);
    let mut here = (layout.places[start].right, layout.places[start].y);
    let begin = layout.places[start].middle() + border(layout, start, 0.0);
    let mut path = format!("M{} {}", Pixels(begin), Pixels(here.1));
    for &item in &items[1..] {
        let place = layout.places[item];
        let y = if item == end { last.1 } else { place.y };
        if (y - here.1).abs() >= 0.05 {
            let (middle, left) = (Pixels(f64::midpoint(here.0, place.left)), Pixels(place.left));
            write!(
                path,
                "H{}C{middle} {} {middle} {} {left} {}",
                Pixels(here.0),
                Pixels(here.1),
                Pixels(y),
                Pixels(y)
            )?;
        }
        here = (place.right, y);
    }
    write!(path, "H{}", Pixels(last.0 - HEAD / 2.0))?;
    Ok((path, last))
}

/// The distance from an item's middle to its border at a vertical offset.
fn border(layout: &Layout, item: usize, offset: f64) -> f64 {
    let item = &layout.levels.items[item];
    let ItemKind::Node(node) = item.kind else { return item.width / 2.0 };
    half_width(layout.graph.nodes[node].kind, layout.levels.sizes[node], offset)
}

/// The start and end of each arrow from a parameter to the layer above it.
fn feeds(layout: &Layout) -> Vec<[(f64, f64); 2]> {
    let mut layer = None;
    let mut feeds = Vec::new();
    for (node, area) in layout.nodes() {
        match &layer {
            Some(above) if layout.levels.is_below(node) => feeds.push(area.feed(above)),
            _ => layer = Some(area),
        }
    }
    feeds
}

/// Draws the texts of edges and the ends of lines that are cut.
fn write_items(layout: &Layout, out: &mut Formatter<'_>) -> fmt::Result {
    for (number, item) in layout.levels.items.iter().enumerate() {
        let place = layout.places[number];
        match item.kind {
            ItemKind::Texts(edge) => write_edge(&layout.graph.edges[edge], place.middle(), place.y, item.width, out)?,
            ItemKind::Cut(cut) => write_cut(cut, layout.room(number), out)?,
            ItemKind::Node(_) | ItemKind::Bend => {}
        }
    }
    Ok(())
}

fn write_edge(edge: &Edge, x: f64, y: f64, width: f64, out: &mut Formatter<'_>) -> fmt::Result {
    let above = text(&edge.value, SMALL_FONT).height;
    write_text(&edge.value, (x, y - GAP - above), SMALL_FONT, INK, out)?;
    if edge.gradient.is_empty() {
        return Ok(());
    }
    let (left, right, back) = (Pixels(x - width / 2.0), Pixels(x + width / 2.0), Pixels(y + BACK));
    writeln!(out, "<path d=\"M{right} {back}H{left}m5 -3l-5 3l5 3\" fill=\"none\" stroke=\"{GRADIENT}\"/>")?;
    write_text(&edge.gradient, (x, y + BACK + GAP), SMALL_FONT, GRADIENT, out)
}

fn write_cut(number: usize, area: Area, out: &mut Formatter<'_>) -> fmt::Result {
    let style = format!("fill=\"#ffffff\" stroke=\"{FAINT}\" stroke-dasharray=\"3 2\"");
    write_rect(area, area.height / 2.0, &style, out)?;
    let top = area.middle().1 - LINE * SMALL_FONT / 2.0;
    write_text(&number.to_string(), (area.middle().0, top), SMALL_FONT, FAINT, out)
}

fn write_nodes(graph: &Graph, areas: &[(usize, Area)], out: &mut Formatter<'_>) -> fmt::Result {
    for &(node, area) in areas {
        let node = &graph.nodes[node];
        if let Some((fill, border)) = colors(node.kind) {
            let style = format!("fill=\"{fill}\" stroke=\"{border}\" stroke-width=\"1.4\"");
            write_rect(area, corner(node.kind, area.size()), &style, out)?;
        }
        write_label(node, area, out)?;
    }
    Ok(())
}

/// Draws a node's text: in the middle of its box, or aligned to the end of its line, which works with any font.
fn write_label(node: &Node, area: Area, out: &mut Formatter<'_>) -> fmt::Result {
    let (x, anchor) = match node.kind {
        Kind::Input | Kind::Constant => (area.x + area.width - BESIDE, "end"),
        Kind::Output => (area.x + BESIDE, "start"),
        Kind::Operator | Kind::Layer | Kind::Parameter | Kind::Loss => (area.middle().0, "middle"),
    };
    let font = font(node.kind);
    let top = area.middle().1 - text(&node.text(), font).height / 2.0;
    write_anchored(&node.label, (x, top), anchor, font, INK, out)?;
    let top = top + text(&node.label, font).height;
    write_anchored(&node.gradient, (x, top), anchor, font, GRADIENT, out)
}

/// Draws lines of text, centered, below a point.
fn write_text(text: &str, at: (f64, f64), font: f64, color: &str, out: &mut Formatter<'_>) -> fmt::Result {
    write_anchored(text, at, "middle", font, color, out)
}

/// Draws lines of text with a `text-anchor`, below a point.
fn write_anchored(
    text: &str,
    (x, top): (f64, f64),
    anchor: &str,
    font: f64,
    color: &str,
    out: &mut Formatter<'_>,
) -> fmt::Result {
    let color = if color == INK { String::new() } else { format!(" fill=\"{color}\"") };
    let mut baseline = top + font;
    for line in lines(text) {
        if !line.trim().is_empty() {
            let (x, y, size) = (Pixels(x), Pixels(baseline), Pixels(font));
            writeln!(
                out,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\"{color}>{}</text>",
                xml(&line)
            )?;
        }
        baseline += LINE * font;
    }
    Ok(())
}

/// A length, formatted with at most one decimal place.
#[derive(Clone, Copy)]
struct Pixels(f64);

impl Display for Pixels {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = format!("{:.1}", self.0);
        let text = text.strip_suffix(".0").unwrap_or(&text);
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks that elements are properly nested, and that special characters are escaped.
    fn check_xml(xml: &str) -> Result<(), String> {
        let mut open = Vec::new();
        for (place, piece) in xml.split('<').enumerate().filter(|(place, piece)| *place > 0 || !piece.is_empty()) {
            let (tag, text) = piece.split_once('>').ok_or_else(|| format!("`<{piece}` does not end"))?;
            let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default();
            if tag.starts_with('/') {
                let begun: Option<&str> = open.pop();
                (begun == Some(name)).then_some(()).ok_or_else(|| format!("`{name}` ends {begun:?}"))?;
            } else if !tag.ends_with('/') {
                open.push(name);
            }
            (place > 0 && tag.matches('"').count().is_multiple_of(2)).then_some(()).ok_or_else(|| tag.to_owned())?;
            check_text(tag)?;
            check_text(text)?;
        }
        open.is_empty().then_some(()).ok_or_else(|| format!("{open:?} do not end"))
    }

    /// Checks that every `&` begins a known entity, and that every character is allowed in XML.
    fn check_text(text: &str) -> Result<(), String> {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        let unknown = text.split('&').skip(1).any(|name| !known.iter().any(|known| name.starts_with(known)));
        let forbidden = |c: char| (c < ' ' && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
        if unknown || text.contains('>') || text.contains(forbidden) { Err(text.to_owned()) } else { Ok(()) }
    }

    proptest! {
        #[test]
        fn any_text_gives_valid_xml(label in any::<String>(), value in ".*\n?.*", gradient in "[<>&\"'/a-z\u{0}-\u{1f}]*") {
            let mut graph = Graph::new();
            let input = graph.node(Kind::Input, label.clone());
            let layer = graph.node(Kind::Layer, label);
            graph.gradient(input, gradient.clone());
            graph.edge(input, layer, value, gradient);
            prop_assert_eq!(check_xml(&graph.to_svg()), Ok(()));
            prop_assert_eq!(check_xml(&graph.to_html()), Ok(()));
            prop_assert!(graph.to_html().lines().all(|line| !line.trim().is_empty()));
        }
    }

    #[test]
    fn check_xml_rejects_invalid_xml() {
        for wrong in ["<a>", "<a></b>", "<a>&</a>", "<a>\u{1}</a>", "<a b=\"></a>", "<a", "a>"] {
            assert!(check_xml(wrong).is_err(), "{wrong}");
        }
        assert_eq!(check_xml("<a b=\"c\"><d/>&lt;</a>\n"), Ok(()));
    }

    #[test]
    fn titles_list_inputs_and_outputs() {
        let mut graph = Graph::new();
        assert_eq!(title(&graph), "Computational graph");
        (0..8).for_each(|input| _ = graph.node(Kind::Input, format!("x{input}")));
        graph.node(Kind::Output, "y");
        assert_eq!(title(&graph), "Computational graph from x0, x1, x2, x3, x4, x5, ... to y");
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!([1.0, -2.55, 0.04, 100.96].map(|length| Pixels(length).to_string()), ["1", "-2.5", "0", "101"]);
    }
}
