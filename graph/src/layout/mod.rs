//! Computes the layout of a graph: a layered drawing in columns, from left to right.
//!
//! Nodes and edge texts alternate: even columns contain nodes, odd columns contain texts, each in its own box. A line is
//! horizontal inside its box, and curved in the gaps between columns, which contain nothing else. So nothing overlaps.
//!
//! A box is a node in this drawing: [`contract`] replaces it by one, and [`inside`] computes its own layout, which is simpler
//! because its lines only fork and meet.
//!
//! [`rank`] assigns nodes to columns, [`levels`] fills the columns, [`order`] sorts them, and [`place`] computes the
//! coordinates.

mod contract;
mod inside;
mod levels;
pub mod measure;
mod order;
mod place;
mod rank;

use super::Graph;
use contract::contract;
pub use inside::{AROUND_TITLE, Line, PADDING, Picture};
pub use levels::{Item, ItemKind, Levels};
use place::MARGIN;

/// A picture's size, and the places of its items.
#[derive(Clone, Debug)]
pub struct Layout {
    pub width: f64,
    pub height: f64,
    /// The graph with a node in place of each outermost group; `levels` refers to its nodes and edges.
    pub graph: Graph,
    pub levels: Levels,
    /// The place of each item.
    pub places: Vec<Place>,
}

/// The place of an item: the left and right end of its column, and the height of the line through the item.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    pub left: f64,
    pub right: f64,
    pub y: f64,
}

/// A rectangle, given by its upper left corner and its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Layout {
    pub fn new(graph: &Graph) -> Self {
        let contracted = contract(graph);
        let insides = contracted.groups.iter().map(|group| group.map(|group| inside::picture(graph, group)));
        let (insides, graph) = (insides.collect(), contracted.graph);
        let mut levels = Levels::new(&graph, insides);
        order::sort(&mut levels);
        let places = place::places(&levels);
        let right = places.iter().map(|place| place.right).fold(MARGIN, f64::max);
        let bottom = places.iter().zip(&levels.items).map(|(place, item)| place.y + item.below).fold(MARGIN, f64::max);
        Self { width: right + MARGIN, height: bottom + MARGIN, graph, levels, places }
    }

    /// The area that is reserved for an item.
    pub fn room(&self, item: usize) -> Area {
        let (Item { width, above, below, .. }, place) = (&self.levels.items[item], &self.places[item]);
        Area { x: place.middle() - width / 2.0, y: place.y - above, width: *width, height: above + below }
    }

    /// Everything in boxes, at its place.
    pub fn insides(&self) -> Picture {
        let mut all = Picture::default();
        for (item, place) in self.levels.items.iter().zip(&self.places) {
            let ItemKind::Node(node) = item.kind else { continue };
            if let Some(inside) = self.levels.insides[node].clone() {
                let corner = (place.middle() - inside.size.width / 2.0, place.y - inside.line);
                all.add(inside, corner);
            }
        }
        all
    }

    /// Each node outside of boxes with its area. Parameters follow the layer above them.
    pub fn nodes(&self) -> Vec<(usize, Area)> {
        let mut boxes = Vec::new();
        for (item, place) in self.levels.items.iter().zip(&self.places) {
            if let ItemKind::Node(node) = item.kind
                && self.levels.insides[node].is_none()
            {
                boxes.push((node, Area::around(place.middle(), place.y, self.levels.sizes[node])));
                boxes.extend(self.parameters(node, *place));
            }
        }
        boxes
    }

    /// The parameters below a layer, with their boxes.
    fn parameters(&self, layer: usize, place: Place) -> impl Iterator<Item = (usize, Area)> {
        let parameters = &self.levels.parameters[layer];
        let sizes: Vec<_> = parameters.iter().map(|&node| self.levels.sizes[node]).collect();
        let widths: Vec<f64> = sizes.iter().map(|size| size.width).collect();
        let (middles, top) = measure::row(&widths, self.levels.sizes[layer].height);
        parameters.iter().zip(sizes).zip(middles).map(move |((&node, size), middle)| {
            (node, Area::around(place.middle() + middle, place.y + top + size.height / 2.0, size))
        })
    }
}

impl Place {
    /// The middle of the column.
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }
}

