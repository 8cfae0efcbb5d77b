//! Files of networks and training runs. Requires the feature `checkpoint`.
//!
//! [`Files::save`](crate::Files::save) and [`Files::load`](crate::Files::load) store a network.
//! [`Trainer::checkpoint`](crate::training::Trainer::checkpoint) stores a training run at regular intervals.
//! [`Trainer::resume`](crate::training::Trainer::resume) continues it, with the same bits as without the interruption.
//!
//! ```no_run
//! # use typenet_core as typenet;
//! use typenet::{DataFor, Files, Network};
//! use typenet::optimizers::{Adam, Schedule};
//! use typenet::training::Trainer;
//!
//! fn train<Net: Network, D: DataFor<Net>>(net: Net, train: &D) -> Result<Net, typenet::training::TrainingError> {
//!     let file = std::path::Path::new("run.safetensors");
//!     let trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.001), train).epochs(100).checkpoint(file, 1000);
//!     let mut trainer = if file.exists() { trainer.resume(file)? } else { trainer };
//!     trainer.run()?;
//!     trainer.network().save("net.safetensors")?;
//!     Ok(Net::load("net.safetensors")?)
//! }
//! ```
//!
//! A file holds the network's parameters and settings, such as the slope of a `LeakyRelu`, and loading restores them.
//! Layers, names and shapes must be the same as in the declaration. Your own layer lists its settings in
//! [`Parameters::part`](crate::Parameters::part); its other fields are not stored.
//!
//! # Format
//!
//! Files have the format [safetensors](https://github.com/huggingface/safetensors), which other tools can read:
//!
//! ```text
//! length      8 bytes, little-endian: the length of the header
//! header      JSON: type (`F32`, `F64`), shape and byte range of each tensor, and `__metadata__`
//! tensors     one after the other, without gaps, row by row, little-endian
//! ```
//!
//! | tensor | shape | content |
//! | --- | --- | --- |
//! | `network.affine1.weight`, ... | rows, columns; of a convolution as in PyTorch | the network's parameters |
//! | `network.act.negative_slope`, `network.loss.class_weights`, ... | scalar, or one dimension for a list | the network's settings; not in format 1 |
//! | `optimizer.m.affine1.weight`, ... | as the parameter | the optimizer's state, named as in its formula |
//! | `best.affine1.weight`, ... | as in `network` | the network of the best evaluation, with early stopping |
//! | `history.best_loss` | 1 | the loss of that evaluation |
//! | `history.loss` | steps | the loss of each step |
//! | `history.learning_rate` | steps | the learning rate of each step |
//! | `history.evaluations` | evaluations, 8 | steps, epochs, seconds, training loss and accuracy, validation loss and accuracy, and flags for the last four: the sum of 1, 2, 4 and 8 for those present |
//! | `history.metrics` | evaluations, 2 · metrics | for each metric of the user's own its value, and 1 if it has one, else 0 |
//!
//! The file of a network has only the first two. Settings and the history are `F64`; all other tensors have the
//! network's scalar. Parameters are matrices, except the weight of a convolution: a bias has one row.
//!
//! `__metadata__` has one key, `typenet`, whose value is a string that contains JSON:
//!
//! | key | value |
//! | --- | --- |
//! | `format` | [`FORMAT`]; readers reject newer formats |
//! | `scalar` | `f32` or `f64` |
//! | `architecture` | layers with their types, and the loss: `input: 2 -> affine1: Affine<2, 3, f32> -> act: LeakyRelu -> loss: SoftmaxWithLoss`; format 1 includes hyperparameters |
//! | `training` | `null`, or the progress of a training run: `steps`, `evaluations`, `seconds`, `metrics` (names, if there are any), `best` (true if the file holds the best network), `waited` (evaluations since the best), `generator` (49 bytes: seed, stream, position), `optimizer`, `optimizer_steps`, and `settings`, which must be the same to resume |
//! | `checksum` | CRC-32 (as in gzip) of the whole file, with eight zeros in place of these eight hexadecimal digits |
//!
//! The same state gives the same bytes.
//!
//! # Untrusted files
//!
//! A reader first checks the name, type and shape of each tensor, the length of the file and the checksum. Then it
//! reads the file a second time and allocates the tensors. The header may have at most 64 KiB, and 4 KiB more for each
//! block of parameters.

mod checksum;
mod file;
mod metadata;
mod problem;
mod read;
mod tensor;
mod write;

use std::io::{Read, Seek};
use std::path::Path;

pub(crate) use checksum::of_numbers as checksum_of;
pub(crate) use file::{replace, try_place};
pub use metadata::FORMAT;
pub(crate) use metadata::{Progress, short};
pub(crate) use problem::Problem;
pub(crate) use read::{
    HEADER_PER_BLOCK, Header, LENGTH, Stored, Surplus, open, places, read_header, read_tensors, size,
};
pub(crate) use tensor::{Slot, Tensor, Tensors};
use write::encode;
pub(crate) use write::{serialize, write};

use crate::formats::error::CheckpointError;
use crate::networks::Network;

/// The prefix of a network's parameters.
pub(crate) const NETWORK: &str = "network.";
/// The prefix of the best network's parameters.
pub(crate) const BEST: &str = "best.";

/// See [`Files::save`](crate::Files::save).
pub(crate) fn save<Net: Network>(net: &Net, path: &Path) -> Result<(), CheckpointError> {
    write::<Net>(path, None, net, Vec::new())
}

/// See [`Files::to_bytes`](crate::Files::to_bytes).
pub(crate) fn to_bytes<Net: Network>(net: &Net) -> Result<Vec<u8>, CheckpointError> {
    encode::<Net>(None, net, Vec::new()).map_err(Problem::in_memory)
}

/// See [`Files::from_bytes`](crate::Files::from_bytes).
pub(crate) fn from_bytes<Net: Network>(bytes: &[u8]) -> Result<Net, CheckpointError> {
    Stored::in_memory::<Net>(bytes).and_then(read_network).map_err(Problem::in_memory)
}

/// See [`Files::load`](crate::Files::load).
pub(crate) fn load<Net: Network>(path: &Path) -> Result<Net, CheckpointError> {
    Stored::open::<Net>(path).and_then(read_network).map_err(|problem| problem.of(path))
}

/// Reads the latest network of a file, or the best one if there is one.
fn read_network<Net: Network, R: Read + Seek>(stored: Stored<R>) -> Result<Net, Problem> {
    let mut net = Net::default();
    let best = stored.metadata.training.as_ref().is_some_and(|training| training.best);
    let names: &[&str] = if best { &[NETWORK, BEST] } else { &[NETWORK] };
    let slots: Vec<_> = names.iter().flat_map(|name| Slot::network(name, &net)).collect();
    let mut tensors = stored.read::<Net>(&slots, Surplus::Ignored)?;
    for name in names {
        tensors.fill_checked(name, &mut net)?;
    }
    Ok(net)
}
