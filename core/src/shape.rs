//! The shapes of samples between layers.

use nalgebra::{Const, DimName};

/// The shape of one sample between two layers: `Const<F>` for `F` features.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the shape of a sample",
    note = "use `Const<F>` for a sample of `F` features"
)]
pub trait Shape: DimName {}

impl<const F: usize> Shape for Const<F> {}
