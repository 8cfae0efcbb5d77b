use std::ops::{Add, Div, Mul, Sub};

use nalgebra::{Const, DimName};
use typenum::{B1, Max, U1};

use crate::shape::numbers::{FromBinary, ToBinary};

/// A side of an image on which windows are placed: the arithmetic of convolution and pooling on types.
///
/// Implemented for `Const<0>` to `Const<1024>`. The number of windows on a side of `N` pixels is
///
/// ```text
/// (N + 2 · PAD - DILATION · (K - 1) - 1) / STRIDE + 1
/// ```
///
/// The division rounds down. Where a window does not fit, the count is 1 and [`FITS`](Self::FITS) is false; a layer
/// then fails to compile.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Windows;
/// use typenet::nalgebra::{Const, DimName};
///
/// type Count = <Const<28> as Windows<5, 2, 1>>::Count;
/// assert_eq!(Count::DIM, 13);
/// assert!(!<Const<4> as Windows<5>>::FITS);
/// ```
#[diagnostic::on_unimplemented(
    message = "no windows of {K} pixels on a side of `{Self}`",
    label = "the sides of an image are `Const`s of at most 1,024"
)]
pub trait Windows<const K: usize, const STRIDE: usize = 1, const PAD: usize = 0, const DILATION: usize = 1>:
    DimName
{
    /// The number of windows.
    type Count: DimName;

    /// True if a window fits on the padded side.
    const FITS: bool;
}

type Binary<const N: usize> = <Const<N> as ToBinary>::Binary;

// The window covers `DILATION · (K - 1) + 1` pixels. `DILATION` is added on both sides of the subtraction, and the
// maximum is taken before it, because typenum cannot subtract the larger number.
impl<const N: usize, const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize>
    Windows<K, STRIDE, PAD, DILATION> for Const<N>
where
    Self: ToBinary,
    Const<K>: ToBinary,
    Const<STRIDE>: ToBinary,
    Const<PAD>: ToBinary,
    Const<DILATION>: ToBinary,
    Binary<N>: Add<Binary<PAD>>,
    Sum<Binary<N>, Binary<PAD>>: Add<Binary<PAD>>,
    Padded<N, PAD>: Add<Binary<DILATION>>,
    Binary<K>: Mul<Binary<DILATION>>,
    Product<Binary<K>, Binary<DILATION>>: Add<B1>,
    Available<N, PAD, DILATION>: Max<Taken<K, DILATION>>,
    Larger<Available<N, PAD, DILATION>, Taken<K, DILATION>>: Sub<Taken<K, DILATION>>,
    Binary<STRIDE>: Max<U1>,
    Room<N, K, PAD, DILATION>: Div<Larger<Binary<STRIDE>, U1>>,
    Quotient<Room<N, K, PAD, DILATION>, Larger<Binary<STRIDE>, U1>>: Add<B1>,
    Sum<Quotient<Room<N, K, PAD, DILATION>, Larger<Binary<STRIDE>, U1>>, B1>: FromBinary,
{
    type Count = <Sum<Quotient<Room<N, K, PAD, DILATION>, Larger<Binary<STRIDE>, U1>>, B1> as FromBinary>::Number;

    const FITS: bool = K > 0 && STRIDE > 0 && DILATION > 0 && N + 2 * PAD > DILATION * (K - 1);
}

type Sum<A, B> = <A as Add<B>>::Output;
type Product<A, B> = <A as Mul<B>>::Output;
type Quotient<A, B> = <A as Div<B>>::Output;
type Larger<A, B> = <A as Max<B>>::Output;
/// `N + 2 · PAD`.
type Padded<const N: usize, const PAD: usize> = Sum<Sum<Binary<N>, Binary<PAD>>, Binary<PAD>>;
/// `N + 2 · PAD + DILATION`.
type Available<const N: usize, const PAD: usize, const DILATION: usize> = Sum<Padded<N, PAD>, Binary<DILATION>>;
/// `K · DILATION + 1`.
type Taken<const K: usize, const DILATION: usize> = Sum<Product<Binary<K>, Binary<DILATION>>, B1>;
/// The pixels by which the first window can move, or 0.
type Room<const N: usize, const K: usize, const PAD: usize, const DILATION: usize> =
    <Larger<Available<N, PAD, DILATION>, Taken<K, DILATION>> as Sub<Taken<K, DILATION>>>::Output;

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the count against the formula, and `FITS` against the sizes.
    fn check<const N: usize, const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize>()
    where
        Const<N>: Windows<K, STRIDE, PAD, DILATION>,
    {
        let (padded, window) = (N + 2 * PAD, DILATION * (K - 1) + 1);
        let wanted = padded.saturating_sub(window) / STRIDE + 1;
        assert_eq!(<Const<N> as Windows<K, STRIDE, PAD, DILATION>>::Count::DIM, wanted);
        assert_eq!(<Const<N> as Windows<K, STRIDE, PAD, DILATION>>::FITS, padded >= window);
    }

    #[test]
    fn counts_agree_with_the_formula() {
        check::<28, 5, 1, 0, 1>();
        check::<28, 5, 2, 0, 1>();
        check::<28, 5, 2, 2, 1>();
        check::<24, 2, 2, 0, 1>();
        check::<9, 3, 2, 1, 2>();
        check::<7, 3, 3, 0, 3>();
        check::<1, 1, 1, 0, 1>();
        check::<1024, 1, 1, 0, 1>();
        check::<1000, 25, 7, 12, 3>();
        check::<224, 7, 2, 3, 1>();
        check::<4, 5, 1, 0, 1>();
        check::<3, 3, 2, 0, 2>();
        check::<5, 3, 1, 0, 2>();
    }

    #[test]
    fn numbers_that_make_no_sense_do_not_fit() {
        const { assert!(!<Const<4> as Windows<2, 0>>::FITS) }
        const { assert!(!<Const<4> as Windows<0, 1, 0, 1>>::FITS) }
        const { assert!(!<Const<4> as Windows<2, 1, 0, 0>>::FITS) }
    }
}
