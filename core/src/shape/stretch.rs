use std::ops::{Add, Mul, Sub};

use nalgebra::{Const, DimName};
use typenum::{B1, Max};

use crate::shape::numbers::{FromBinary, ToBinary};

/// A side of an image that becomes longer by a transposed convolution: its arithmetic on types.
///
/// Implemented for `Const<0>` to `Const<1024>`. Each of `N` pixels is spread over a window of `K` pixels. The result has
///
/// ```text
/// (N - 1) · STRIDE - 2 · PAD + DILATION · (K - 1) + 1 + EXTRA
/// ```
///
/// pixels. If that is not at least 1, or if `EXTRA` is not less than `STRIDE`, [`FITS`](Self::FITS) is false; the layer
/// then fails to compile.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Stretch;
/// use typenet::nalgebra::{Const, DimName};
///
/// type Side = <Const<14> as Stretch<3, 2, 1, 1, 1>>::Side;
/// assert_eq!(Side::DIM, 28);
/// ```
#[diagnostic::on_unimplemented(
    message = "a side of `{Self}` cannot be spread over windows of {K} pixels",
    label = "the sides of an image are `Const`s of at most 1,024"
)]
pub trait Stretch<
    const K: usize,
    const STRIDE: usize = 1,
    const PAD: usize = 0,
    const DILATION: usize = 1,
    const EXTRA: usize = 0,
>: DimName
{
    /// The longer side.
    type Side: DimName;

    /// True if the settings are valid and the side has pixels.
    const FITS: bool;
}

type Binary<const N: usize> = <Const<N> as ToBinary>::Binary;

// All that is added comes before the subtraction, and the maximum is taken before it, because typenum cannot subtract
// the larger number.
impl<const N: usize, const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize, const EXTRA: usize>
    Stretch<K, STRIDE, PAD, DILATION, EXTRA> for Const<N>
where
    Self: ToBinary,
    Const<K>: ToBinary,
    Const<STRIDE>: ToBinary,
    Const<PAD>: ToBinary,
    Const<DILATION>: ToBinary,
    Const<EXTRA>: ToBinary,
    Binary<N>: Mul<Binary<STRIDE>>,
    Binary<K>: Mul<Binary<DILATION>>,
    Product<Binary<N>, Binary<STRIDE>>: Add<Product<Binary<K>, Binary<DILATION>>>,
    Covered<N, K, STRIDE, DILATION>: Add<Binary<EXTRA>>,
    Sum<Covered<N, K, STRIDE, DILATION>, Binary<EXTRA>>: Add<B1>,
    Binary<STRIDE>: Add<Binary<DILATION>>,
    Sum<Binary<STRIDE>, Binary<DILATION>>: Add<Binary<PAD>>,
    Sum<Sum<Binary<STRIDE>, Binary<DILATION>>, Binary<PAD>>: Add<Binary<PAD>>,
    Cut<STRIDE, PAD, DILATION>: Add<B1>,
    All<N, K, STRIDE, DILATION, EXTRA>: Max<Sum<Cut<STRIDE, PAD, DILATION>, B1>>,
    Larger<All<N, K, STRIDE, DILATION, EXTRA>, Sum<Cut<STRIDE, PAD, DILATION>, B1>>: Sub<Cut<STRIDE, PAD, DILATION>>,
    Rest<N, K, STRIDE, PAD, DILATION, EXTRA>: FromBinary,
{
    type Side = <Rest<N, K, STRIDE, PAD, DILATION, EXTRA> as FromBinary>::Number;

    const FITS: bool = N > 0
        && K > 0
        && STRIDE > 0
        && DILATION > 0
        && EXTRA < STRIDE
        && (N - 1) * STRIDE + DILATION * (K - 1) + 1 + EXTRA > 2 * PAD;
}

type Sum<A, B> = <A as Add<B>>::Output;
type Product<A, B> = <A as Mul<B>>::Output;
type Larger<A, B> = <A as Max<B>>::Output;
/// `N · STRIDE + K · DILATION`.
type Covered<const N: usize, const K: usize, const STRIDE: usize, const DILATION: usize> =
    Sum<Product<Binary<N>, Binary<STRIDE>>, Product<Binary<K>, Binary<DILATION>>>;
/// `N · STRIDE + K · DILATION + EXTRA + 1`.
type All<const N: usize, const K: usize, const STRIDE: usize, const DILATION: usize, const EXTRA: usize> =
    Sum<Sum<Covered<N, K, STRIDE, DILATION>, Binary<EXTRA>>, B1>;
/// `STRIDE + DILATION + 2 · PAD`.
type Cut<const STRIDE: usize, const PAD: usize, const DILATION: usize> =
    Sum<Sum<Sum<Binary<STRIDE>, Binary<DILATION>>, Binary<PAD>>, Binary<PAD>>;
/// The side, or 1.
type Rest<
    const N: usize,
    const K: usize,
    const STRIDE: usize,
    const PAD: usize,
    const DILATION: usize,
    const EXTRA: usize,
> = <Larger<All<N, K, STRIDE, DILATION, EXTRA>, Sum<Cut<STRIDE, PAD, DILATION>, B1>> as Sub<
    Cut<STRIDE, PAD, DILATION>,
>>::Output;

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the side against the formula, and `FITS` against the sizes.
    fn check<
        const N: usize,
        const K: usize,
        const STRIDE: usize,
        const PAD: usize,
        const DILATION: usize,
        const EXTRA: usize,
    >()
    where
        Const<N>: Stretch<K, STRIDE, PAD, DILATION, EXTRA>,
    {
        let (all, cut) = ((N - 1) * STRIDE + DILATION * (K - 1) + 1 + EXTRA, 2 * PAD);
        assert_eq!(<Const<N> as Stretch<K, STRIDE, PAD, DILATION, EXTRA>>::Side::DIM, all.saturating_sub(cut).max(1));
        assert_eq!(<Const<N> as Stretch<K, STRIDE, PAD, DILATION, EXTRA>>::FITS, all > cut && EXTRA < STRIDE);
    }

    #[test]
    fn sides_agree_with_the_formula() {
        check::<14, 2, 2, 0, 1, 0>();
        check::<14, 3, 2, 1, 1, 1>();
        check::<7, 5, 3, 2, 2, 2>();
        check::<1, 1, 1, 0, 1, 0>();
        check::<1, 4, 1, 0, 1, 0>();
        check::<512, 2, 2, 0, 1, 0>();
        check::<1, 3, 1, 2, 1, 0>();
        check::<2, 3, 1, 2, 1, 0>();
        check::<4, 2, 2, 0, 1, 2>();
    }
}
