use std::ops::{Add, Mul};

use nalgebra::{Const, DimName};
use typenum::{B0, B1};

use crate::shape::arithmetic::{OrZero, Without};
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

// `N · STRIDE + K · DILATION + EXTRA - (STRIDE + DILATION + 2 · PAD) + 1`, one operation a line. Each result is a type
// parameter, so that the compiler computes it once.
impl<
    const N: usize,
    const K: usize,
    const STRIDE: usize,
    const PAD: usize,
    const DILATION: usize,
    const EXTRA: usize,
    Size,
    Kernel,
    Stride,
    Padding,
    Dilation,
    Extra,
    Pixels,
    Window,
    Covered,
    All,
    Steps,
    Paddings,
    Cut,
    Rest,
    Side,
> Stretch<K, STRIDE, PAD, DILATION, EXTRA> for Const<N>
where
    Self: ToBinary<Binary = Size>,
    Const<K>: ToBinary<Binary = Kernel>,
    Const<STRIDE>: ToBinary<Binary = Stride>,
    Const<PAD>: ToBinary<Binary = Padding>,
    Const<DILATION>: ToBinary<Binary = Dilation>,
    Const<EXTRA>: ToBinary<Binary = Extra>,
    Size: Mul<Stride, Output = Pixels>,
    Kernel: Mul<Dilation, Output = Window>,
    Pixels: Add<Window, Output = Covered>,
    Covered: Add<Extra, Output = All>,
    Padding: Add<Padding, Output = Paddings>,
    Stride: Add<Dilation, Output = Steps>,
    Steps: Add<Paddings, Output = Cut>,
    All: Without<Cut, B0, Rest: OrZero<Number = Rest>>,
    Rest: Add<B1, Output = Side>,
    Side: FromBinary,
{
    type Side = Side::Number;

    const FITS: bool = N > 0
        && K > 0
        && STRIDE > 0
        && DILATION > 0
        && EXTRA < STRIDE
        && (N - 1) * STRIDE + DILATION * (K - 1) + 1 + EXTRA > 2 * PAD;
}

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
