/// Formats a number with at most six significant digits, without trailing zeros.
///
/// ```
/// # use typenet_graph::number;
/// assert_eq!(number(220.0), "220");
/// assert_eq!(number(1.1 * 2.0), "2.2");
/// assert_eq!(number(1.0 / 3.0), "0.333333");
/// assert_eq!(number(6.02e23), "6.02e23");
/// ```
pub fn number(value: f64) -> String {
    let scientific = format!("{value:.5e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific }; // infinity or NaN
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        // This is the exponent after rounding, so that 999999.7 becomes 1e6.
        let decimals = usize::try_from(5 - exponent).unwrap_or(0);
        return without_zeros(&format!("{value:.decimals$}")).to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    format!("{}e{exponent}", without_zeros(digits))
}

/// Removes trailing zeros after the decimal point, and the sign of zero.
fn without_zeros(text: &str) -> &str {
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    if text == "-0" { "0" } else { text }
}

/// Formats a count with thousands separators.
///
/// ```
/// # use typenet_graph::thousands;
/// assert_eq!(thousands(39_760), "39,760");
/// ```
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group));
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        let texts = [0, 999, 1000, 39_760, 1_234_567, 100_000].map(thousands);
        assert_eq!(texts, ["0", "999", "1,000", "39,760", "1,234,567", "100,000"]);
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-2.5, "-2.5"),
            (100.0 * 1.1, "110"),
            (0.1 + 0.2, "0.3"),
            (650.0 * 1.1, "715"),
            (123_456.7, "123457"),
            (999_999.7, "1e6"),
            (1_234_567.0, "1.23457e6"),
            (0.000_123_456_78, "0.000123457"),
            (0.000_012_3, "1.23e-5"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
