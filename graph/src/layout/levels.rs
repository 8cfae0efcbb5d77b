//! Splits a graph into columns of items, so that every line segment connects adjacent columns.

use super::super::{Graph, Kind};
use super::inside::Picture;
use super::measure::{self, ENDS, Size};
use super::neighbors;
use super::rank::ranks;

/// The maximum number of ranks that a line crosses. Longer lines are cut, and both ends show the same number.
///
/// Longer lines would be hard to follow, and many of them would have too many bends to draw.
const LONGEST: usize = 16;

/// An element of a column: a node, the texts of an edge, or a point of a line.
#[derive(Clone, Debug)]
pub struct Item {
    pub kind: ItemKind,
    pub level: usize,
    pub width: f64,
    /// The space above and below the line through the item.
    pub above: f64,
    pub below: f64,
    /// Set if the first operand's line continues straight, as in layers. Otherwise all operands are placed around the middle.
    pub straight: bool,
    /// The previous items on the lines into this one, in the order of the operands.
    pub before: Vec<usize>,
    /// The next items on the lines out of this one.
    pub after: Vec<usize>,
}

/// The kind of an [`Item`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// The node at that index, with the parameters below it.
    Node(usize),
    /// The texts of the edge at that index.
    Texts(usize),
    /// A point of a line without a text.
    Bend,
    /// An end of a line that is cut, with the number that both ends show.
    Cut(usize),
}

/// All items in their columns: nodes in even columns, and texts of edges in odd ones.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    pub items: Vec<Item>,
    pub columns: Vec<Vec<usize>>,
    /// The items on each line. A line begins and ends at a node or a cut.
    pub routes: Vec<Vec<usize>>,
    /// The size of each node.
    pub sizes: Vec<Size>,
    /// The parameters that are drawn below each node.
    pub parameters: Vec<Vec<usize>>,
    /// The inside of each node that stands for a box.
    pub insides: Vec<Option<Picture>>,
    /// Flags the nodes that are drawn below another one.
    below: Vec<bool>,
}

impl Levels {
    /// Fills the columns with the nodes and edges of a graph without groups, in which some nodes have an inside.
    pub fn new(graph: &Graph, insides: Vec<Option<Picture>>) -> Self {
        let (operands, users) = neighbors(graph);
        let sizes = graph.nodes.iter().zip(&operands).zip(&insides).map(|((node, operands), inside)| {
            inside.as_ref().map_or_else(|| measure::node(node, operands.len()), |inside| inside.size)
        });
        let mut levels = Self { sizes: sizes.collect(), insides, ..Self::default() };
        levels.find_parameters(graph, &operands, &users);
        let ranks = ranks(graph, &operands, &users);
        let standing: Vec<usize> = (0..graph.nodes.len()).filter(|&node| !levels.below[node]).collect();
        // The first column may contain only parameters, which are drawn below their layers; then it is empty.
        let first = standing.iter().map(|&node| ranks[node]).min().unwrap_or(0);
        let ranks: Vec<usize> = ranks.iter().map(|rank| rank.saturating_sub(first)).collect();
        let mut item_of = vec![0; graph.nodes.len()];
        for node in standing {
            item_of[node] = levels.add_node(graph, node, 2 * ranks[node]);
        }
        levels.add_edges(graph, &ranks, &item_of);
        levels
    }

    /// Finds the parameters that are drawn below their layer.
    fn find_parameters(&mut self, graph: &Graph, operands: &[Vec<usize>], users: &[Vec<usize>]) {
        self.parameters = vec![Vec::new(); graph.nodes.len()];
        self.below = vec![false; graph.nodes.len()];
        for node in 0..graph.nodes.len() {
            if let Some(layer) = layer_above(graph, node, &operands[node], &users[node]) {
                self.parameters[layer].push(node);
                self.below[node] = true;
            }
        }
    }

    /// Returns true for a parameter that is drawn below its layer.
    pub fn is_below(&self, node: usize) -> bool {
        self.below[node]
    }

    fn add(&mut self, kind: ItemKind, level: usize, width: f64, (above, below): (f64, f64)) -> usize {
        let item = self.items.len();
        if self.columns.len() <= level {
            self.columns.resize(level + 1, Vec::new());
        }
        self.columns[level].push(item);
        self.items.push(Item {
            kind,
            level,
            width,
            above,
            below,
            straight: false,
            before: Vec::new(),
            after: Vec::new(),
        });
        item
    }

    /// Adds a node, with its parameters side by side below it.
    fn add_node(&mut self, graph: &Graph, node: usize, level: usize) -> usize {
        let size = self.sizes[node];
        let sizes: Vec<Size> = self.parameters[node].iter().map(|&parameter| self.sizes[parameter]).collect();
        let (width, mut below) = measure::extent(size, &sizes);
        let mut above = size.height / 2.0;
        if let Some(inside) = &self.insides[node] {
            (above, below) = (inside.line, size.height - inside.line);
        }
        let item = self.add(ItemKind::Node(node), level, width, (above, below));
        self.items[item].straight = matches!(graph.nodes[node].kind, Kind::Layer | Kind::Loss);
        item
    }

