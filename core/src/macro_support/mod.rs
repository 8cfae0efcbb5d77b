//! Everything that only generated code names: the code that `network!`, `#[differentiable]` and `#[activation]` write.

mod debug;
pub mod differentiated;
pub mod fallback;
pub mod hyperparameters;
mod loss_part;
mod message;
pub mod operations;

pub use crate::layers::{buffer, scratch_of_chain};
pub use debug::debug;
pub use loss_part::{loss_part, loss_part_mut};
pub use message::Message;
