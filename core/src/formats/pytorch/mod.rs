//! Weights from and for PyTorch: a `state_dict` in a safetensors file. Requires the feature `checkpoint`.

mod assign;
mod file;
mod floats;
mod names;
mod order;

use std::path::Path;

pub use names::PyTorch;

use crate::formats::checkpoint::Problem;
use crate::formats::error::CheckpointError;
use crate::networks::Network;

/// See [`Files::import`](crate::Files::import).
pub(crate) fn import<Net: Network>(path: &Path, names: &PyTorch) -> Result<Net, CheckpointError> {
    let import = || {
        let mut net = Net::default();
        let file = file::StateDict::open(path, &net)?;
        let assigned = assign::assign(names.slots(&net)?, names.is_by_order(), file.shapes())?;
        file.read(assigned, &mut net)?;
        Ok(net)
    };
    import().map_err(|problem: Problem| problem.of(path))
}

/// See [`Files::export`](crate::Files::export).
pub(crate) fn export<Net: Network>(net: &Net, path: &Path, names: &PyTorch) -> Result<(), CheckpointError> {
    let export = || file::write(net, names.slots(net)?, path);
    export().map_err(|problem: Problem| problem.of(path))
}
