//! The numbers that networks calculate with.

use nalgebra::RealField;

use crate::product::Element;

/// A floating-point number that a network calculates with: `f32` or `f64`.
///
/// It is everything that [`nalgebra::RealField`] is, so `exp`, `ln`, `tanh`, `sqrt` and the
/// operators are there. The trait is sealed: the matrix kernels exist for these two types.
pub trait Scalar: RealField + Copy + Default + Element {
    /// The number nearest to `value`.
    fn of(value: f64) -> Self;

    /// This number in double precision; exact.
    fn as_f64(self) -> f64;

    /// A pixel's intensity: `byte / 255`, from 0 to 1.
    fn from_pixel(byte: u8) -> Self;
}

impl Scalar for f32 {
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // rounding to the nearest is what is asked for
    fn of(value: f64) -> Self {
        value as Self
    }

    #[inline]
    fn as_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline]
    fn from_pixel(byte: u8) -> Self {
        Self::from(byte) / 255.0
    }
}

impl Scalar for f64 {
    #[inline]
    fn of(value: f64) -> Self {
        value
    }

    #[inline]
    fn as_f64(self) -> f64 {
        self
    }

    #[inline]
    fn from_pixel(byte: u8) -> Self {
        Self::from(byte) / 255.0
    }
}
