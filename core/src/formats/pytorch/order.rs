//! The natural order of names, in which numbers count as numbers.

use std::cmp::Ordering;

/// A part of a name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    /// A number, by its length without leading zeros and its digits.
    Number(usize, &'a str),
    Text(&'a str),
}

/// Splits a name into numbers and other texts.
fn tokens(name: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let is_digit = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        let digits = token.trim_start_matches('0');
        Some(if is_digit { Token::Number(digits.len(), digits) } else { Token::Text(token) })
    })
}

/// Compares two names, and returns whether they differ first in a number.
pub(super) fn compare(one: &str, other: &str) -> (Ordering, bool) {
    let (mut one_tokens, mut other_tokens) = (tokens(one), tokens(other));
    loop {
        match (one_tokens.next(), other_tokens.next()) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a @ Token::Number(..)), Some(b @ Token::Number(..))) => return (a.cmp(&b), true),
            (None, None) => return (one.cmp(other), false),
            (a, b) => return (a.cmp(&b), false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        assert_eq!(compare("2", "10"), (Ordering::Less, true));
        assert_eq!(compare("layer1.10.conv1", "layer1.2.conv2"), (Ordering::Greater, true));
        assert_eq!(compare("conv1", "conv2"), (Ordering::Less, true));
        assert_eq!(compare("encoder", "decoder"), (Ordering::Greater, false));
        assert_eq!(compare("layer1.0.bn2", "layer1.0.downsample.1"), (Ordering::Less, false));
        assert_eq!(compare("a", "a1"), (Ordering::Less, false));
        let long = "9".repeat(40);
        assert_eq!(compare("x8", &format!("x{long}")), (Ordering::Less, true));
    }
}