impl Area {
    fn around(x: f64, y: f64, size: measure::Size) -> Self {
        Self { x: x - size.width / 2.0, y: y - size.height / 2.0, width: size.width, height: size.height }
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn size(&self) -> measure::Size {
        measure::Size { width: self.width, height: self.height }
    }

    /// The arrow from a parameter in this area to the layer above it.
    pub fn feed(&self, layer: &Self) -> [(f64, f64); 2] {
        let (x, middle) = (self.middle().0, layer.middle().0);
        let room = (layer.width / 2.0 - 12.0).max(0.0);
        [(x, self.y), (x.clamp(middle - room, middle + room), layer.bottom())]
    }

    /// The center.
    pub fn middle(&self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

/// The edges into each node, in the order of its operands, and the edges out of it.
fn neighbors(graph: &Graph) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let mut operands = vec![Vec::new(); graph.nodes.len()];
    let mut users = vec![Vec::new(); graph.nodes.len()];
    for (number, edge) in graph.edges.iter().enumerate() {
        operands[edge.to].push(number);
        users[edge.from].push(number);
    }
    (operands, users)
}

#[cfg(test)]
mod tests {
    use super::super::network::{self, Layer};
    use super::super::{Edge, Inside, Kind, Node};
    use super::*;
    use proptest::prelude::*;

    const KINDS: [Kind; 7] =
        [Kind::Input, Kind::Constant, Kind::Operator, Kind::Output, Kind::Layer, Kind::Parameter, Kind::Loss];

    /// Generates graphs of any shape, with texts of any length, including empty ones.
    fn graphs() -> impl Strategy<Value = Graph> {
        let text = prop_oneof![Just(String::new()), "[a-zA-Z0-9×]{1,12}", "[a-z]{1,9}\n[a-z<>&]{1,9}"];
        let node = (prop::sample::select(KINDS.to_vec()), text.clone());
        let node = node.prop_map(|(kind, label)| Node { kind, label, gradient: String::new() });
        let edge = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), text.clone(), text);
        (prop::collection::vec(node, 2..40), prop::collection::vec(edge, 0..80)).prop_map(|(nodes, edges)| {
            let edges = edges.into_iter().map(|(from, to, value, gradient)| {
                let to = 1 + to.index(nodes.len() - 1);
                Edge { from: from.index(to), to, value, gradient }
            });
            Graph { edges: edges.collect(), nodes, groups: Vec::new() }
        })
    }

    fn apart(one: &Area, other: &Area) -> bool {
        let right = |area: &Area| area.x + area.width;
        right(one) <= other.x || right(other) <= one.x || one.bottom() <= other.y || other.bottom() <= one.y
    }

    fn assert_apart(areas: &[Area]) -> Result<(), TestCaseError> {
        for (place, one) in areas.iter().enumerate() {
            for other in &areas[..place] {
                prop_assert!(apart(one, other), "{one:?} and {other:?}");
            }
        }
        Ok(())
    }

