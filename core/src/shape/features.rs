use nalgebra::{Const, DimName};

/// The shape of one sample between two layers.
///
/// It is `Const<F>` for `F` features, [`Image`](crate::shape::Image) for an image, and [`Classes`](crate::Classes) for a
/// class number.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the shape of a sample",
    note = "use `Const<F>` for a sample of `F` features, and `Image<Const<C>, Const<H>, Const<W>>` for an image"
)]
pub trait Shape: DimName {
    /// The number of classes, if a sample is a class number.
    const CLASSES: Option<usize> = None;
    /// The channels, height and width, if a sample is an image.
    const IMAGE: Option<[usize; 3]> = None;
}

impl<const F: usize> Shape for Const<F> {}

/// A shape that can be a part of the shape `Out`, as a branch of [`Concat`](crate::layers::Concat) is.
///
/// Images must have the height and width of `Out`; their channels are joined.
#[diagnostic::on_unimplemented(message = "outputs of the shape `{Self}` cannot be a part of `{Out}`")]
pub trait PartOf<Out: Shape>: Shape {}

impl<const F: usize, const OUT: usize> PartOf<Const<OUT>> for Const<F> {}
