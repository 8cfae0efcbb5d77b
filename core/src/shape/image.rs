#![allow(unsafe_code)] // nalgebra's trait of dimensions is unsafe to implement

use std::any::type_name;
use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;

use nalgebra::{Dim, DimName};

use crate::matrix::{Features, Known};
use crate::shape::features::{PartOf, Shape};

/// The shape of an image: `C` channels of `H x W` pixels, each a [`Const`](nalgebra::Const).
///
/// An image has `C · H · W` features in the order channel, row, column. So `N` images are a matrix of `N` rows, as all
/// samples are.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::{Const, DimName};
/// use typenet::{Batch, Image};
///
/// type Rgb = Image<Const<3>, Const<32>, Const<32>>;
/// assert_eq!(Rgb::DIM, 3072);
/// let images: Batch<f32, Const<10>, Rgb> = Batch::zeros(Const, Rgb::name());
/// assert_eq!(images.shape(), (10, 3072));
/// ```
pub struct Image<C, H, W>(PhantomData<(C, H, W)>);

impl<C, H, W> Clone for Image<C, H, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C, H, W> Copy for Image<C, H, W> {}

impl<C, H, W> PartialEq for Image<C, H, W> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<C, H, W> Eq for Image<C, H, W> {}

impl<C, H, W> Debug for Image<C, H, W> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(type_name::<Self>())
    }
}

// SAFETY: every value of the type stands for the same number, `Self::DIM`, which all three functions agree on.
unsafe impl<C: DimName, H: DimName, W: DimName> Dim for Image<C, H, W> {
    #[inline]
    fn try_to_usize() -> Option<usize> {
        Some(Self::DIM)
    }

    #[inline]
    fn value(&self) -> usize {
        Self::DIM
    }

    #[inline]
    fn from_usize(dim: usize) -> Self {
        assert_eq!(dim, Self::DIM, "an image of this shape has {} values", Self::DIM);
        Self(PhantomData)
    }
}

impl<C: DimName, H: DimName, W: DimName> DimName for Image<C, H, W> {
    const DIM: usize = C::DIM * H::DIM * W::DIM;

    #[inline]
    fn name() -> Self {
        Self(PhantomData)
    }

    #[inline]
    fn dim() -> usize {
        Self::DIM
    }
}

impl<C: DimName, H: DimName, W: DimName> Features for Image<C, H, W> {}

impl<C: DimName, H: DimName, W: DimName> Known for Image<C, H, W> {
    const VALUE: Self = Self(PhantomData);
}

impl<C: DimName, OUT: DimName, H: DimName, W: DimName> PartOf<Image<OUT, H, W>> for Image<C, H, W> {}

impl<C: DimName, H: DimName, W: DimName> Shape for Image<C, H, W> {
    const IMAGE: Option<[usize; 3]> = Some([C::DIM, H::DIM, W::DIM]);
}
