//! Builds error messages at compile time.

/// Builds a text with numbers, for `panic!` in a `const`.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    bytes: [u8; Self::CAPACITY],
    length: usize,
}

impl Message {
    const CAPACITY: usize = 512;

    /// An empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; Self::CAPACITY], length: 0 }
    }

    /// Appends a text; truncates the message to its capacity.
    #[must_use]
    pub const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut end = bytes.len();
        if end > Self::CAPACITY - self.length {
            end = Self::CAPACITY - self.length;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
        }
        let mut next = 0;
        while next < end {
            self.bytes[self.length + next] = bytes[next];
            next += 1;
        }
        self.length += end;
        self
    }

    /// Appends a number in decimal.
    #[must_use]
    pub const fn number(self, number: usize) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let before = if number < 10 { self } else { self.number(number / 10) };
        before.text(DIGITS[number % 10])
    }

    /// The whole text.
    ///
    /// # Panics
    ///
    /// Never panics, because the message consists of whole characters.
    pub const fn as_str(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => panic!("a message consists of whole characters"),
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_are_joined() {
        const MESSAGE: Message = Message::new().text("takes ").number(60).text(", gives ").number(0).text("!");
        assert_eq!(MESSAGE.as_str(), "takes 60, gives 0!");
        assert_eq!(Message::new().number(usize::MAX).as_str(), usize::MAX.to_string());
    }

    #[test]
    fn long_texts_are_truncated_between_characters() {
        let long = "é".repeat(300);
        assert_eq!(Message::new().text("a").text(&long).as_str(), format!("a{}", "é".repeat(255)));
    }
}
