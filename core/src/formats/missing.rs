//! A bound that no type satisfies, for methods of a disabled feature; its error message names the feature.

/// The bound of methods that require the feature `onnx`.
#[cfg(not(feature = "onnx"))]
#[diagnostic::on_unimplemented(
    message = "writing ONNX requires typenet's feature `onnx`",
    label = "the feature `onnx` is off",
    note = "enable it in `Cargo.toml`: `typenet = {{ ..., features = [\"onnx\"] }}`"
)]
pub trait Onnx {}

/// The bound of methods that require the feature `checkpoint`.
#[cfg(not(feature = "checkpoint"))]
#[diagnostic::on_unimplemented(
    message = "saving and loading requires typenet's feature `checkpoint`",
    label = "the feature `checkpoint` is off",
    note = "enable it in `Cargo.toml`: `typenet = {{ ..., features = [\"checkpoint\"] }}`"
)]
pub trait Checkpoint {}

/// The names of a network's layers in PyTorch. Requires the feature `checkpoint`.
#[cfg(not(feature = "checkpoint"))]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PyTorch;

#[cfg(not(feature = "checkpoint"))]
#[doc(hidden)]
impl PyTorch {
    pub fn new() -> Self {
        Self
    }

    pub fn numbered() -> Self {
        Self
    }

    pub fn named<A, B>(_: impl IntoIterator<Item = (A, B)>) -> Self {
        Self
    }
}
