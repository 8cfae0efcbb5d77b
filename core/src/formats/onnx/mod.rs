//! Writes networks as ONNX. Requires the feature `onnx`.

mod graph;
mod proto;

use prost::Message;

use crate::formats::error::OnnxError;
use crate::networks::Network;
use crate::parameters::{Operation, first_invalid_setting, first_not_finite};

/// The version of the format of the file.
const IR_VERSION: i64 = 8;
/// The version of the operators.
const OPERATORS: i64 = 17;

/// Encodes a network, with an operation after its last layer.
pub(crate) fn encode<Net: Network>(net: &Net, last: Option<Operation>) -> Result<Vec<u8>, OnnxError> {
    if let Some(name) = first_not_finite(net) {
        return Err(OnnxError::NotFinite { name });
    }
    if let Some(problem) = first_invalid_setting(net) {
        return Err(OnnxError::Setting { problem: problem.to_string() });
    }
    let model = proto::Model {
        ir_version: IR_VERSION,
        producer_name: "typenet".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(graph::graph(net, last)?),
        opset_import: vec![proto::OperatorSet { domain: String::new(), version: OPERATORS }],
    };
    Ok(model.encode_to_vec())
}
