//! The runtime of [typenet](https://docs.rs/typenet): statically sized layers, losses, gradients, training and data.
//!
//! Depend on `typenet` instead, which adds the `network!` macro.
#![cfg_attr(not(feature = "std"), no_std)]
// Without a heap there are no batches, so the code of their passes is not used.
#![cfg_attr(not(feature = "std"), allow(dead_code, unused_imports))]

#[cfg(feature = "alloc")]
extern crate alloc;
// In every file, `std` is what exists of it.
#[cfg(not(feature = "std"))]
extern crate core as std;

#[cfg(all(not(feature = "std"), target_endian = "big"))]
compile_error!("without `std`, typenet supports only little-endian processors: embedded weights are little-endian");

/// Emits items that need a heap.
#[cfg(feature = "alloc")]
#[doc(hidden)] // generated code uses it
#[macro_export]
macro_rules! with_alloc {
    ($($items:tt)*) => { $($items)* };
}

/// Omits items that need a heap.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! with_alloc {
    ($($items:tt)*) => {};
}

/// Emits items that need the standard library.
#[cfg(feature = "std")]
#[doc(hidden)] // generated code uses it
#[macro_export]
macro_rules! with_std {
    ($($items:tt)*) => { $($items)* };
}

/// Omits items that need the standard library.
#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! with_std {
    ($($items:tt)*) => {};
}

#[cfg(feature = "std")]
pub mod data;
#[cfg(feature = "std")]
mod formats;
#[cfg(feature = "std")]
mod gradient;
mod initializer;
mod kernels;
mod labels;
pub mod layers;
pub mod losses;
#[doc(hidden)]
pub mod macro_support;
mod matrix;
#[cfg(feature = "std")]
pub mod metrics;
mod networks;
pub mod node;
#[cfg(feature = "std")]
pub mod optimizers;
mod parameters;
mod scalar;
mod shape;
#[cfg(feature = "alloc")]
mod target;
#[cfg(feature = "std")]
pub mod training;

pub use nalgebra;
pub use rand;
#[cfg(feature = "alloc")]
#[doc(inline)]
pub use typenet_graph as graph;
#[cfg(feature = "alloc")]
pub use typenet_graph::Inside;

#[cfg(feature = "checkpoint")]
pub use formats::checkpoint;
#[cfg(feature = "std")]
pub use formats::{CheckpointError, Files, OnnxError, PyTorch};
#[cfg(feature = "std")]
pub use gradient::{BlockReport, CheckGradient, Disagreement, GradientCheck, GradientError, GradientReport};
pub use initializer::Initializer;
#[cfg(feature = "alloc")]
pub use initializer::{He, Normal, Xavier, Zeros};
pub use kernels::Exponential;
#[cfg(feature = "alloc")]
pub use kernels::product;
#[cfg(feature = "std")]
pub use kernels::{ThreadsError, with_threads};
#[cfg(feature = "alloc")]
pub use labels::Labels;
pub use labels::LabelsError;
#[cfg(feature = "alloc")]
pub use layers::{Activations, Cache, Layer, LayerInfo, LayerTape};
pub use layers::{Infer, Mode};
#[cfg(feature = "alloc")]
pub use losses::Loss;
pub use matrix::{Batch, ColumnMajor, Features, Heap, Known, Order, RowMajor, Samples, SamplesView, SizeError};
#[cfg(feature = "std")]
pub use metrics::Evaluate;
#[cfg(feature = "alloc")]
pub use networks::{Backward, CopyError, Forward, InputGradient, Tape, TargetOf, UnknownLayer, UnknownParameter};
#[cfg(feature = "std")]
pub use networks::{DataFor, Draw, LayerSummary, Summary};
pub use networks::{Frozen, Network};
pub use parameters::{At, Constant, Constants, Declared, Embed, EmbedAt, Kind, Parameters, Part, PartMut, Path, Place};
#[cfg(feature = "alloc")]
pub use parameters::{Attribute, Operand, Operation, Operator, Parameter};
#[doc(hidden)]
pub use scalar::Numbers;
pub use scalar::Scalar;
pub use shape::{
    Channels, Classes, Continuous, Enlarge, Image, Kernel, Line, PartOf, Shape, Slide, Spread, Square, Stretch, Window,
    Windows, reshaped,
};
#[cfg(feature = "alloc")]
pub use target::{Target, WeightedTargets};
