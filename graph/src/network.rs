//! Builds the graph of a network, from its declaration or at run time.

use super::{Graph, Kind};

/// The texts of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub name: String,
    pub kind: String,
    /// The number of input features.
    pub inputs: String,
    /// The number of parameters; empty if it is unknown.
    pub parameters: String,
    /// The names and shapes of the parameter blocks.
    pub blocks: Vec<[String; 2]>,
}

/// Builds a chain of layers, each with its parameters, followed by the loss with the target as its second operand, or by
/// the output of a block.
pub fn graph(layers: &[Layer], outputs: &str, loss: Option<&str>) -> Graph {
    let mut graph = Graph::new();
    let mut last = graph.node(Kind::Input, "x");
    for layer in layers {
        last = add_layer(&mut graph, layer, last);
    }
    let Some(loss) = loss else {
        let output = graph.node(Kind::Output, "y");
        graph.edge(last, output, batch(outputs), "");
        return graph;
    };
    let target = graph.node(Kind::Input, "t");
    let loss = graph.node(Kind::Loss, format!("loss\n{loss}"));
    graph.edge(last, loss, batch(outputs), "");
    graph.edge(target, loss, "", "");
    let output = graph.node(Kind::Output, "L");
    graph.edge(loss, output, "", "");
    graph
}

/// Adds a layer after the node `before`, and returns the layer's node.
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

/// A layer's name, type and, if known and not zero, its number of parameters.
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
