//! Computes the layout of a box: its branches one above the other, each a row of layers and boxes.
//!
//! The line into the box forks on the left, and the branches meet on the right. Every row has a height of its own, and
//! every element has a place of its own in its row, so nothing overlaps.

use super::super::Graph;
use super::super::group::{Element, Group};
use super::measure::{self, COLUMN_GAP as GAP, Size, fan, half_width};
use super::{Area, neighbors};

/// The minimum distance from the sides and the bottom of a box to its inside.
pub const PADDING: f64 = 16.0;
/// The distance from the top of a box to its title, and from there to its inside.
pub const AROUND_TITLE: f64 = 9.0;
/// The gap between two branches.
const BETWEEN: f64 = 14.0;
/// The space above and below a line.
const BESIDE: f64 = 3.0;

/// The layout of a box.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    pub size: Size,
    /// The distance from the top to the line through the box.
    pub line: f64,
    /// The boxes, outer ones before inner ones: the group, its area, and the number of boxes around it.
    pub boxes: Vec<(usize, Area, usize)>,
    pub nodes: Vec<(usize, Area)>,
    /// The edges with texts: the middle of the text's place on the line, and its width.
    pub texts: Vec<(usize, (f64, f64), f64)>,
    pub lines: Vec<Line>,
    /// The arrows from parameters up to their layers.
    pub feeds: Vec<[(f64, f64); 2]>,
}

/// A line through points: horizontal, or a curve where the height changes.
#[derive(Clone, Debug)]
pub struct Line {
    pub points: Vec<(f64, f64)>,
    pub has_head: bool,
}

/// The layout of a branch, relative to the point where its line begins.
#[derive(Default)]
struct Row {
    picture: Picture,
    width: f64,
    above: f64,
    below: f64,
    /// The left end of the first element and the right end of the last one; `None` for a skip connection.
    ends: Option<[f64; 2]>,
    /// The edge with texts at the end of the row, and the width of these.
    text: Option<(usize, f64)>,
}

/// The positions in a box that its rows and its joint depend on.
struct Frame {
    /// The point where the line forks, if there are several rows.
    fork: Option<f64>,
    /// The points where all rows begin and end.
    start: f64,
    end: f64,
    /// The height of the line into and out of the box.
    line: f64,
    width: f64,
    joint: Option<Joint>,
}

/// The place of the node where branches meet.
struct Joint {
    node: usize,
    area: Area,
}

/// Computes the layout of a group.
pub fn picture(graph: &Graph, group: usize) -> Picture {
    Builder { graph, operands: neighbors(graph).0 }.group(group, 0)
}

struct Builder<'a> {
    graph: &'a Graph,
    operands: Vec<Vec<usize>>,
}

