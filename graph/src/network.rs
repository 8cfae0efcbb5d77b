//! The graph of a network, from what its declaration says or from what it is.

use super::{Graph, Kind};

/// A layer, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub name: String,
    pub kind: String,
    /// How many features it takes.
    pub inputs: String,
    /// How many numbers it learns; empty where that is not known.
    pub parameters: String,
    /// The names and shapes of the blocks of these.
    pub blocks: Vec<[String; 2]>,
}

/// The layers in a row, each with its parameters; the loss takes the last one's output and the target.
pub fn graph(layers: &[Layer], outputs: &str, loss: &str) -> Graph {
    let mut graph = Graph::new();
    let mut last = graph.node(Kind::Input, "x");
    for layer in layers {
        last = add_layer(&mut graph, layer, last);
    }
    let target = graph.node(Kind::Input, "t");
    let loss = graph.node(Kind::Loss, format!("loss\n{loss}"));
    graph.edge(last, loss, batch(outputs), "");
    graph.edge(target, loss, "", "");
    let output = graph.node(Kind::Output, "L");
    graph.edge(loss, output, "", "");
    graph
}

/// Adds a layer behind a node; returns its own.
fn add_layer(graph: &mut Graph, layer: &Layer, before: usize) -> usize {
    let blocks: Vec<usize> =
        layer.blocks.iter().map(|[name, shape]| graph.node(Kind::Parameter, format!("{name}\n{shape}"))).collect();
    let node = graph.node(Kind::Layer, label(layer));
    graph.edge(before, node, batch(&layer.inputs), "");
    for block in blocks {
        graph.edge(block, node, "", "");
    }
    node
}

/// A layer's name, its type, and how much it learns, if anything.
fn label(Layer { name, kind, parameters, .. }: &Layer) -> String {
    let parameters = match parameters.as_str() {
        "" | "0" => String::new(),
        "1" => "\n1 parameter".to_owned(),
        count => format!("\n{count} parameters"),
    };
    format!("{name}\n{kind}{parameters}")
}

/// The shape of a batch.
fn batch(features: &str) -> String {
    format!("N x {features}")
}
