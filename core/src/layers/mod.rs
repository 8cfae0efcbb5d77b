//! The built-in layers, one per file.
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

mod activations;
mod adding;
mod affine;
mod affine_without_bias;
mod batch_norm;
mod block;
mod branches;
mod columns;
mod concat;
mod conv2d;
mod dropout;
#[doc(hidden)]
pub mod elementwise;
mod elu;
mod embedding;
mod flatten;
mod gelu;
mod identity;
mod input_columns;
mod keep;
pub(crate) mod layer;
mod layer_norm;
mod layer_tape;
mod leaky_relu;
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

pub use activations::Activations;
pub use affine::Affine;
pub use affine_without_bias::AffineWithoutBias;
pub use batch_norm::{BatchNorm, BatchNormCache};
#[doc(hidden)] // `network!` implements it
pub use block::Block;
pub use branches::{BranchCache, Branches, EqualBranches, JoinedBranches, LayerBranches};
pub use concat::Concat;
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use elu::Elu;
pub use embedding::Embedding;
pub use flatten::Flatten;
pub use gelu::Gelu;
pub use identity::Identity;
pub use input_columns::InputColumns;
pub use keep::{Keep, Owned};
pub use layer::{Cache, Infer, Layer};
pub use layer_norm::LayerNorm;
pub use layer_tape::LayerTape;
pub use leaky_relu::LeakyRelu;
pub use max_pool2d::{MaxPool2d, MaxPool2dCache};
pub use mode::Mode;
pub(crate) use mode::mix;
pub use p_relu::PRelu;
pub use relu::Relu;
pub use residual::{Residual, ResidualCache};
pub use rms_norm::RmsNorm;
pub use row_norm::RowNormCache;
pub(crate) use scratch::with_scratch;
#[doc(hidden)] // called by generated code
pub use scratch::{buffers, scratch_of_chain};
pub use silu::Silu;
pub use softplus::Softplus;
pub use sum::Sum;
