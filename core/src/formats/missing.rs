//! A bound that no type satisfies, for methods of a disabled feature; its error message names the feature.

/// The bound of methods that require the feature `checkpoint`.
#[diagnostic::on_unimplemented(
    message = "saving and loading requires typenet's feature `checkpoint`",
    label = "the feature `checkpoint` is off",
    note = "enable it in `Cargo.toml`: `typenet = {{ ..., features = [\"checkpoint\"] }}`"
)]
pub trait Checkpoint {}
