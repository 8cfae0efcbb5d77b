//! The run time of [typenet](https://docs.rs/typenet): layers whose sizes are in their types, the losses,
//! gradients, training steps and data. Depend on `typenet`, which adds the `network!` macro to it.

#[cfg(feature = "checkpoint")]
pub mod checkpoint;
pub mod data;
#[doc(hidden)]
pub mod differentiated;
mod distance;
mod divided;
#[doc(hidden)]
pub mod elementwise;
mod error;
mod gradient;
#[doc(hidden)]
pub mod hyperparameters;
mod initializer;
mod labels;
mod layer;
mod layer_info;
pub mod layers;
mod loss;
pub mod losses;
mod math;
mod matrix;
mod message;
pub mod metrics;
#[cfg(not(feature = "checkpoint"))]
mod missing;
mod network;
pub mod node;
#[cfg(feature = "serde")]
mod number;
#[doc(hidden)]
pub mod operations;
pub mod optimizers;
mod parameters;
pub mod product;
mod scalar;
#[doc(hidden)]
pub mod stand_in;
mod summary;
mod tape;
mod target;
mod threads;
pub mod training;

pub use nalgebra;
pub use rand;
#[doc(inline)]
pub use typenet_graph as graph;

pub use error::Error;
pub use gradient::{BlockReport, Disagreement, GradientCheck, GradientReport};
pub use initializer::{He, Initializer, Normal, Xavier, Zeros};
pub use labels::Labels;
#[doc(hidden)]
pub use layer::infer;
pub use layer::{Layer, Memory};
pub use layer_info::LayerInfo;
pub use loss::Loss;
#[doc(hidden)] // called by what `network!` writes
pub use loss::{loss_part, loss_part_mut};
pub use math::Exponential;
pub use matrix::{
    Batch, ColumnMajor, Heap, Order, RowMajor, Samples, SamplesView, batch_from, empty_samples, samples_of, zeros,
};
#[doc(hidden)]
pub use message::Message;
pub use network::{Network, TargetOf};
pub use parameters::{Kind, Parameter, Parameters, Part, PartMut};
pub use scalar::Scalar;
pub use summary::{LayerSummary, Summary};
pub use tape::{Backward, Forward, Record, Tape, Written};
pub use target::Target;
pub use threads::with_threads;
