//! A file from tensors.

use std::path::Path;

use crate::formats::checkpoint::metadata::{Metadata, Progress};
use crate::formats::checkpoint::problem::Problem;
use crate::formats::checkpoint::tensor::Tensor;
use crate::formats::checkpoint::{NETWORK, checksum, file};
use crate::formats::error::CheckpointError;
use crate::networks::Network;
use crate::parameters::first_not_finite;

/// The key of the metadata under which a file says what it is.
pub(super) const KEY: &str = "typenet";

/// Writes a network, and what else belongs to a training.
pub(crate) fn write<Net: Network>(
    path: &Path,
    training: Option<Progress>,
    net: &Net,
    mut tensors: Vec<Tensor>,
) -> Result<(), CheckpointError> {
    let write = || {
        if let Some(name) = first_not_finite(net) {
            return Err(Problem::Wrong(format!("is not written: a number in `{name}` is not finite")));
        }
        tensors.extend(Tensor::network(NETWORK, net));
        let bytes = encode(&Metadata::new::<Net>(training), &tensors).map_err(Problem::Wrong)?;
        file::replace(path, &bytes).map_err(Problem::Unwritable)
    };
    write().map_err(|problem| problem.of(path))
}

/// The bytes of a file.
fn encode(metadata: &Metadata, tensors: &[Tensor]) -> Result<Vec<u8>, String> {
    let mut names: Vec<_> = tensors.iter().map(|tensor| &tensor.slot.name).collect();
    names.sort_unstable();
    if let Some((name, _)) = names.iter().zip(names.iter().skip(1)).find(|(one, other)| one == other) {
        return Err(format!("is not written: two blocks of parameters are called `{name}`"));
    }
    let text = serde_json::to_string(metadata).map_err(|problem| format!("is not written: {problem}"))?;
    // A single key: several would come in any order, and the bytes would not be the same each time.
    let metadata = [(KEY.to_owned(), text)].into_iter().collect();
    let tensors = tensors.iter().map(|tensor| (&tensor.slot.name, tensor));
    let mut bytes =
        safetensors::serialize(tensors, Some(metadata)).map_err(|problem| format!("is not written: {problem}"))?;
    let place = checksum::place(&bytes).ok_or("is not written: its description has no place for a checksum")?;
    checksum::put(&mut bytes, place);
    Ok(bytes)
}
