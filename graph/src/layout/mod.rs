//! Computes the layout of a graph: a layered drawing in columns, from left to right.
//!
//! Nodes and edge texts alternate: even columns contain nodes, odd columns contain texts, each in its own box. A line is
//! horizontal inside its box, and curved in the gaps between columns, which contain nothing else. So nothing overlaps.
//!
//! [`rank`] assigns nodes to columns, [`levels`] fills the columns, [`order`] sorts them, and [`place`] computes the
//! coordinates.

mod levels;
pub mod measure;
mod order;
mod place;
mod rank;

use super::Graph;
pub use levels::{Item, ItemKind, Levels};
use place::MARGIN;

/// A picture's size, and the places of its items.
#[derive(Clone, Debug)]
pub struct Layout {
    pub width: f64,
    pub height: f64,
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
        let mut levels = Levels::new(graph);
        order::sort(&mut levels);
        let places = place::places(&levels);
        let right = places.iter().map(|place| place.right).fold(MARGIN, f64::max);
        let bottom = places.iter().zip(&levels.items).map(|(place, item)| place.y + item.below).fold(MARGIN, f64::max);
        Self { width: right + MARGIN, height: bottom + MARGIN, levels, places }
    }

    /// The area that is reserved for an item.
    pub fn room(&self, item: usize) -> Area {
        let (Item { width, above, below, .. }, place) = (&self.levels.items[item], &self.places[item]);
        Area { x: place.middle() - width / 2.0, y: place.y - above, width: *width, height: above + below }
    }

    /// Each node with its box. Parameters follow the layer above them.
    pub fn nodes(&self) -> Vec<(usize, Area)> {
        let mut boxes = Vec::new();
        for (item, place) in self.levels.items.iter().zip(&self.places) {
            if let ItemKind::Node(node) = item.kind {
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
        let (middles, top) = levels::row(&widths, self.levels.sizes[layer].height);
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
    use super::super::{Edge, Kind, Node};
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
            Graph { edges: edges.collect(), nodes }
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
}
