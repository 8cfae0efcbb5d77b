//! Convolutions without unrolled images, for batches of images in which the sample is the fastest index.
//!
//! ```text
//! forward      y[o, p]  = b[o] + sum over i, k of w[o, i, k] · x[i, p · stride - padding + k · dilation]
//! by input     dx[i, q] = sum over o, k of w[o, i, k] · dy[o, p], where p · stride - padding + k · dilation = q
//! by weights   dw[o, i, k] = sum over p and samples of dy[o, p] · x[i, p · stride - padding + k · dilation]
//! ```
//!
//! `p`, `q` and `k` are pixels: a row and a column. The first two are sums over taps: a vector of samples of a pixel,
//! times a weight. A tile of some vectors of one pixel times some channels stays in registers during the sum. The third
//! is a sum of inner products, of which a tile of some channels times some taps stays in registers. Pixels outside the
//! image are skipped, not multiplied by zero.
//!
//! A single image has no samples to form vectors of. Its vectors are neighboring pixels of the output, which
//! [`single`](single::single_image) first makes neighbors in memory.
//!
//! In `f32`, windows of `3 x 3` and `5 x 5` take another way, [`winograd`].
//!
//! Georganas et al., "Anatomy of High-Performance Deep Learning Convolutions on SIMD Architectures" (2018).
#![allow(unsafe_code)] // vector instructions
#![allow(clippy::inline_always)] // an intrinsic compiles to one instruction only if its caller is inlined

mod element;
mod gather;
mod geometry;
mod kernel;
mod single;
#[cfg(feature = "alloc")]
mod weights;
mod winograd;

pub use element::Convolution;
pub(crate) use gather::{by_input, forward};
pub(crate) use geometry::{Axis, Geometry};
pub(crate) use single::{scratch_of_single_image, single_image};
#[cfg(feature = "alloc")]
pub(crate) use weights::{Gradient, by_weights};

#[cfg(test)]
mod tests;
