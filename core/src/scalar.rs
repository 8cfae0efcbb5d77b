//! The floating-point types of networks.

use nalgebra::RealField;

use crate::kernels::Exponential;
use crate::kernels::convolution::Convolution;
use crate::kernels::product::Element;

/// Constants of one of the scalar types.
#[derive(Clone, Copy, Debug)]
pub enum Numbers {
    /// In `f32`.
    F32(&'static [f32]),
    /// In `f64`.
    F64(&'static [f64]),
}

/// The floating-point type of a network: `f32` or `f64`.
///
/// As a [`nalgebra::RealField`], it has `exp`, `ln`, `tanh`, `sqrt` and the operators. The trait is sealed, since the
/// matrix kernels exist only for these two types.
pub trait Scalar: RealField + Copy + Default + Element + Convolution + Exponential {
    /// The type's name: `f32` or `f64`.
    const NAME: &'static str;

    /// The smallest positive normal number, exact in `f64`.
    const MIN_POSITIVE: f64;

    /// The largest finite number, exact in `f64`.
    const LARGEST: f64;

    /// Converts `value`, rounding to the nearest number.
    fn of(value: f64) -> Self;

    /// Converts to `f64`, exactly.
    fn as_f64(self) -> f64;

    /// Converts a pixel's intensity: `byte / 255`, from 0 to 1.
    fn from_pixel(byte: u8) -> Self;

    /// Writes values as little-endian bytes.
    #[doc(hidden)]
    fn put(values: &[Self], bytes: &mut [u8]);

    /// Replaces each value by `change(value, read)`, with the values read from little-endian bytes.
    #[doc(hidden)]
    fn take(values: &mut [Self], bytes: &[u8], change: impl Fn(Self, Self) -> Self);
}

impl Scalar for f32 {
    const NAME: &'static str = "f32";
    const MIN_POSITIVE: f64 = Self::MIN_POSITIVE as f64;
    const LARGEST: f64 = Self::MAX as f64;

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // rounding to the nearest is intended
    fn of(value: f64) -> Self {
        value as Self
    }

    #[inline]
    fn as_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline]
    fn from_pixel(byte: u8) -> Self {
        // Correctly rounded without a division: byte / 255 is q + q / 255, where q = byte / 256 is exact. The last bit
        // of 32,768 is worth 1/256, so setting its last 8 bits to `byte` adds q.
        const START: f32 = 32_768.0;
        let q = Self::from_bits(START.to_bits() | u32::from(byte)) - START;
        q + q * (1.0 / 255.0)
    }

    fn put(values: &[Self], bytes: &mut [u8]) {
        for (value, to) in values.iter().zip(bytes.as_chunks_mut().0) {
            *to = value.to_le_bytes();
        }
    }

    fn take(values: &mut [Self], bytes: &[u8], change: impl Fn(Self, Self) -> Self) {
        for (value, &read) in values.iter_mut().zip(bytes.as_chunks().0) {
            *value = change(*value, Self::from_le_bytes(read));
        }
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

    fn put(values: &[Self], bytes: &mut [u8]) {
        for (value, to) in values.iter().zip(bytes.as_chunks_mut().0) {
            *to = value.to_le_bytes();
        }
    }

    fn take(values: &mut [Self], bytes: &[u8], change: impl Fn(Self, Self) -> Self) {
        for (value, &read) in values.iter_mut().zip(bytes.as_chunks().0) {
            *value = change(*value, Self::from_le_bytes(read));
        }
    }
}

/// The precision in which a normalization of one sample of type `T` sums: `f64`, or `T` itself without `std`.
///
/// A small processor computes `f64` slowly.
#[cfg(feature = "std")]
macro_rules! Wide {
    ($number:ty) => {
        f64
    };
}

/// The same without `std`.
#[cfg(not(feature = "std"))]
macro_rules! Wide {
    ($number:ty) => {
        $number
    };
}

pub(crate) use Wide;

/// Converts between precisions, rounding to the nearest number.
#[inline(always)]
#[allow(clippy::inline_always)] // loops are vectorized only if everything in them is inlined
pub(crate) fn convert<T: Scalar, U: Scalar>(value: T) -> U {
    U::of(value.as_f64())
}

/// Returns whether every value is finite.
pub(crate) fn all_finite<T: Scalar>(values: &[T]) -> bool {
    values.iter().all(|value| value.as_f64().is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_rounded_to_the_nearest_number() {
        for byte in 0..=255 {
            assert_eq!(f32::from_pixel(byte), f32::from(byte) / 255.0);
            assert_eq!(f64::from_pixel(byte), f64::from(byte) / 255.0);
        }
    }
}
