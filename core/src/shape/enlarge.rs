use std::ops::Mul;

use nalgebra::{Const, DimName};

use crate::shape::numbers::{FromBinary, ToBinary};

/// A side of an image that becomes `S` times as long. Implemented for `Const`s whose product is at most 1,024.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Enlarge;
/// use typenet::nalgebra::{Const, DimName};
///
/// type Side = <Const<14> as Enlarge<2>>::Side;
/// assert_eq!(Side::DIM, 28);
/// ```
#[diagnostic::on_unimplemented(
    message = "a side of `{Self}` cannot become {S} times as long",
    label = "the sides of an image are `Const`s of at most 1,024"
)]
pub trait Enlarge<const S: usize>: DimName {
    /// The longer side.
    type Side: DimName;
}

type Binary<const N: usize> = <Const<N> as ToBinary>::Binary;

impl<const N: usize, const S: usize> Enlarge<S> for Const<N>
where
    Self: ToBinary,
    Const<S>: ToBinary,
    Binary<N>: Mul<Binary<S>>,
    <Binary<N> as Mul<Binary<S>>>::Output: FromBinary,
{
    type Side = <<Binary<N> as Mul<Binary<S>>>::Output as FromBinary>::Number;
}
