use nalgebra::{Const, Dim, Dyn};

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
