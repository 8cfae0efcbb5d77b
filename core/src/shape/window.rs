use nalgebra::{Const, DimName};

use crate::shape::stretch::Stretch;
use crate::shape::windows::Windows;

/// A window of `KH x KW` pixels, with the settings of how it moves over an image: heights first, then widths.
///
/// `SH` and `SW` are the strides, `PH` and `PW` the padding on either side, `DH` and `DW` the dilations: the distances
/// between the window's own pixels. [`Square`] has the same settings in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window<
    const KH: usize,
    const KW: usize,
    const SH: usize = 1,
    const SW: usize = 1,
    const PH: usize = 0,
    const PW: usize = 0,
    const DH: usize = 1,
    const DW: usize = 1,
>;

/// A window of `K x K` pixels.
pub type Square<const K: usize, const STRIDE: usize = 1, const PAD: usize = 0, const DILATION: usize = 1> =
    Window<K, K, STRIDE, STRIDE, PAD, PAD, DILATION, DILATION>;

/// A window of `K` values that moves along a signal, which is an image of one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line<const K: usize, const STRIDE: usize = 1, const PAD: usize = 0, const DILATION: usize = 1>;

/// The sizes of a [`Window`] or of a [`Line`].
pub trait Kernel: Copy + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// The number of rows.
    type Height: DimName;
    /// The number of columns.
    type Width: DimName;

    /// Kernel, stride, padding and dilation, of rows and of columns.
    const SETTINGS: [[usize; 4]; 2];

    /// The sizes of the window as in the shape of a weight: rows and columns, or the length of a [`Line`].
    const SIZES: &'static [usize];
}

impl<
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const PH: usize,
    const PW: usize,
    const DH: usize,
    const DW: usize,
> Kernel for Window<KH, KW, SH, SW, PH, PW, DH, DW>
{
    type Height = Const<KH>;
    type Width = Const<KW>;

    const SETTINGS: [[usize; 4]; 2] = [[KH, SH, PH, DH], [KW, SW, PW, DW]];

    const SIZES: &'static [usize] = &[KH, KW];
}

impl<const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize> Kernel
    for Line<K, STRIDE, PAD, DILATION>
{
    type Height = Const<1>;
    type Width = Const<K>;

    const SETTINGS: [[usize; 4]; 2] = [[1, 1, 0, 1], [K, STRIDE, PAD, DILATION]];

    const SIZES: &'static [usize] = &[K];
}

/// A [`Window`] that moves over an image of `H x W` pixels, or a [`Line`] that moves along a signal, with `H = 1`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot move over an image of `{H}` x `{W}` pixels",
    note = "the sides of an image are `Const`s of at most 1,024; a `Line` moves along an image of one row"
)]
pub trait Slide<H: DimName, W: DimName>: Kernel {
    /// The number of rows of windows.
    type Rows: DimName;
    /// The number of columns of windows.
    type Columns: DimName;

    /// True if the window is not larger than the padded image.
    const FITS: bool;
}

impl<
    H: Windows<KH, SH, PH, DH>,
    W: Windows<KW, SW, PW, DW>,
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const PH: usize,
    const PW: usize,
    const DH: usize,
    const DW: usize,
> Slide<H, W> for Window<KH, KW, SH, SW, PH, PW, DH, DW>
{
    type Rows = H::Count;
    type Columns = W::Count;

    const FITS: bool = H::FITS && W::FITS;
}

impl<W: Windows<K, STRIDE, PAD, DILATION>, const K: usize, const STRIDE: usize, const PAD: usize, const DILATION: usize>
    Slide<Const<1>, W> for Line<K, STRIDE, PAD, DILATION>
{
    type Rows = Const<1>;
    type Columns = W::Count;

    const FITS: bool = W::FITS;
}

/// A [`Window`] over which a transposed convolution spreads each pixel of an image of `H x W` pixels.
///
/// `EH` rows and `EW` columns are added to the result.
#[diagnostic::on_unimplemented(
    message = "an image of `{H}` x `{W}` pixels cannot be spread over `{Self}`",
    note = "the sides of an image are `Const`s of at most 1,024"
)]
pub trait Spread<H: DimName, W: DimName, const EH: usize = 0, const EW: usize = 0>: Kernel {
    /// The number of rows of the result.
    type Rows: DimName;
    /// The number of columns of the result.
    type Columns: DimName;

    /// True if the settings are valid and the result has pixels.
    const FITS: bool;
}

impl<
    H: Stretch<KH, SH, PH, DH, EH>,
    W: Stretch<KW, SW, PW, DW, EW>,
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const PH: usize,
    const PW: usize,
    const DH: usize,
    const DW: usize,
    const EH: usize,
    const EW: usize,
> Spread<H, W, EH, EW> for Window<KH, KW, SH, SW, PH, PW, DH, DW>
{
    type Rows = H::Side;
    type Columns = W::Side;

    const FITS: bool = H::FITS && W::FITS;
}
