//! The sum that tells whether a file is what was written: CRC-32 over all of it, with zeros for the sum itself.

use std::io::{self, Read};
use std::ops::Range;

use crc32fast::Hasher;

/// What stands in the place of the sum while it is taken.
pub(super) const NONE: &str = "00000000";

/// What stands before it: the description is a text in a text, so that its quotes are escaped.
const BEFORE: &[u8] = br#"\"checksum\":\""#;

/// Where the digits of the sum stand.
pub(super) fn place(header: &[u8]) -> Option<Range<usize>> {
    let start = header.windows(BEFORE.len()).rposition(|part| part == BEFORE)? + BEFORE.len();
    (start + NONE.len() <= header.len()).then_some(start..start + NONE.len())
}

/// Takes the sum of a file whose digits are still zeros, and puts it there.
pub(super) fn put(file: &mut [u8], place: Range<usize>) {
    let sum = text(crc32fast::hash(file));
    file[place].copy_from_slice(sum.as_bytes());
}

/// The sum of some numbers, as it is written.
pub(crate) fn of_numbers(numbers: impl Iterator<Item = f64>) -> String {
    let mut hasher = Hasher::new();
    numbers.for_each(|number| hasher.update(&number.to_le_bytes()));
    text(hasher.finalize())
}

/// The sum as it is written.
pub(super) fn text(sum: u32) -> String {
    format!("{sum:08x}")
}

/// A source whose bytes are summed as they are read.
#[derive(Debug)]
pub(super) struct Summed<R> {
    from: R,
    hasher: Hasher,
}

impl<R: Read> Summed<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, hasher: Hasher::new() }
    }

    /// Adds bytes that were read elsewhere.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    pub(super) fn sum(self) -> u32 {
        self.hasher.finalize()
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}
