//! Makes labels safe for all formats.

/// Splits a label into lines, and replaces control characters.
///
/// XML cannot express most of these, and terminals execute them. Unicode's line separators and direction marks are
/// replaced too, so that a label is shown in its real order.
pub fn lines(label: &str) -> impl Iterator<Item = String> {
    label.split('\n').map(|line| line.chars().map(visible).collect())
}

/// Joins the lines of a label.
#[doc(hidden)] // used by the other crates of typenet
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

/// Escapes a text for XML, in quotes or between tags.
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
    fn lines_contain_no_characters_that_xml_forbids() {
        let label = "a\u{0}b\u{1b}[31m\u{ffff}\n\tc\r\n× 日本";
        assert_eq!(lines(label).collect::<Vec<_>>(), ["a\u{fffd}b\u{fffd}[31m\u{fffd}", " c ", "× 日本"]);
    }

    #[test]
    fn direction_overrides_are_replaced() {
        assert_eq!(
            one_line("x\u{202e}1\u{202c} \u{2066}y\u{2069} עברית"),
            "x\u{fffd}1\u{fffd} \u{fffd}y\u{fffd} עברית"
        );
    }

    #[test]
    fn direction_marks_and_line_separators_are_replaced() {
        assert_eq!(one_line("a\u{200e}\u{200f}\u{61c}\u{2028}\u{2029}b"), "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}b");
    }

    #[test]
    fn xml_is_escaped() {
        assert_eq!(xml("a < b & \"c\" > 'd' ×"), "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39; ×");
    }
}
