//! The bound of methods whose feature is off. Nothing meets it; its message names the feature.

/// The bound of a method that is behind the feature `checkpoint`.
#[diagnostic::on_unimplemented(
    message = "files of networks and trainings need typenet's feature `checkpoint`",
    label = "the feature `checkpoint` is off",
    note = "switch it on in `Cargo.toml`: `typenet = {{ ..., features = [\"checkpoint\"] }}`"
)]
pub trait Checkpoint {}
