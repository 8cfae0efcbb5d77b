//! What stands in a drawing, as text that no format stumbles over.

/// The lines of a label, without control characters: XML has no way to write most of them, and a terminal obeys them. Nor
/// with those that turn the direction of what follows, so that a label cannot show another order than it has, nor with
/// Unicode's own ends of lines.
pub fn lines(label: &str) -> impl Iterator<Item = String> {
    label.split('\n').map(|line| line.chars().map(visible).collect())
}

/// The lines in one.
#[doc(hidden)] // the rest of the library shows texts in the same way
pub fn one_line(label: &str) -> String {
    lines(label).collect::<Vec<_>>().join("  ")
}

fn visible(c: char) -> char {
    match c {
        '\t' | '\r' => ' ',
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
        c => c,
    }
}

/// A text in XML, in quotes or between tags.
pub fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_nothing_that_xml_forbids() {
        let label = "a\u{0}b\u{1b}[31m\u{ffff}\n\tc\r\n× 日本";
        assert_eq!(lines(label).collect::<Vec<_>>(), ["a\u{fffd}b\u{fffd}[31m\u{fffd}", " c ", "× 日本"]);
    }

    #[test]
    fn nothing_turns_what_follows() {
        assert_eq!(
            one_line("x\u{202e}1\u{202c} \u{2066}y\u{2069} עברית"),
            "x\u{fffd}1\u{fffd} \u{fffd}y\u{fffd} עברית"
        );
    }

    #[test]
    fn nothing_else_marks_directions_or_ends_lines() {
        assert_eq!(one_line("a\u{200e}\u{200f}\u{61c}\u{2028}\u{2029}b"), "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}b");
    }

    #[test]
    fn xml_is_escaped() {
        assert_eq!(xml("a < b & \"c\" > 'd' ×"), "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39; ×");
    }
}
