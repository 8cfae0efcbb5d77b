use nalgebra::{Const, DimName};

use crate::shape::features::Shape;
use crate::shape::image::Image;

/// A shape of `C` channels: an image, or `C` features, each a channel of one pixel.
#[diagnostic::on_unimplemented(message = "`{Self}` does not have {C} channels")]
pub trait Channels<const C: usize>: Shape {
    /// The number of pixels of a channel.
    const PIXELS: usize;
}

impl<const C: usize> Channels<C> for Const<C> {
    const PIXELS: usize = 1;
}

impl<const C: usize, H: DimName, W: DimName> Channels<C> for Image<Const<C>, H, W> {
    const PIXELS: usize = H::DIM * W::DIM;
}
