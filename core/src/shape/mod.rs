//! The shapes of samples between layers.

mod classes;

use nalgebra::{Const, DimName};

pub use classes::Classes;

/// The shape of one sample between two layers: `Const<F>` for `F` features, [`Classes`] for a class number.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the shape of a sample",
    note = "use `Const<F>` for a sample of `F` features"
)]
pub trait Shape: DimName {
    /// The number of classes, if a sample is a class number.
    const CLASSES: Option<usize> = None;
}

impl<const F: usize> Shape for Const<F> {}

/// A shape that can be a part of the shape `Out`, as a branch of [`Concat`](crate::layers::Concat) is.
#[diagnostic::on_unimplemented(message = "outputs of the shape `{Self}` cannot be a part of `{Out}`")]
pub trait PartOf<Out: Shape>: Shape {}

impl<const F: usize, const OUT: usize> PartOf<Const<OUT>> for Const<F> {}
