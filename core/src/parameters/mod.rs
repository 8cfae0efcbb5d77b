//! The parameters and settings of layers, and functions that visit all of them in a network.

mod constants;
#[cfg(feature = "alloc")]
mod operation;
mod part;
mod path;
mod setting;
#[cfg(feature = "alloc")]
mod walk;

pub use constants::{At, Constant, Constants, Declared, Embed, EmbedAt, Inside, Place};
pub(crate) use constants::{Content, embedded, zeros};
#[cfg(feature = "alloc")]
pub use operation::{Attribute, Operand, Operation, Operator};
#[cfg(feature = "alloc")]
pub use part::Parameter;
#[cfg(any(feature = "checkpoint", feature = "onnx"))]
pub(crate) use part::PyTorchPart;
pub use part::{Kind, Parameters, Part, PartMut};
pub use path::Path;
#[cfg(feature = "checkpoint")]
pub(crate) use setting::InvalidSetting;
pub(crate) use setting::POSITIVE;
#[cfg(feature = "alloc")]
pub(crate) use walk::{
    Leaf, Twins, convert, count, each, first_invalid_setting, first_not_finite, first_short_of_samples, has_buffers,
    nth_mut, parameters, walk,
};
