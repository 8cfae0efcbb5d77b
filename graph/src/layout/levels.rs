//! Takes a graph apart into columns of items, so that every line goes from one column to the next.

use super::super::{Graph, Kind};
use super::measure::{self, ENDS, Size};
use super::neighbours;
use super::rank::ranks;

/// The most ranks that a line crosses. A longer one is cut, and both ends bear the same number: nobody could follow it, and
/// the bends of many such lines would be more than anybody can draw.
const LONGEST: usize = 16;

/// From a layer to its parameters below it.
const BELOW: f64 = 26.0;
/// Between parameters.
const BETWEEN: f64 = 12.0;

/// What takes up room in a column.
#[derive(Clone, Debug)]
pub struct Item {
    pub what: What,
    pub level: usize,
    pub width: f64,
    /// The room that it needs above and below the line through it.
    pub above: f64,
    pub below: f64,
    /// Whether the line of the first operand goes straight on, as through layers; else it meets the others half-way.
    pub straight: bool,
    /// The items that lines come from, in the order of the operands.
    pub before: Vec<usize>,
    /// The items that lines go to.
    pub after: Vec<usize>,
}

/// What an [`Item`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The node of that place in the graph, with the parameters that feed only it.
    Node(usize),
    /// The texts of the edge of that place.
    Texts(usize),
    /// A line that only passes.
    Bend,
    /// The end of a line that is cut, with the number that both ends bear.
    Cut(usize),
}

/// The columns: nodes in those with even numbers, the texts of edges in those between.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    pub items: Vec<Item>,
    pub columns: Vec<Vec<usize>>,
    /// For each line the items that it goes through, from a node or a cut to a node or a cut.
    pub routes: Vec<Vec<usize>>,
    /// How large the node of that place is.
    pub sizes: Vec<Size>,
    /// The parameters that stand below the node of that place.
    pub parameters: Vec<Vec<usize>>,
    /// Whether the node of that place is one of them.
    below: Vec<bool>,
}

impl Levels {
    pub fn new(graph: &Graph) -> Self {
        let (operands, users) = neighbours(graph);
        let sizes = graph.nodes.iter().zip(&operands).map(|(node, operands)| measure::node(node, operands.len()));
        let mut levels = Self { sizes: sizes.collect(), ..Self::default() };
        levels.find_parameters(graph, &operands, &users);
        let ranks = ranks(graph, &operands, &users);
        let standing: Vec<usize> = (0..graph.nodes.len()).filter(|&node| !levels.below[node]).collect();
        // What stands below a layer may leave the first column empty.
        let first = standing.iter().map(|&node| ranks[node]).min().unwrap_or(0);
        let ranks: Vec<usize> = ranks.iter().map(|rank| rank.saturating_sub(first)).collect();
        let mut item_of = vec![0; graph.nodes.len()];
        for node in standing {
            item_of[node] = levels.add_node(graph, node, 2 * ranks[node]);
        }
        levels.add_edges(graph, &ranks, &item_of);
        levels
    }

    /// Finds the parameters that stand below their layer.
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

    /// Whether a node is a parameter that stands below its layer.
    pub fn is_below(&self, node: usize) -> bool {
        self.below[node]
    }

    fn add(&mut self, what: What, level: usize, width: f64, (above, below): (f64, f64)) -> usize {
        let item = self.items.len();
        if self.columns.len() <= level {
            self.columns.resize(level + 1, Vec::new());
        }
        self.columns[level].push(item);
        self.items.push(Item {
            what,
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

    /// A node, with its parameters side by side below it.
    fn add_node(&mut self, graph: &Graph, node: usize, level: usize) -> usize {
        let size = self.sizes[node];
        let sizes = self.parameters[node].iter().map(|&parameter| self.sizes[parameter]);
        let (row, tallest) = sizes.fold((-BETWEEN, 0.0), |(row, tallest): (f64, f64), size| {
            (row + BETWEEN + size.width, tallest.max(size.height))
        });
        let below = if tallest > 0.0 { BELOW + tallest } else { 0.0 };
        let item =
            self.add(What::Node(node), level, size.width.max(row), (size.height / 2.0, size.height / 2.0 + below));
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
        self.add(What::Cut(number), level, size.width + 12.0, (height, height))
    }

    /// A line with an item in every column between; in the last of these the texts.
    fn add_line(&mut self, graph: &Graph, edge: Option<usize>, from: usize, to: usize) {
        let mut route = vec![from];
        let (start, end) = (self.items[from].level + 1, self.items[to].level);
        for level in start..end {
            let texts = edge.filter(|_| level + 1 == end);
            let (width, above, below) = texts.map_or((0.0, 3.0, 3.0), |edge| measure::edge(&graph.edges[edge]));
            let what = texts.map_or(What::Bend, What::Texts);
            route.push(self.add(what, level, width, (above, below)));
        }
        route.push(to);
        for pair in route.windows(2) {
            self.items[pair[0]].after.push(pair[1]);
            self.items[pair[1]].before.push(pair[0]);
        }
        self.routes.push(route);
    }
}

/// The layer or loss that a parameter feeds, if it feeds nothing else and has nothing written on its way.
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
    /// Where the line from the operand of that place enters, from the middle of the node.
    pub fn port(&self, operand: usize) -> f64 {
        let last = self.before.len().saturating_sub(1);
        if last == 0 || !matches!(self.what, What::Node(_)) {
            return 0.0;
        }
        let (middle, room) =
            if self.straight { (0.0, self.above) } else { (last as f64 / 2.0, 2.0 * self.above - ENDS) };
        let step = ((room - ENDS) / last as f64).clamp(0.0, 12.0);
        step * (operand as f64 - middle)
    }
}

/// The places of a row of parameters below their layer: for each its middle, from the middle of the layer, and the top.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain in which every node takes the first one too.
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
        let levels = Levels::new(&graph);
        // Without cuts it would be a hundred million.
        assert!(levels.items.len() < 40_000, "{}", levels.items.len());
        assert_eq!(levels.routes.len(), graph.edges().len() + 1);
        let starts = levels.items.iter().filter(|item| item.what == What::Cut(1)).count();
        assert_eq!(starts, 1 + 5_000 - LONGEST);
    }

    #[test]
    fn lines_go_from_one_column_to_the_next() {
        let levels = Levels::new(&chain_with_long_edges(40));
        for (number, item) in levels.items.iter().enumerate() {
            assert!(levels.columns[item.level].contains(&number));
            assert!(item.after.iter().all(|&after| levels.items[after].level == item.level + 1));
            assert!(item.before.iter().all(|&before| levels.items[before].level + 1 == item.level));
        }
    }

    #[test]
    fn parameters_stand_below_their_layer() {
        let mut graph = Graph::new();
        let (x, weight) = (graph.node(Kind::Input, "x"), graph.node(Kind::Parameter, "weight"));
        let layer = graph.node(Kind::Layer, "affine1");
        graph.edge(x, layer, "", "");
        graph.edge(weight, layer, "", "");
        let levels = Levels::new(&graph);
        assert_eq!(levels.parameters[layer], [weight]);
        assert_eq!(levels.items.len(), 3); // with the line's texts
        let (middles, top) = row(&[10.0, 30.0], 40.0);
        assert_eq!((middles, top), (vec![-21.0, 11.0], 46.0));
    }
}
