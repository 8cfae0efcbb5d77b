//! Patterns of names, such as `affine*` or `*.bias`.

/// Returns whether the pattern matches the full name of a parameter, or a prefix that ends at a dot, such as its layer.
///
/// `*` stands for any number of characters, including dots.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let ends = name.match_indices('.').map(|(place, _)| place).chain([name.len()]);
    ends.into_iter().any(|end| matches_whole(pattern, &name[..end]))
}

fn matches_whole(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some(place) = text.find(part) else { return false };
        text = &text[place + part.len()..];
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        let name = "block1.affine2.weight";
        for pattern in [
            "block1",
            "block1.affine2",
            "block1.affine2.weight",
            "*",
            "**",
            "block*",
            "*.weight",
            "*.affine2",
            "*affine*",
            "b*1*t",
            "block1.*.weight",
            "*weight*",
            "block1.affine2.weight*",
            "*block1.affine2.weight",
            "*.a*e2.*",
        ] {
            assert!(matches(pattern, name), "{pattern}");
        }
        for pattern in [
            "",
            ".",
            "block",
            "block1.",
            "affine2",
            "*.",
            ".*",
            "*.bias",
            "affine*",
            "*affine",
            "weight",
            "*1.weight",
            "*weight*weight",
            "block1.affine2.weight.*",
            "Block*",
            "block1*affine2*affine2*",
        ] {
            assert!(!matches(pattern, name), "{pattern}");
        }
        assert!(matches("größe*", "größe1.bias") && !matches("gr*x", "größe1.bias"));
    }
}
