//! The parameters and settings of layers, and functions that visit all of them in a network.

#[cfg(feature = "alloc")]
mod constants;
#[cfg(feature = "alloc")]
mod operation;
mod part;
mod setting;
#[cfg(feature = "alloc")]
mod walk;

#[cfg(feature = "alloc")]
pub use constants::{Constant, Constants, Declared, Embed};
#[cfg(feature = "alloc")]
pub(crate) use constants::{Content, zeros};
#[cfg(feature = "alloc")]
pub use operation::{Attribute, Operand, Operation, Operator};
#[cfg(feature = "alloc")]
pub use part::Parameter;
#[cfg(any(feature = "checkpoint", feature = "onnx"))]
pub(crate) use part::PyTorchPart;
pub use part::{Kind, Parameters, Part, PartMut};
#[cfg(feature = "checkpoint")]
pub(crate) use setting::InvalidSetting;
pub(crate) use setting::POSITIVE;
#[cfg(feature = "alloc")]
pub use walk::Path;
#[cfg(feature = "alloc")]
pub(crate) use walk::{
    Leaf, Twins, convert, count, each, first_invalid_setting, first_not_finite, first_short_of_samples, has_buffers,
    nth_mut, parameters, walk,
};