    fn add_edges(&mut self, graph: &Graph, ranks: &[usize], item_of: &[usize]) {
        let mut cuts = vec![None; graph.nodes.len()];
        let mut count = 0;
        for (number, edge) in graph.edges.iter().enumerate() {
            if self.below[edge.from] {
                continue;
            }
            let (from, to) = (item_of[edge.from], item_of[edge.to]);
            if ranks[edge.to] - ranks[edge.from] <= LONGEST {
                self.add_line(graph, Some(number), from, to);
                continue;
            }
            let cut = *cuts[edge.from].get_or_insert_with(|| {
                count += 1;
                let end = self.add_cut(count, 2 * ranks[edge.from] + 2);
                self.add_line(graph, None, from, end);
                count
            });
            let start = self.add_cut(cut, 2 * ranks[edge.to] - 2);
            self.add_line(graph, Some(number), start, to);
        }
    }

    fn add_cut(&mut self, number: usize, level: usize) -> usize {
        let size = measure::text(&number.to_string(), measure::SMALL_FONT);
        let height = size.height / 2.0 + 3.0;
        self.add(ItemKind::Cut(number), level, size.width + 12.0, (height, height))
    }

    /// Adds a line, with an item in every column between its ends. The last one of these has the texts.
    fn add_line(&mut self, graph: &Graph, edge: Option<usize>, from: usize, to: usize) {
        let mut route = vec![from];
        let (start, end) = (self.items[from].level + 1, self.items[to].level);
        for level in start..end {
            let texts = edge.filter(|_| level + 1 == end);
            let (width, above, below) = texts.map_or((0.0, 3.0, 3.0), |edge| measure::edge(&graph.edges[edge]));
            let kind = texts.map_or(ItemKind::Bend, ItemKind::Texts);
            route.push(self.add(kind, level, width, (above, below)));
        }
        route.push(to);
        for pair in route.windows(2) {
            self.items[pair[0]].after.push(pair[1]);
            self.items[pair[1]].before.push(pair[0]);
        }
        self.routes.push(route);
    }
}

/// The layer or loss above a parameter: its only user, if the edge between them has no texts.
fn layer_above(graph: &Graph, node: usize, operands: &[usize], users: &[usize]) -> Option<usize> {
    let &[edge] = users else { return None };
    let edge = &graph.edges[edge];
    let fits = graph.nodes[node].kind == Kind::Parameter
        && matches!(graph.nodes[edge.to].kind, Kind::Layer | Kind::Loss)
        && operands.is_empty()
        && edge.value.is_empty()
        && edge.gradient.is_empty();
    fits.then_some(edge.to)
}

impl Item {
    /// The vertical offset from the node's middle at which an operand's line enters.
    pub fn port(&self, operand: usize) -> f64 {
        let last = self.before.len().saturating_sub(1);
        if last == 0 || !matches!(self.kind, ItemKind::Node(_)) {
            return 0.0;
        }
        let (middle, room) =
            if self.straight { (0.0, self.above) } else { (last as f64 / 2.0, 2.0 * self.above - ENDS) };
        let step = ((room - ENDS) / last as f64).clamp(0.0, 12.0);
        step * (operand as f64 - middle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(graph: &Graph) -> Levels {
        Levels::new(graph, vec![None; graph.nodes().len()])
    }

    /// A chain in which every node also uses the first one.
    fn chain_with_long_edges(length: usize) -> Graph {
        let mut graph = Graph::new();
        let first = graph.node(Kind::Input, "x");
        let mut last = first;
        for _ in 0..length {
            let next = graph.node(Kind::Operator, "+");
            graph.edge(last, next, "1", "1");
            graph.edge(first, next, "1", "1");
            last = next;
        }
        graph
    }

    #[test]
    fn long_edges_are_cut_so_that_items_stay_few() {
        let graph = chain_with_long_edges(5_000);
        let levels = levels(&graph);
        // Without cuts there would be 25 million items.
        assert!(levels.items.len() < 40_000, "{}", levels.items.len());
        assert_eq!(levels.routes.len(), graph.edges().len() + 1);
        let starts = levels.items.iter().filter(|item| item.kind == ItemKind::Cut(1)).count();
        assert_eq!(starts, 1 + 5_000 - LONGEST);
    }

    #[test]
    fn lines_connect_adjacent_columns() {
        let levels = levels(&chain_with_long_edges(40));
        for (number, item) in levels.items.iter().enumerate() {
            assert!(levels.columns[item.level].contains(&number));
            assert!(item.after.iter().all(|&after| levels.items[after].level == item.level + 1));
            assert!(item.before.iter().all(|&before| levels.items[before].level + 1 == item.level));
        }
    }

    #[test]
    fn parameters_are_below_their_layer() {
        let mut graph = Graph::new();
        let (x, weight) = (graph.node(Kind::Input, "x"), graph.node(Kind::Parameter, "weight"));
        let layer = graph.node(Kind::Layer, "affine1");
        graph.edge(x, layer, "", "");
        graph.edge(weight, layer, "", "");
        let levels = levels(&graph);
        assert_eq!(levels.parameters[layer], [weight]);
        assert_eq!(levels.items.len(), 3); // both nodes and the texts of the line
        let (middles, top) = measure::row(&[10.0, 30.0], 40.0);
        assert_eq!((middles, top), (vec![-21.0, 11.0], 46.0));
    }
}
