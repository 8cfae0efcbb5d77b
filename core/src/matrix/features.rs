use nalgebra::{Const, Dim, DimName, Dyn};

/// A dimension of features, which may have any values.
///
/// Batches of [`Classes`](crate::Classes) have checked constructors instead.
#[diagnostic::on_unimplemented(
    message = "a batch of `{Self}` cannot be made from any values",
    label = "its values are checked: make it from `Labels`"
)]
pub trait Features: Dim {}

impl Features for Dyn {}
impl<const F: usize> Features for Const<F> {}

/// A static dimension, as a value in constants.
pub trait Known: DimName {
    /// The only value of the type.
    const VALUE: Self;
}

impl<const F: usize> Known for Const<F> {
    const VALUE: Self = Const;
}
