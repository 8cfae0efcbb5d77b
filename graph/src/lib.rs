//! Computational graphs, to be drawn: values flow to the right, derivatives to the left.

mod dot;
mod label;
mod layout;
mod mermaid;
#[doc(hidden)] // what draws a network uses it
#[allow(missing_docs)]
pub mod network;
mod number;
mod style;
mod svg;
mod text;

pub use label::one_line;
pub use number::{number, thousands};

/// A computational graph: what is calculated from what.
///
/// A call of a `#[differentiable]` function gives the graph of its operations, each edge with the value that flows
/// along it and the derivative that flows back; a network gives the graph of its layers, each edge with its shape.
///
/// It can be built by hand as well. What is calculated comes after what it is calculated from:
///
/// ```
/// # use typenet_graph::{Graph, Kind};
/// let mut graph = Graph::new();
/// let (x, y) = (graph.node(Kind::Input, "x"), graph.node(Kind::Input, "y"));
/// let product = graph.node(Kind::Operator, "×");
/// let result = graph.node(Kind::Output, "area");
/// graph.edge(x, product, "2", "3"); // 2 flows along it, and the derivative 3 back
/// graph.edge(y, product, "3", "2");
/// graph.edge(product, result, "6", "1");
/// assert_eq!(graph.to_string(), "[1] ×\n    x  2  ← 3\n    y  3  ← 2\narea\n    [1] ×  6  ← 1\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

/// A place where something is calculated, comes in or goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What stands there.
    pub kind: Kind,
    /// The text in it; lines are separated by `\n`.
    pub label: String,
    /// The text below that, blue: the derivative of the result by the value, where it flows along more than one edge. May be
    /// empty.
    pub gradient: String,
}

/// What a [`Node`] stands for, and so what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A value that comes in: its name.
    Input,
    /// A number in the formula.
    Constant,
    /// An operation, such as `+`, `×` or `exp`: a circle, or a longer shape for a long name.
    Operator,
    /// What comes out: its name.
    Output,
    /// A layer of a network.
    Layer,
    /// A block of parameters that a layer learns.
    Parameter,
    /// The loss at the end of a network.
    Loss,
}

/// What flows from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The place of the node where it begins, in [`Graph::nodes`].
    pub from: usize,
    /// The place of the node where it ends.
    pub to: usize,
    /// The text above it, black: the value, or the shape. May be empty.
    pub value: String,
    /// The text below it, blue: the derivative that flows back along it. The sum over all edges from a value is the derivative of
    /// the result by it. May be empty.
    pub gradient: String,
}

impl Graph {
    /// A graph with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node, and gives its place in [`nodes`](Self::nodes).
    pub fn node(&mut self, kind: Kind, label: impl Into<String>) -> usize {
        self.nodes.push(Node { kind, label: label.into(), gradient: String::new() });
        self.nodes.len() - 1
    }

    /// Shows a derivative at a node, which is the sum of those on the edges from it.
    ///
    /// # Panics
    ///
    /// If the node is not there.
    pub fn gradient(&mut self, node: usize, gradient: impl Into<String>) {
        self.nodes[node].gradient = gradient.into();
    }

    /// Adds an edge between two nodes that are there. A node's operands are the edges into it, in the order in which
    /// they are added.
    ///
    /// # Panics
    ///
    /// If one of the nodes is not there, or `from` does not come before `to`: what is calculated comes after what it
    /// is calculated from.
    pub fn edge(&mut self, from: usize, to: usize, value: impl Into<String>, gradient: impl Into<String>) {
        assert!(from < to && to < self.nodes.len(), "an edge from node {from} to {to}, of {}", self.nodes.len());
        self.edges.push(Edge { from, to, value: value.into(), gradient: gradient.into() });
    }

    /// The nodes, in the order in which they were added.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The edges, in the order in which they were added.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }
}

impl Node {
    /// The label, and the derivative below it.
    fn text(&self) -> String {
        if self.gradient.is_empty() { self.label.clone() } else { format!("{}\n{}", self.label, self.gradient) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    const LARGE: usize = 10_000;

    fn of_operators(edges: impl Fn(usize) -> Vec<usize>) -> Graph {
        let mut graph = Graph::new();
        for node in 0..LARGE {
            graph.node(Kind::Operator, "+");
            for from in edges(node) {
                graph.edge(from, node, "1.5", "-2.5");
            }
        }
        graph
    }

    /// A drawing's length is in proportion to its nodes, for every shape: nothing is quadratic.
    fn assert_linear(graph: &Graph, bytes_of_svg: usize) {
        assert!(graph.to_svg().len() < bytes_of_svg * LARGE, "{}", graph.to_svg().len());
        for text in [graph.to_string(), graph.to_dot(), graph.to_mermaid()] {
            assert!(text.len() < 700 * LARGE, "{}", text.len());
        }
    }

    #[test]
    fn a_long_chain_is_drawn() {
        assert_linear(&of_operators(|node| node.checked_sub(1).into_iter().collect()), 700);
    }

    #[test]
    fn a_wide_fan_is_drawn() {
        assert_linear(&of_operators(|node| if node == 0 { vec![] } else { vec![0] }), 700);
    }

    #[test]
    fn a_chain_with_long_edges_is_drawn() {
        assert_linear(&of_operators(|node| if node == 0 { vec![] } else { vec![node - 1, 0] }), 2000);
    }

    #[test]
    fn a_large_random_graph_is_drawn() {
        let operands = |node: usize| {
            let mut rng = StdRng::seed_from_u64(node as u64);
            let count = if node == 0 { 0 } else { 2 };
            (0..count).map(|_| rng.random_range(0..node)).collect()
        };
        assert_linear(&of_operators(operands), 4000);
    }
}
