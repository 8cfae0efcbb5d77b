/// Powers of ten, which are exact.
const TENS: [f64; 15] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];

/// Parses a short number without an exponent, as `str::parse` does but faster; `None` for any other text.
///
/// Up to 15 digits and the power of ten are exact in `f64`, so that their quotient is rounded once (W. D. Clinger, How to
/// Read Floating Point Numbers Accurately, 1990).
pub(super) fn short_decimal(text: &[u8], point: u8) -> Option<f64> {
    let (is_negative, text) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
    let (mut digits, mut decimals) = (0_u64, None);
    if text.len() > TENS.len() {
        return None;
    }
    for (place, &byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits = 10 * digits + u64::from(byte - b'0'),
            _ if byte == point && decimals.is_none() => decimals = Some(text.len() - 1 - place),
            _ => return None,
        }
    }
    if text.len() == usize::from(decimals.is_some()) {
        return None; // no digits
    }
    let value = digits as f64 / TENS[decimals.unwrap_or(0)];
    Some(if is_negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_those_of_the_standard_library(text in "-?[0-9]{0,9}[.]?[0-9]{0,9}") {
            let expected = text.parse::<f64>().ok().filter(|_| text.trim_start_matches('-').len() <= 15);
            prop_assert_eq!(short_decimal(text.as_bytes(), b'.').map(f64::to_bits), expected.map(f64::to_bits));
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in ["", "-", ".", "-.", "+1", "1e3", "1.2.3", "--1", "1,5", "NaN", "1 ", "\u{663}", "1234567890123456"]
        {
            assert_eq!(short_decimal(text.as_bytes(), b'.'), None, "{text}");
        }
        assert_eq!(short_decimal(b"-1,5", b','), Some(-1.5));
        assert_eq!(short_decimal(b"-0", b'.').map(f64::to_bits), Some((-0.0_f64).to_bits()));
    }
}
