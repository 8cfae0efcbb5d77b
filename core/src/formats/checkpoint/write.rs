//! Writes tensors to files.

use std::path::Path;

use crate::formats::checkpoint::metadata::{Metadata, Progress};
use crate::formats::checkpoint::problem::Problem;
use crate::formats::checkpoint::tensor::Tensor;
use crate::formats::checkpoint::{NETWORK, checksum, file};
use crate::formats::error::CheckpointError;
use crate::networks::Network;
use crate::parameters::{first_invalid_setting, first_not_finite};

/// The key for [`Metadata`] in a file's header.
pub(super) const KEY: &str = "typenet";

/// Writes a network, with the progress and the other tensors of a training run.
pub(crate) fn write<Net: Network>(
    path: &Path,
    training: Option<Progress>,
    net: &Net,
    tensors: Vec<Tensor>,
) -> Result<(), CheckpointError> {
    let bytes = encode(training, net, tensors);
    let written = bytes.and_then(|bytes| file::replace(path, &bytes).map_err(Problem::Unwritable));
    written.map_err(|problem| problem.of(path))
}

/// The bytes of such a file.
pub(super) fn encode<Net: Network>(
    training: Option<Progress>,
    net: &Net,
    mut tensors: Vec<Tensor>,
) -> Result<Vec<u8>, Problem> {
    if let Some(name) = first_not_finite(net) {
        return Err(Problem::Wrong(format!("was not written: `{name}` has a NaN or infinite value")));
    }
    if let Some(error) = first_invalid_setting(net) {
        return Err(Problem::Wrong(format!("was not written: {error}")));
    }
    tensors.extend(Tensor::network(NETWORK, net));
    with_checksum(&Metadata::new::<Net>(training), &tensors).map_err(Problem::Wrong)
}

/// Serializes a file and puts its checksum into it.
fn with_checksum(metadata: &Metadata, tensors: &[Tensor]) -> Result<Vec<u8>, String> {
    let text = serde_json::to_string(metadata).map_err(|problem| format!("was not written: {problem}"))?;
    let mut bytes = serialize(tensors, KEY, text)?;
    let place = checksum::place(&bytes).ok_or("was not written: its metadata has no place for a checksum")?;
    checksum::put(&mut bytes, place);
    Ok(bytes)
}

/// Serializes tensors with a text in the metadata.
///
/// A single key keeps the bytes reproducible: several keys would have a random order.
pub(crate) fn serialize(tensors: &[Tensor], key: &str, text: String) -> Result<Vec<u8>, String> {
    let mut names: Vec<_> = tensors.iter().map(|tensor| &tensor.slot.name).collect();
    names.sort_unstable();
    if let Some((name, _)) = names.iter().zip(names.iter().skip(1)).find(|(one, other)| one == other) {
        return Err(format!("was not written: two parameters are named `{name}`"));
    }
    let metadata = [(key.to_owned(), text)].into_iter().collect();
    let tensors = tensors.iter().map(|tensor| (&tensor.slot.name, tensor));
    safetensors::serialize(tensors, Some(metadata)).map_err(|problem| format!("was not written: {problem}"))
}
