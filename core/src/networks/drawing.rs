//! The graph of a network's layers.

use nalgebra::DimName;
use typenet_graph::network::{self, Layer};

use crate::graph::{Graph, thousands};
use crate::layers::LayerInfo;
use crate::networks::network::Network;
use crate::scalar::Scalar;

pub(super) fn graph<Net: Network>(network: &Net) -> Graph {
    let layers: Vec<Layer> = network.layers().map(|layer| describe(&layer)).collect();
    network::graph(&layers, &Net::Output::DIM.to_string(), Some(Net::LOSS))
}

fn describe<T: Scalar>(layer: &LayerInfo<'_, T>) -> Layer {
    let size = |shape: &[usize]| shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ");
    let blocks = layer.blocks().into_iter().map(|block| [size(block.shape), block.name]);
    Layer {
        name: layer.name.to_owned(),
        kind: layer.kind.to_owned(),
        inputs: shape(layer.inputs, layer.input_image),
        outputs: shape(layer.outputs, layer.output_image),
        parameters: thousands(layer.parameter_count()),
        blocks: blocks.map(|[size, name]| [name, size]).collect(),
        inside: layer.inside.as_ref().map(|inside| inside.map(describe)),
    }
}

/// Formats the shape of a sample: `16 x 12 x 12` for an image, `2304` for features.
pub(super) fn shape(features: usize, image: Option<[usize; 3]>) -> String {
    image.map_or_else(|| features.to_string(), |sizes| sizes.map(|size| size.to_string()).join(" x "))
}
