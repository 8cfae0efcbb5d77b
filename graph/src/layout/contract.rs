//! Replaces each outermost group of a graph by one node.

use std::collections::HashSet;

use super::super::{Edge, Graph, Kind, Node};

/// A graph without groups: each outermost group is a node.
pub struct Contracted {
    pub graph: Graph,
    /// The group that each node stands for.
    pub groups: Vec<Option<usize>>,
}

/// Contracts the outermost groups. Several lines from one node into a group become one.
pub fn contract(graph: &Graph) -> Contracted {
    let mut contracted = Contracted { graph: Graph::new(), groups: Vec::new() };
    let mut node_of_group = vec![None; graph.groups.len()];
    let mut place = Vec::with_capacity(graph.nodes.len());
    for (node, owner) in graph.nodes.iter().zip(graph.owners()) {
        let outermost = graph.around(owner).last();
        let known = outermost.and_then(|group| node_of_group[group]);
        place.push(known.unwrap_or_else(|| contracted.add(outermost, node)));
        if let Some(group) = outermost {
            node_of_group[group] = place.last().copied();
        }
    }
    let mut into_groups = HashSet::new();
    for edge in &graph.edges {
        let (from, to) = (place[edge.from], place[edge.to]);
        let is_new = contracted.groups[to].is_none() || into_groups.insert((from, to));
        if from != to && is_new {
            contracted.graph.edges.push(Edge { from, to, ..edge.clone() });
        }
    }
    contracted
}

impl Contracted {
    /// Adds a node, or the node for a group, and returns its index.
    fn add(&mut self, group: Option<usize>, node: &Node) -> usize {
        let stands_for_group = Node { kind: Kind::Layer, label: String::new(), gradient: String::new() };
        self.graph.nodes.push(if group.is_some() { stands_for_group } else { node.clone() });
        self.groups.push(group);
        self.graph.nodes.len() - 1
    }
}