    /// Asserts that every item is inside its column, so that nothing is in the gaps where lines bend.
    fn assert_gaps_are_free(layout: &Layout) -> Result<(), TestCaseError> {
        for route in &layout.levels.routes {
            for pair in route.windows(2) {
                prop_assert!(layout.places[pair[0]].right < layout.places[pair[1]].left);
            }
        }
        for (item, place) in layout.places.iter().enumerate() {
            let room = layout.room(item);
            prop_assert!(place.left <= room.x + 1e-6 && room.x + room.width <= place.right + 1e-6);
            prop_assert!(room.y < place.y && place.y < room.bottom() || room.height == 0.0, "{room:?}, {place:?}");
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn nothing_overlaps_or_is_cut_off(graph in graphs()) {
            let layout = Layout::new(&graph);
            let nodes: Vec<Area> = layout.nodes().into_iter().map(|(_, area)| area).collect();
            prop_assert_eq!(nodes.len(), graph.nodes.len());
            let is_text = |&item: &usize| !matches!(layout.levels.items[item].kind, ItemKind::Node(_));
            let texts = (0..layout.places.len()).filter(is_text).map(|item| layout.room(item));
            let all: Vec<Area> = nodes.into_iter().chain(texts).collect();
            assert_apart(&all)?;
            for area in all {
                prop_assert!(area.x >= MARGIN - 1e-6 && area.y >= MARGIN - 1e-6);
                prop_assert!(area.x + area.width <= layout.width && area.bottom() <= layout.height);
            }
            assert_gaps_are_free(&layout)?;
        }
    }

    #[test]
    fn an_empty_picture_has_a_size() {
        let layout = Layout::new(&Graph::new());
        assert_eq!((layout.width, layout.height), (32.0, 32.0));
    }

    /// Generates layers with insides, nested up to four deep, with skip connections and branches of different lengths.
    fn layers() -> impl Strategy<Value = Vec<Layer>> {
        let plain = ("[a-z]{1,9}", "[A-Z]{1,12}", 0_usize..3).prop_map(|(name, kind, blocks)| {
            let blocks = (0..blocks).map(|block| [format!("{name}.w{block}"), "16 x 16".to_owned()]).collect();
            Layer { name, kind, inputs: "16".to_owned(), outputs: "1024".to_owned(), blocks, ..Layer::default() }
        });
        let layer = plain.prop_recursive(4, 40, 4, |inner| {
            let branches = prop::collection::vec(prop::collection::vec(inner, 0..4), 1..4);
            (branches, 0..3, "[a-z]{1,30}").prop_map(|(mut branches, kind, name)| {
                let inside = match kind {
                    0 => Inside::Chain(branches.swap_remove(0)),
                    1 => Inside::Sum(branches),
                    _ => Inside::Concat(branches),
                };
                let [inputs, outputs] = ["16", "32"].map(str::to_owned);
                Layer { name, kind: "B".to_owned(), inputs, outputs, inside: Some(inside), ..Layer::default() }
            })
        });
        prop::collection::vec(layer, 1..4)
    }

    /// The area of a box's title.
    fn title_area(graph: &Graph, (group, area, _): &(usize, Area, usize)) -> Area {
        let size = measure::title(&graph.groups[*group].title);
        Area { x: area.x + PADDING, y: area.y + AROUND_TITLE, width: size.width, height: size.height }
    }

    fn contains(outer: &Area, inner: &Area) -> bool {
        outer.x <= inner.x && outer.y <= inner.y && inner.right() <= outer.right() && inner.bottom() <= outer.bottom()
    }

    /// Asserts that boxes contain what is in them, and nothing else.
    fn assert_nested(graph: &Graph, insides: &Picture) -> Result<(), TestCaseError> {
        let owners = graph.owners();
        for (group, area, depth) in &insides.boxes {
            prop_assert_eq!(graph.around(graph.groups[*group].parent).count(), *depth);
            for (node, inner) in &insides.nodes {
                let is_inside = graph.around(owners[*node]).any(|around| around == *group);
                prop_assert_eq!(contains(area, inner), is_inside);
                prop_assert!(is_inside || apart(area, inner));
            }
            for (other, inner, _) in insides.boxes.iter().filter(|(other, ..)| other != group) {
                let is_inside = graph.around(Some(*other)).any(|around| around == *group);
                prop_assert_eq!(contains(area, inner), is_inside);
                let is_outside = graph.around(Some(*group)).any(|around| around == *other);
                prop_assert!(is_inside || is_outside || apart(area, inner));
            }
        }
        Ok(())
    }

    /// Asserts that no line crosses an area in boxes: each is at a node only where it begins or ends.
    fn assert_lines_are_free(areas: &[Area], lines: &[Line]) -> Result<(), TestCaseError> {
        for pair in lines.iter().flat_map(|line| line.points.windows(2)) {
            let ((left, from), (right, to)) = (pair[0], pair[1]);
            prop_assert!(left <= right + 1e-6, "a line goes back from {left} to {right}");
            // A curve stays in the rectangle of its ends.
            let (top, bottom) = (from.min(to), from.max(to));
            for area in areas {
                let beside = right <= area.x + 1e-6 || area.right() <= left + 1e-6;
                let is_apart = bottom <= area.y + 1e-6 || area.bottom() <= top + 1e-6;
                prop_assert!(beside || is_apart, "{pair:?}, {area:?}");
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn nothing_in_boxes_overlaps(layers in layers(), loss in any::<bool>()) {
            let graph = network::graph(&layers, "1024", loss.then_some("MeanSquaredError"));
            let (layout, insides) = (Layout::new(&graph), Layout::new(&graph).insides());
            let outside = layout.nodes();
            let boxes = layout.levels.insides.iter().flatten().count();
            prop_assert_eq!(outside.len() + insides.nodes.len(), graph.nodes.len());
            prop_assert_eq!(insides.boxes.len(), graph.groups.len());
            prop_assert_eq!(boxes, insides.boxes.iter().filter(|(.., depth)| *depth == 0).count());
            let texts = insides.texts.iter().map(|&(edge, (x, y), width)| {
                let (_, above, _) = measure::edge(&graph.edges[edge]);
                Area { x: x - width / 2.0, y: y - above, width, height: above - measure::GAP }
            });
            let titles = insides.boxes.iter().map(|inside| title_area(&graph, inside));
            let inner: Vec<Area> = insides.nodes.iter().map(|&(_, area)| area).chain(texts).chain(titles).collect();
            // Joints are round, so lines end inside their areas.
            let joints: Vec<Area> = insides.nodes.iter().filter(|(node, _)| graph.nodes[*node].kind == Kind::Operator).map(|&(_, area)| area).collect();
            let others: Vec<Area> = inner.iter().filter(|area| !joints.contains(area)).copied().collect();
            assert_lines_are_free(&others, &insides.lines)?;
            let all: Vec<Area> = outside.into_iter().map(|(_, area)| area).chain(inner).collect();
            assert_apart(&all)?;
            assert_nested(&graph, &insides)?;
            let picture = Area { x: MARGIN - 1e-6, y: MARGIN - 1e-6, width: layout.width - MARGIN, height: layout.height - MARGIN };
            prop_assert!(all.iter().all(|area| contains(&picture, area)));
            assert_gaps_are_free(&layout)?;
        }
    }
}
