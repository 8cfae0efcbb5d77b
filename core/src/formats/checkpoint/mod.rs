//! Networks and trainings in files, with the feature `checkpoint`.
//!
//! [`Files::save`](crate::Files::save) and [`Files::load`](crate::Files::load) store a network alone.
//! [`Trainer::checkpoint`](crate::training::Trainer::checkpoint) stores a training again and again while it runs, and
//! [`Trainer::resume`](crate::training::Trainer::resume) goes on from there, to the same bits as if there had been no break.
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
//! A file holds the network's parameters and settings, such as the slope of a `LeakyRelu`, and loading restores them: only
//! layers, names and shapes have to be those of the declaration. A layer of your own names its settings in
//! [`Parameters::part`](crate::Parameters::part); anything else that it keeps is not stored.
//!
//! # The format
//!
//! A file is one of [safetensors](https://github.com/huggingface/safetensors), which other tools open too:
//!
//! ```text
//! length      8 bytes, little-endian: how long the header is
//! header      JSON: kind (`F32`, `F64`), shape and place of each tensor, and `__metadata__`
//! tensors     one after the other, without a gap, row by row, little-endian
//! ```
//!
//! | tensor | shape | |
//! | --- | --- | --- |
//! | `network.affine1.weight`, ... | rows, columns | the network's parameters |
//! | `network.act.negative_slope`, ... | none: one number | the network's settings; not in format 1 |
//! | `optimizer.m.affine1.weight`, ... | as the parameter | what the optimiser remembers, by the names in its formula |
//! | `best.affine1.weight`, ... | as in `network` | the network of the best evaluation, if early stopping keeps it |
//! | `history.best_loss` | 1 | what that one was judged by |
//! | `history.loss` | steps | the loss of each step |
//! | `history.learning_rate` | steps | its learning rate |
//! | `history.evaluations` | evaluations, 8 | steps, epochs, seconds, loss and accuracy in training and in validation, and which of the four there are: the sum of 1, 2, 4 and 8 |
//!
//! A network alone has only the first two. Settings and the history are `F64`; everything else has the network's scalar. Parameters
//! are matrices: a bias has one row.
//!
//! `__metadata__` has one key, `typenet`, and that a text which is JSON again:
//!
//! | key | |
//! | --- | --- |
//! | `format` | [`FORMAT`]; a reader refuses what is newer |
//! | `scalar` | `f32` or `f64` |
//! | `architecture` | layers with their types, and the loss: `input: 2 -> affine1: Affine<2, 3, f32> -> act: LeakyRelu -> loss: SoftmaxWithLoss`; format 1 has hyperparameters in it |
//! | `training` | `null`, or how far it is: `steps`, `evaluations`, `seconds`, `best` (whether there is one), `waited` (evaluations since then), `generator` (49 bytes: seed, stream, place), `optimizer`, `optimizer_steps`, and `settings`, which have to be the same when it goes on |
//! | `checksum` | CRC-32 (that of gzip) of the whole file, with eight zeros in place of these eight hexadecimal digits |
//!
//! The same state gives the same bytes.
//!
//! # What a reader believes
//!
//! Nothing is kept before each tensor has the name, the kind and the shape that the network asks for, the header fits the
//! file's real length, and the checksum is right: the file is read twice. The header is at most 64 KiB and 4 KiB for each block of parameters. Of the file of a
//! training, [`Files::load`](crate::Files::load) keeps the network alone, the best if there is one; a history is as long as the file really is.

mod checksum;
mod file;
mod metadata;
mod problem;
mod read;
mod tensor;
mod write;

use std::path::Path;

pub(crate) use checksum::of_numbers as checksum_of;
pub(crate) use file::try_place;
pub use metadata::FORMAT;
pub(crate) use metadata::Progress;
pub(crate) use problem::Problem;
pub(crate) use read::{Stored, Surplus};
pub(crate) use tensor::{Slot, Tensor, Tensors};
pub(crate) use write::write;

use crate::formats::error::CheckpointError;
use crate::networks::Network;

/// What the names of a network's own parameters begin with.
pub(crate) const NETWORK: &str = "network.";
/// What the names of the parameters of a training's best network begin with.
pub(crate) const BEST: &str = "best.";

/// See [`Files::save`](crate::Files::save).
pub(crate) fn save<Net: Network>(net: &Net, path: &Path) -> Result<(), CheckpointError> {
    write::<Net>(path, None, net, Vec::new())
}

/// See [`Files::load`](crate::Files::load).
pub(crate) fn load<Net: Network>(path: &Path) -> Result<Net, CheckpointError> {
    let load = || {
        let (stored, mut net) = (Stored::open::<Net>(path)?, Net::default());
        let best = stored.metadata.training.as_ref().is_some_and(|training| training.best);
        let names: &[&str] = if best { &[NETWORK, BEST] } else { &[NETWORK] };
        let slots: Vec<_> = names.iter().flat_map(|name| Slot::network(name, &net)).collect();
        let mut tensors = stored.read::<Net>(&slots, Surplus::Ignored)?;
        for name in names {
            tensors.fill_finite(name, &mut net)?;
        }
        Ok(net)
    };
    load().map_err(|problem: Problem| problem.of(path))
}
