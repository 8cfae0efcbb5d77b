//! The parameters and settings of layers, and functions that visit all of them in a network.

mod constants;
mod operation;
mod part;
mod setting;
mod walk;

pub use constants::{Constant, Constants, Declared, Embed};
pub(crate) use constants::{Content, zeros};
pub use operation::{Attribute, Operand, Operation, Operator};
#[cfg(any(feature = "checkpoint", feature = "onnx"))]
pub(crate) use part::PyTorchPart;
pub use part::{Kind, Parameter, Parameters, Part, PartMut};
#[cfg(feature = "checkpoint")]
pub(crate) use setting::InvalidSetting;
pub(crate) use setting::POSITIVE;
pub use walk::Path;
pub(crate) use walk::{
    Leaf, Twins, convert, count, each, first_invalid_setting, first_not_finite, first_short_of_samples, has_buffers,
    nth_mut, parameters, walk,
};
