//! Computational graphs, to be drawn: values flow to the right, derivatives to the left.

mod number;

pub use number::number;

/// A computational graph: what is calculated from what.
///
/// A call of a `#[differentiable]` function gives the graph of its operations, each edge with the value that flows
/// along it and the derivative that flows back; a network gives the graph of its layers, each edge with its shape.
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
}

/// What a [`Node`] stands for, and so what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A value that comes in: its name.
    Input,
    /// A number in the formula.
    Constant,
    /// An operation, such as `+`, `×` or `exp`: a circle.
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
    /// The text below it, blue: the derivative of the result by that value. May be empty.
    pub gradient: String,
}

impl Graph {
    /// A graph with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node, and gives its place in [`nodes`](Self::nodes).
    pub fn node(&mut self, kind: Kind, label: impl Into<String>) -> usize {
        self.nodes.push(Node { kind, label: label.into() });
        self.nodes.len() - 1
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