impl Builder<'_> {
    fn group(&self, number: usize, depth: usize) -> Picture {
        let group = &self.graph.groups[number];
        let rows: Vec<Row> = (0..group.branches.len()).map(|branch| self.row(group, branch, depth + 1)).collect();
        let heights = heights(&rows);
        let (frame, size) = self.frame(group, &rows, &heights);
        let area = Area { x: 0.0, y: 0.0, width: size.width, height: size.height };
        let mut picture = Picture { size, line: frame.line, boxes: vec![(number, area, depth)], ..Picture::default() };
        let ports = self.ports(&frame, &heights);
        for ((row, height), port) in rows.into_iter().zip(heights).zip(ports) {
            picture.add_row(row, frame.line + height, &frame, port);
        }
        if let Some(Joint { node, area }) = frame.joint {
            picture.nodes.push((node, area));
            let points = vec![(area.right(), frame.line), (frame.width, frame.line)];
            picture.lines.push(Line { points, has_head: false });
        }
        picture
    }

    /// Computes the positions in a box and its size. The heights of the rows are relative to the line.
    fn frame(&self, group: &Group, rows: &[Row], heights: &[f64]) -> (Frame, Size) {
        let joint = group.joint.map(|node| (node, measure::node(&self.graph.nodes[node], rows.len())));
        let size = joint.map_or(Size::default(), |(_, size)| size);
        let steepest = heights.iter().map(|height| height.abs()).fold(0.0, f64::max);
        let widest = rows.iter().map(|row| row.width).fold(0.0, f64::max);
        let fork = if rows.len() > 1 { PADDING + fan(steepest) } else { 0.0 };
        let meet = if joint.is_some() { fan(steepest) + size.width } else { 0.0 };
        let inner = fork + widest + meet + PADDING;
        let title = measure::title(&group.title);
        let width = inner.max(title.width + 2.0 * PADDING);

        let extents = rows.iter().zip(heights).map(|(row, height)| (row.above - height, row.below + height));
        let joint_extents = [(size.height / 2.0, size.height / 2.0)];
        let (above, below) = extents
            .chain(joint_extents)
            .fold((0.0_f64, 0.0_f64), |(a, b), (above, below)| (a.max(above), b.max(below)));
        let line = AROUND_TITLE + title.height + AROUND_TITLE + above;
        // The inside is in the middle below a title that is wider.
        let left = (width - inner) / 2.0;
        let (start, end) = (left + fork, left + fork + widest);
        let joint =
            joint.map(|(node, size)| Joint { node, area: Area::around(end + meet - size.width / 2.0, line, size) });
        let fork = (rows.len() > 1).then_some(left + PADDING);
        (Frame { fork, start, end, line, width, joint }, Size { width, height: line + below + PADDING })
    }

    /// The place where each row's line ends: a point on the joint, or the right border of the box.
    fn ports(&self, frame: &Frame, heights: &[f64]) -> Vec<(f64, f64)> {
        let Some(Joint { node, area }) = &frame.joint else { return vec![(frame.width, frame.line); heights.len()] };
        let (kind, size) = (self.graph.nodes[*node].kind, area.size());
        let step = ((size.height - 2.0 * measure::ENDS) / heights.len().max(2).saturating_sub(1) as f64).min(12.0);
        // The row at the height of the line continues straight; otherwise the middle of the joint is between the rows.
        let middle = heights.iter().position(|&height| height == 0.0);
        let middle = middle.map_or((heights.len() - 1) as f64 / 2.0, |place| place as f64);
        let offset = |place: usize| {
            let room = size.height / 2.0 - measure::ENDS;
            (step * (place as f64 - middle)).clamp(-room, room)
        };
        let port = |place| (area.middle().0 - half_width(kind, size, offset(place)), frame.line + offset(place));
        (0..heights.len()).map(port).collect()
    }

    /// Computes the layout of a branch.
    fn row(&self, group: &Group, branch: usize, depth: usize) -> Row {
        let mut row = Row { above: BESIDE, below: BESIDE, ..Row::default() };
        for &element in &group.branches[branch] {
            // The texts of the first line are in front of the box already.
            let before = row.ends.map(|[_, right]| (right, self.edge_into(element)));
            let gap = before.map_or(GAP, |(_, edge)| self.add_text(&mut row, edge));
            row.width += gap;
            let [left, right] = match element {
                Element::Node(node) => self.add_node(&mut row, node),
                Element::Group(group) => self.add_group(&mut row, group, depth),
            };
            if let Some((last, _)) = before {
                row.picture.lines.push(Line { points: vec![(last, 0.0), (left, 0.0)], has_head: true });
            }
            row.ends = Some([row.ends.map_or(left, |[first, _]| first), right]);
        }
        if let Some(joint) = group.joint {
            let edge = self.operands[joint][branch];
            let (width, above, below) = measure::edge(&self.graph.edges[edge]);
            row.reserve(above, below);
            row.width += GAP + width;
            row.text = Some((edge, width));
        }
        row
    }

    /// Adds the texts of an edge at the end of a row, and returns the gap after them.
    fn add_text(&self, row: &mut Row, edge: usize) -> f64 {
        let (width, above, below) = measure::edge(&self.graph.edges[edge]);
        row.reserve(above, below);
        row.picture.texts.push((edge, (row.width + GAP + width / 2.0, 0.0), width));
        row.width += GAP + width;
        GAP
    }

    /// The edge into an element whose texts are drawn: the first one.
    fn edge_into(&self, element: Element) -> usize {
        match element {
            Element::Node(node) => self.operands[node][0],
            Element::Group(group) => {
                let first = self.graph.groups[group].branches.iter().flatten().next();
                self.edge_into(*first.expect("a box has a layer inside"))
            }
        }
    }

    /// Adds a box at the end of a row, and returns the ends of the lines at it.
    fn add_group(&self, row: &mut Row, group: usize, depth: usize) -> [f64; 2] {
        let picture = self.group(group, depth);
        let (left, line, Size { width, height }) = (row.width, picture.line, picture.size);
        row.reserve(line, height - line);
        row.picture.add(picture, (left, -line));
        row.width += width;
        [left, row.width]
    }

    /// Adds a layer with its parameters at the end of a row, and returns the ends of the lines at it.
    fn add_node(&self, row: &mut Row, node: usize) -> [f64; 2] {
        let operands = &self.operands[node];
        let parameters: Vec<usize> = operands.iter().skip(1).map(|&edge| self.graph.edges[edge].from).collect();
        let size = measure::node(&self.graph.nodes[node], operands.len());
        let sizes: Vec<Size> = parameters.iter().map(|&node| measure::node(&self.graph.nodes[node], 0)).collect();
        let (width, below) = measure::extent(size, &sizes);
        row.reserve(size.height / 2.0, below);
        let middle = row.width + width / 2.0;
        let layer = Area::around(middle, 0.0, size);
        row.picture.nodes.push((node, layer));
        let widths: Vec<f64> = sizes.iter().map(|size| size.width).collect();
        let (middles, top) = measure::row(&widths, size.height);
        for ((parameter, size), offset) in parameters.into_iter().zip(sizes).zip(middles) {
            let area = Area::around(middle + offset, top + size.height / 2.0, size);
            row.picture.nodes.push((parameter, area));
            row.picture.feeds.push(area.feed(&layer));
        }
        row.width += width;
        [layer.x, layer.right()]
    }
}

