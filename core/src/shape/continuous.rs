use nalgebra::{Const, DimName};

use crate::shape::features::Shape;
use crate::shape::image::Image;

/// The shape of a sample of numbers, with respect to which a network has a derivative: features or an image.
///
/// A [class number](crate::Classes) has no derivative.
#[diagnostic::on_unimplemented(
    message = "a network over class numbers has no gradient with respect to its input",
    label = "the input is a class number, `{Self}`, which has no derivative",
    note = "`gradient` returns the derivatives with respect to the weight of an `Embedding`"
)]
pub trait Continuous: Shape {}

impl<const F: usize> Continuous for Const<F> {}
impl<C: DimName, H: DimName, W: DimName> Continuous for Image<C, H, W> {}
