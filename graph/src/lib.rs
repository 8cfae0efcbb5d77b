//! Draws computational graphs: values flow to the right, derivatives to the left.
//!
//! Without the default feature `std`, only [`Inside`] exists, which needs an allocator.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "std")]
mod dot;
#[cfg(feature = "std")]
mod group;
mod inside;
#[cfg(feature = "std")]
mod label;
#[cfg(feature = "std")]
mod layout;
#[cfg(feature = "std")]
mod mermaid;
#[cfg(feature = "std")]
#[doc(hidden)] // used to draw networks
#[allow(missing_docs)]
pub mod network;
#[cfg(feature = "std")]
mod number;
#[cfg(feature = "std")]
mod style;
#[cfg(feature = "std")]
mod svg;
#[cfg(feature = "std")]
mod text;

#[cfg(feature = "std")]
use group::Group;
pub use inside::Inside;
#[cfg(feature = "std")]
pub use label::one_line;
#[cfg(feature = "std")]
pub use number::{number, thousands};

/// A computational graph, which can be drawn in several formats.
///
/// The graph of a call of a `#[differentiable]` function shows its operations, with a value and a derivative on each
/// edge. The graph of a network shows its layers, with a shape on each edge, and a box around the inner layers of a block.
///
/// You can also build a graph by hand. Each node comes after its operands:
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
#[cfg(feature = "std")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// The boxes in a network's graph.
    groups: Vec<Group>,
}

/// A node of a [`Graph`]: an input, an operation, an output or a part of a network.
#[cfg(feature = "std")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The kind, which determines the node's look.
    pub kind: Kind,
    /// The text in the node. Lines are separated by `\n`.
    pub label: String,
    /// The text below the label, in blue: the derivative with respect to a value that is used more than once. May be empty.
    pub gradient: String,
}

/// The kind of a [`Node`], which determines its look.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The name of an input.
    Input,
    /// A constant in the formula.
    Constant,
    /// An operation, such as `+`, `×` or `exp`: a circle, or a longer shape for a long name.
    Operator,
    /// The name of the result.
    Output,
    /// A layer of a network.
    Layer,
    /// A block of a layer's parameters.
    Parameter,
    /// The loss at the end of a network.
    Loss,
}

/// An edge from one node of a [`Graph`] to another.
#[cfg(feature = "std")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The index in [`Graph::nodes`] of the node where the edge begins.
    pub from: usize,
    /// The index of the node where the edge ends.
    pub to: usize,
    /// The text above the edge, in black: the value or the shape. May be empty.
    pub value: String,
    /// The text below the edge, in blue: the derivative that flows back. May be empty.
    ///
    /// The derivative with respect to a value is the sum over all edges that begin at its node.
    pub gradient: String,
}

#[cfg(feature = "std")]
impl Graph {
    /// Creates an empty graph.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node, and returns its index in [`nodes`](Self::nodes).
    pub fn node(&mut self, kind: Kind, label: impl Into<String>) -> usize {
        self.nodes.push(Node { kind, label: label.into(), gradient: String::new() });
        self.nodes.len() - 1
    }

    /// Sets the derivative that is shown at a node: the sum of those on the edges from it.
    ///
    /// # Panics
    ///
    /// If the node does not exist.
    pub fn gradient(&mut self, node: usize, gradient: impl Into<String>) {
        self.nodes[node].gradient = gradient.into();
    }

    /// Adds an edge between two nodes. The edges into a node are its operands, in the order of the calls.
    ///
    /// # Panics
    ///
    /// If one of the nodes does not exist, or `from` does not come before `to`.
    pub fn edge(&mut self, from: usize, to: usize, value: impl Into<String>, gradient: impl Into<String>) {
        assert!(from < to && to < self.nodes.len(), "an edge from node {from} to {to}, of {}", self.nodes.len());
        self.edges.push(Edge { from, to, value: value.into(), gradient: gradient.into() });
    }

    /// The nodes, in the order of the calls of [`node`](Self::node).
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The edges, in the order of the calls of [`edge`](Self::edge).
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }
}

#[cfg(feature = "std")]
impl Node {
    /// The label, with the derivative below it.
    fn text(&self) -> String {
        if self.gradient.is_empty() { self.label.clone() } else { format!("{}\n{}", self.label, self.gradient) }
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    const LARGE: usize = 10_000;

    fn operator_graph(edges: impl Fn(usize) -> Vec<usize>) -> Graph {
        let mut graph = Graph::new();
        for node in 0..LARGE {
            graph.node(Kind::Operator, "+");
            for from in edges(node) {
                graph.edge(from, node, "1.5", "-2.5");
            }
        }
        graph
    }

    /// Asserts that the length of all drawings is proportional to the number of nodes.
    fn assert_linear(graph: &Graph, bytes_of_svg: usize) {
        assert!(graph.to_svg().len() < bytes_of_svg * LARGE, "{}", graph.to_svg().len());
        for text in [graph.to_string(), graph.to_dot(), graph.to_mermaid()] {
            assert!(text.len() < 700 * LARGE, "{}", text.len());
        }
    }

    #[test]
    fn a_long_chain_is_drawn() {
        assert_linear(&operator_graph(|node| node.checked_sub(1).into_iter().collect()), 700);
    }

    #[test]
    fn a_wide_fan_is_drawn() {
        assert_linear(&operator_graph(|node| if node == 0 { vec![] } else { vec![0] }), 700);
    }

    #[test]
    fn a_chain_with_long_edges_is_drawn() {
        assert_linear(&operator_graph(|node| if node == 0 { vec![] } else { vec![node - 1, 0] }), 2000);
    }

    #[test]
    fn a_large_random_graph_is_drawn() {
        let operands = |node: usize| {
            let mut rng = StdRng::seed_from_u64(node as u64);
            let count = if node == 0 { 0 } else { 2 };
            (0..count).map(|_| rng.random_range(0..node)).collect()
        };
        assert_linear(&operator_graph(operands), 4000);
    }
}
