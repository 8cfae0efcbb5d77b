//! Converts the floats of a tensor.

use safetensors::Dtype;

use crate::scalar::Scalar;

/// Converts the bytes of a tensor.
pub(super) type Reader<T> = fn(&[u8]) -> Vec<T>;

/// The function that converts a tensor's bytes to numbers, if it holds floats of a type that PyTorch trains with.
pub(super) fn reader<T: Scalar>(kind: Dtype) -> Option<Reader<T>> {
    Some(match kind {
        Dtype::F64 => |bytes| numbers(bytes, f64::from_le_bytes),
        Dtype::F32 => |bytes| numbers(bytes, |bytes| f32::from_le_bytes(bytes).into()),
        Dtype::F16 => |bytes| numbers(bytes, |bytes| half(u16::from_le_bytes(bytes))),
        Dtype::BF16 => |bytes| numbers(bytes, |bytes| brain(u16::from_le_bytes(bytes))),
        _ => return None,
    })
}

fn numbers<T: Scalar, const SIZE: usize>(bytes: &[u8], number: fn([u8; SIZE]) -> f64) -> Vec<T> {
    bytes.as_chunks::<SIZE>().0.iter().map(|&bytes| T::of(number(bytes))).collect()
}

/// A `bfloat16`: the first half of an `f32`.
fn brain(bits: u16) -> f64 {
    f32::from_bits(u32::from(bits) << 16).into()
}

/// An IEEE half: a sign, 5 bits of an exponent with the bias 15, and 10 bits of a fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2.0_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2.0_f64.powi(exponent - 25),
    };
    if bits >> 15 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_exact() {
        let cases = [(0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65504.0), (0x0001, 5.960_464_477_539_063e-8)];
        for (bits, value) in cases.into_iter().chain([(0x3555, 0.333_251_953_125), (0x7c00, f64::INFINITY), (0, 0.0)]) {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan() && half(0x8000).is_sign_negative());
        assert_eq!(brain(0xbfc0), -1.5);
        assert_eq!(reader::<f32>(Dtype::F16).unwrap()(&[0x55, 0x35, 0, 0xc0]), [0.333_251_95, -2.0]);
        assert!(reader::<f32>(Dtype::I64).is_none());
    }
}