impl Row {
    /// Makes the row at least that high.
    fn reserve(&mut self, above: f64, below: f64) {
        self.above = self.above.max(above);
        self.below = self.below.max(below);
    }
}

impl Picture {
    /// Adds a row at the height `y`, with the lines into and out of it.
    fn add_row(&mut self, row: Row, y: f64, frame: &Frame, port: (f64, f64)) {
        let mut into = vec![(0.0, frame.line)];
        if let Some(fork) = frame.fork {
            into.extend([(fork, frame.line), (frame.start, y)]);
        }
        let mut out = vec![(frame.end, y), port];
        if let Some([first, last]) = row.ends {
            into.push((frame.start + first, y));
            self.lines.push(Line { points: into, has_head: true });
            out.insert(0, (frame.start + last, y));
        } else {
            out.splice(0..0, into);
        }
        self.lines.push(Line { points: out, has_head: frame.joint.is_some() });
        self.add(row.picture, (frame.start, y));
        if let Some((edge, width)) = row.text {
            self.texts.push((edge, (frame.end - width / 2.0, y), width));
        }
    }

    /// Adds the contents of another picture, moved by a distance.
    pub fn add(&mut self, other: Self, (dx, dy): (f64, f64)) {
        let at = |(x, y): (f64, f64)| (x + dx, y + dy);
        let moved = |area: Area| Area { x: area.x + dx, y: area.y + dy, ..area };
        self.boxes.extend(other.boxes.into_iter().map(|(group, area, depth)| (group, moved(area), depth)));
        self.nodes.extend(other.nodes.into_iter().map(|(node, area)| (node, moved(area))));
        self.texts.extend(other.texts.into_iter().map(|(edge, middle, width)| (edge, at(middle), width)));
        self.feeds.extend(other.feeds.into_iter().map(|points| points.map(at)));
        self.lines.extend(other.lines.into_iter().map(|line| {
            let points = line.points.into_iter().map(at).collect();
            Line { points, ..line }
        }));
    }
}

/// The height of each row, relative to the line through the box.
///
/// The first row beside a skip connection continues the line straight. Otherwise the line is in the middle of the rows.
fn heights(rows: &[Row]) -> Vec<f64> {
    let mut heights = Vec::with_capacity(rows.len());
    let mut bottom = -BETWEEN;
    for row in rows {
        heights.push(bottom + BETWEEN + row.above);
        bottom += BETWEEN + row.above + row.below;
    }
    let skips = rows.iter().any(|row| row.ends.is_none());
    let straight = rows.iter().position(|row| row.ends.is_some()).filter(|_| skips);
    let (first, last) = (heights.first().copied().unwrap_or(0.0), heights.last().copied().unwrap_or(0.0));
    let line = straight.map_or(f64::midpoint(first, last), |place| heights[place]);
    heights.into_iter().map(|height| height - line).collect()
}
