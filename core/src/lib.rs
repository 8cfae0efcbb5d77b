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
mod files;
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
mod mode;
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
mod scratch;
mod shape;
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
pub use files::Files;
pub use gradient::{BlockReport, CheckGradient, Disagreement, GradientCheck, GradientReport};
pub use initializer::{He, Initializer, Normal, Xavier, Zeros};
pub use labels::Labels;
pub use layer::{Cache, Infer, Layer};
pub use layer_info::LayerInfo;
#[doc(hidden)] // called by what `network!` writes
pub use layer_info::debug;
pub use loss::Loss;
#[doc(hidden)] // called by what `network!` writes
pub use loss::{loss_part, loss_part_mut};
pub use math::Exponential;
pub use matrix::{
    Batch, ColumnMajor, Heap, Order, RowMajor, Samples, SamplesView, batch_from, empty_samples, samples_of, zeros,
};
#[doc(hidden)]
pub use message::Message;
pub use metrics::Evaluate;
pub use mode::Mode;
pub use network::{Network, TargetOf};
pub use parameters::{Frozen, Kind, Parameter, Parameters, Part, PartMut, Path};
pub use scalar::Scalar;
#[doc(hidden)] // called by what `network!` writes
pub use scratch::{buffer, scratch_of_chain};
pub use shape::Shape;
pub use summary::{Draw, LayerSummary, Summary};
pub use tape::{Activations, Backward, Forward, LayerTape, Tape};
pub use target::Target;
pub use threads::with_threads;
