//! A bound that no type satisfies, for methods of a disabled feature; its error message names the feature.

/// The bound of methods that require the feature `checkpoint`.
#[diagnostic::on_unimplemented(
    message = "files of networks and trainings need typenet's feature `checkpoint`",
    label = "the feature `checkpoint` is off",
    note = "switch it on in `Cargo.toml`: `typenet = {{ ..., features = [\"checkpoint\"] }}`"
)]
pub trait Checkpoint {}
