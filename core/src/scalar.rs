//! The numbers that networks calculate with.

use nalgebra::RealField;

use crate::Exponential;
use crate::product::Element;

/// A floating-point number that a network calculates with: `f32` or `f64`.
///
/// It is everything that [`nalgebra::RealField`] is, so `exp`, `ln`, `tanh`, `sqrt` and the
/// operators are there. The trait is sealed: the matrix kernels exist for these two types.
pub trait Scalar: RealField + Copy + Default + Element + Exponential {
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
        // Without a division, and still the nearest number: 1 / 255 is 1/2⁸ + 1/2¹⁶ + 1/2²⁴ + 1/2³² + 1/2⁴⁰ + ...
        // Either product has 24 bits at most, so it is exact.
        const FIRST: f32 = 65_793.0 / 16_777_216.0;
        const REST: f32 = 257.0 / 1_099_511_627_776.0;
        Self::from(byte) * FIRST + Self::from(byte) * REST
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_the_number_nearest_to_its_255th() {
        for byte in 0..=255 {
            assert_eq!(f32::from_pixel(byte), f32::from(byte) / 255.0);
            assert_eq!(f64::from_pixel(byte), f64::from(byte) / 255.0);
        }
    }
}
