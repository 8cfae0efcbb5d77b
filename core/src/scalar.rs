//! The numbers that networks calculate with.

use nalgebra::RealField;

use crate::kernels::Exponential;
use crate::kernels::product::Element;

/// A floating-point number that a network calculates with: `f32` or `f64`.
///
/// It is everything that [`nalgebra::RealField`] is, so `exp`, `ln`, `tanh`, `sqrt` and the
/// operators are there. The trait is sealed: the matrix kernels exist for these two types.
pub trait Scalar: RealField + Copy + Default + Element + Exponential {
    /// Its name in Rust: `f32` or `f64`.
    const NAME: &'static str;

    /// The smallest positive normal number, exact in `f64`.
    const MIN_POSITIVE: f64;

    /// The largest finite number, exact in `f64`.
    const LARGEST: f64;

    /// The number nearest to `value`.
    fn of(value: f64) -> Self;

    /// This number in double precision; exact.
    fn as_f64(self) -> f64;

    /// A pixel's intensity: `byte / 255`, from 0 to 1.
    fn from_pixel(byte: u8) -> Self;
}

impl Scalar for f32 {
    const NAME: &'static str = "f32";
    const MIN_POSITIVE: f64 = Self::MIN_POSITIVE as f64;
    const LARGEST: f64 = Self::MAX as f64;

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
        // Without a division, and still the nearest number: byte / 255 is q + q / 255, where q = byte / 256 is exact. The
        // last bits of a number from 32,768 on are 256ths, so q comes by setting them.
        const START: f32 = 32_768.0;
        let q = Self::from_bits(START.to_bits() | u32::from(byte)) - START;
        q + q * (1.0 / 255.0)
    }
}

impl Scalar for f64 {
    const NAME: &'static str = "f64";
    const MIN_POSITIVE: f64 = Self::MIN_POSITIVE;
    const LARGEST: f64 = Self::MAX;

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

/// Returns whether no value is NaN or infinite.
pub(crate) fn all_finite<T: Scalar>(values: &[T]) -> bool {
    values.iter().all(|value| value.as_f64().is_finite())
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
