//! The built-in layers, one a file.
#![allow(clippy::inline_always)] // loops are vectorised only where everything in them is inlined

mod affine;
mod elu;
mod gelu;
mod leaky_relu;
mod relu;
mod silu;
mod softplus;

pub use affine::Affine;
pub use elu::Elu;
pub use gelu::Gelu;
pub use leaky_relu::LeakyRelu;
pub use relu::Relu;
pub use silu::Silu;
pub use softplus::Softplus;
