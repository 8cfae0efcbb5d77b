use nalgebra::{Const, DimName};

/// The shape of one sample between two layers: `Const<F>` for `F` features, [`Image`](crate::shape::Image) for an image.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the shape of a sample",
    note = "use `Const<F>` for a sample of `F` features, and `Image<Const<C>, Const<H>, Const<W>>` for an image"
)]
pub trait Shape: DimName {}

impl<const F: usize> Shape for Const<F> {}
