//! The shapes of samples between layers.

use nalgebra::{Const, DimName};

/// The shape of one sample between two layers: `Const<F>` for `F` features.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the shape of a sample",
    note = "use `Const<F>` for a sample of `F` features"
)]
pub trait Shape: DimName {}

impl<const F: usize> Shape for Const<F> {}

/// A shape that can be a part of the shape `Out`, as a branch of [`Concat`](crate::layers::Concat) is.
#[diagnostic::on_unimplemented(message = "outputs of the shape `{Self}` cannot be a part of `{Out}`")]
pub trait PartOf<Out: Shape>: Shape {}

impl<const F: usize, const OUT: usize> PartOf<Const<OUT>> for Const<F> {}
