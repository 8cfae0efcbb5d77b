//! The checksum of a file: CRC-32 over all of it, with zeros in place of the checksum itself.

use std::io::{self, Read};
use std::ops::Range;

use crc32fast::Hasher;

/// The placeholder for the checksum while it is computed.
pub(super) const NONE: &str = "00000000";

/// The text before the checksum. Its quotes are escaped, because the metadata is JSON inside a JSON string.
const BEFORE: &[u8] = br#"\"checksum\":\""#;

/// The position of the checksum's digits in a header.
pub(super) fn place(header: &[u8]) -> Option<Range<usize>> {
    let start = header.windows(BEFORE.len()).rposition(|part| part == BEFORE)? + BEFORE.len();
    (start + NONE.len() <= header.len()).then_some(start..start + NONE.len())
}

/// Computes the checksum of a file with placeholder digits and writes it there.
pub(super) fn put(file: &mut [u8], place: Range<usize>) {
    let sum = text(crc32fast::hash(file));
    file[place].copy_from_slice(sum.as_bytes());
}

/// The checksum of some numbers, in hexadecimal.
pub(crate) fn of_numbers(numbers: impl Iterator<Item = f64>) -> String {
    let mut hasher = Hasher::new();
    numbers.for_each(|number| hasher.update(&number.to_le_bytes()));
    text(hasher.finalize())
}

/// A checksum in hexadecimal.
pub(super) fn text(sum: u32) -> String {
    format!("{sum:08x}")
}

/// A reader that computes the checksum of the bytes it reads.
#[derive(Debug)]
pub(super) struct Summed<R> {
    from: R,
    hasher: Hasher,
}

impl<R: Read> Summed<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, hasher: Hasher::new() }
    }

    /// Adds bytes that were not read here.
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
