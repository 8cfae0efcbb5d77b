//! The built-in layers, one per file.
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

#[cfg(feature = "alloc")]
mod activations;
mod adaptive_average_pool2d;
#[cfg(feature = "alloc")]
mod adding;
mod affine;
mod affine_without_bias;
mod average_pool1d;
mod average_pool2d;
mod batch_norm;
mod block;
mod branches;
mod columns;
mod concat;
mod conv1d;
mod conv2d;
mod conv_transpose2d;
mod depthwise_conv2d;
#[cfg(feature = "alloc")]
mod describe;
mod dropout;
mod dropout2d;
#[doc(hidden)]
pub mod elementwise;
mod elu;
mod embedding;
mod flatten;
mod gelu;
mod gelu_exact;
mod global_average_pool;
mod identity;
#[cfg(feature = "alloc")]
mod input_columns;
pub(crate) mod layer;
#[cfg(feature = "alloc")]
mod layer_info;
mod layer_norm;
#[cfg(feature = "alloc")]
mod layer_tape;
mod leaky_relu;
mod max_pool1d;
mod max_pool2d;
mod mode;
mod p_relu;
mod relu;
mod residual;
mod rms_norm;
mod row_norm;
mod scratch;
mod silu;
mod softplus;
mod sum;
mod sums;
mod upsample2d;
mod windows;

#[cfg(feature = "alloc")]
pub use activations::Activations;
pub use adaptive_average_pool2d::AdaptiveAveragePool2d;
pub use affine::Affine;
pub use affine_without_bias::AffineWithoutBias;
pub use average_pool1d::AveragePool1d;
pub use average_pool2d::AveragePool2d;
pub use batch_norm::BatchNorm;
#[cfg(feature = "alloc")]
pub use batch_norm::BatchNormCache;
#[doc(hidden)] // `network!` implements it
pub use block::Block;
#[cfg(feature = "alloc")]
pub use branches::{BranchCache, LayerBranches};
pub use branches::{Branches, EqualBranches, JoinedBranches};
pub use concat::Concat;
pub use conv_transpose2d::ConvTranspose2d;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use depthwise_conv2d::DepthwiseConv2d;
pub use dropout::Dropout;
pub use dropout2d::Dropout2d;
pub use elu::Elu;
pub use embedding::Embedding;
pub use flatten::Flatten;
pub use gelu::Gelu;
pub use gelu_exact::GeluExact;
pub use global_average_pool::GlobalAveragePool;
pub use identity::Identity;
#[cfg(feature = "alloc")]
pub use input_columns::InputColumns;
pub use layer::Infer;
#[cfg(feature = "alloc")]
pub use layer::{Cache, Layer};
#[cfg(feature = "alloc")]
pub use layer_info::LayerInfo;
pub use layer_norm::LayerNorm;
#[cfg(feature = "alloc")]
pub use layer_tape::LayerTape;
pub use leaky_relu::LeakyRelu;
pub use max_pool1d::MaxPool1d;
pub use max_pool2d::MaxPool2d;
#[cfg(feature = "alloc")]
pub use max_pool2d::MaxPool2dCache;
pub use mode::Mode;
pub use p_relu::PRelu;
pub use relu::Relu;
pub use residual::Residual;
#[cfg(feature = "alloc")]
pub use residual::ResidualCache;
pub use rms_norm::RmsNorm;
#[cfg(feature = "alloc")]
pub use row_norm::RowNormCache;
pub(crate) use scratch::infer;
#[doc(hidden)] // called by generated code
pub use scratch::{buffers, scratch_of_chain};
pub use silu::Silu;
pub use softplus::Softplus;
pub use sum::Sum;
pub use upsample2d::Upsample2d;
