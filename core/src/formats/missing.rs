//! The bound of methods whose feature is off. Nothing meets it; its message names the feature.

/// The bound of a method that is behind the feature `checkpoint`.
#[diagnostic::on_unimplemented(
    message = "saving and loading requires typenet's feature `checkpoint`",
    label = "the feature `checkpoint` is off",
    note = "enable it in `Cargo.toml`: `typenet = {{ ..., features = [\"checkpoint\"] }}`"
)]
pub trait Checkpoint {}
