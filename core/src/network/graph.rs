//! A network's graph.

use nalgebra::DimName;

use super::Network;
use crate::LayerInfo;
use crate::graph::{Graph, Kind};
use crate::summary::thousands;

/// The layers in a row, each with its parameters; the loss takes the last one's output and the target.
pub(super) fn graph<Net: Network>(network: &Net) -> Graph {
    let mut graph = Graph::new();
    let mut last = (graph.node(Kind::Input, "x"), Net::Input::DIM);
    for layer in network.layers() {
        last = add_layer(&mut graph, layer, last);
    }
    let target = graph.node(Kind::Input, "t");
    let loss = graph.node(Kind::Loss, format!("loss\n{}", Net::LOSS));
    graph.edge(last.0, loss, batch(last.1), "");
    graph.edge(target, loss, "", "");
    let output = graph.node(Kind::Output, "L");
    graph.edge(loss, output, "", "");
    graph
}

/// Adds a layer behind a node that gives so many features; returns the same of the layer.
fn add_layer<T: crate::Scalar>(
    graph: &mut Graph,
    layer: LayerInfo<'_, T>,
    (before, features): (usize, usize),
) -> (usize, usize) {
    let blocks: Vec<usize> = layer
        .blocks()
        .map(|block| graph.node(Kind::Parameter, format!("{block}\n{} x {}", block.shape.0, block.shape.1)))
        .collect();
    let node = graph.node(Kind::Layer, label(&layer));
    graph.edge(before, node, batch(features), "");
    for block in blocks {
        graph.edge(block, node, "", "");
    }
    (node, layer.outputs)
}

/// A layer's name, its type, and how much it learns, if anything.
fn label<T: crate::Scalar>(layer: &LayerInfo<'_, T>) -> String {
    let parameters = match layer.parameter_count() {
        0 => String::new(),
        1 => "\n1 parameter".to_owned(),
        count => format!("\n{} parameters", thousands(count)),
    };
    format!("{}\n{}{parameters}", layer.name, layer.kind)
}

/// The shape of a batch.
fn batch(features: usize) -> String {
    format!("N x {features}")
}
