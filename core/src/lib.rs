//! The runtime of [typenet](https://docs.rs/typenet): statically sized layers, losses, gradients, training and data.
//!
//! Depend on `typenet` instead, which adds the `network!` macro.

pub mod data;
mod formats;
mod gradient;
mod initializer;
mod kernels;
mod labels;
pub mod layers;
pub mod losses;
#[doc(hidden)]
pub mod macro_support;
mod matrix;
pub mod metrics;
mod networks;
pub mod node;
pub mod optimizers;
mod parameters;
mod scalar;
mod shape;
mod target;
pub mod training;

pub use nalgebra;
pub use rand;
#[doc(inline)]
pub use typenet_graph as graph;
pub use typenet_graph::Inside;

#[cfg(feature = "checkpoint")]
pub use formats::checkpoint;
pub use formats::{CheckpointError, Files, OnnxError, PyTorch};
pub use gradient::{BlockReport, CheckGradient, Disagreement, GradientCheck, GradientError, GradientReport};
pub use initializer::{He, Initializer, Normal, Xavier, Zeros};
pub use kernels::{Exponential, ThreadsError, product, with_threads};
pub use labels::{Labels, LabelsError};
pub use layers::{Activations, Cache, Infer, Layer, LayerInfo, LayerTape, Mode};
pub use losses::Loss;
pub use matrix::{Batch, ColumnMajor, Features, Heap, Order, RowMajor, Samples, SamplesView, SizeError};
pub use metrics::Evaluate;
pub use networks::{
    Backward, CopyError, DataFor, Draw, Embedded, Forward, Frozen, InputGradient, LayerSummary, Network, Summary, Tape,
    TargetOf, UnknownLayer, UnknownParameter,
};
pub use parameters::{
    Attribute, Constant, Constants, Declared, Embed, Kind, Operand, Operation, Operator, Parameter, Parameters, Part,
    PartMut, Path,
};
#[doc(hidden)]
pub use scalar::Numbers;
pub use scalar::Scalar;
pub use shape::{
    Channels, Classes, Continuous, Enlarge, Image, Kernel, Line, PartOf, Shape, Slide, Spread, Square, Stretch, Window,
    Windows, reshaped,
};
pub use target::{Target, WeightedTargets};
