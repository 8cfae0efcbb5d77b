use std::ops::{Add, Mul};

use nalgebra::{Const, DimName};
use typenum::B1;

use crate::shape::arithmetic::{Divide, OrZero, Without};
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

// `(N + 2 · PAD + DILATION - K · DILATION - 1) / STRIDE + 1`, one operation a line. Each result is a type parameter, so
// that the compiler computes it once.
impl<
    const N: usize,
    const K: usize,
    const STRIDE: usize,
    const PAD: usize,
    const DILATION: usize,
    Size,
    Kernel,
    Stride,
    Padding,
    Dilation,
    Paddings,
    Added,
    Available,
    Taken,
    Room,
    Steps,
    Count,
> Windows<K, STRIDE, PAD, DILATION> for Const<N>
where
    Self: ToBinary<Binary = Size>,
    Const<K>: ToBinary<Binary = Kernel>,
    Const<STRIDE>: ToBinary<Binary = Stride>,
    Const<PAD>: ToBinary<Binary = Padding>,
    Const<DILATION>: ToBinary<Binary = Dilation>,
    Padding: Add<Padding, Output = Paddings>,
    Paddings: Add<Dilation, Output = Added>,
    Size: Add<Added, Output = Available>,
    Kernel: Mul<Dilation, Output = Taken>,
    Available: Without<Taken, B1, Rest: OrZero<Number = Room>>,
    Stride: Divide<Room, Quotient = Steps>,
    Steps: Add<B1, Output = Count>,
    Count: FromBinary,
{
    type Count = Count::Number;

    const FITS: bool = K > 0 && STRIDE > 0 && DILATION > 0 && N + 2 * PAD > DILATION * (K - 1);
}

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
