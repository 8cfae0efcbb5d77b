//! Reads IDX files, the format of MNIST: a header with the sizes of an array, and its bytes.
//!
//! ```text
//! 0, 0, type, dimensions      one byte each; type 0x08: unsigned bytes
//! size of each dimension      4 bytes each, big-endian
//! the array                   row-major
//! ```
//!
//! A file may be gzip-compressed, whatever its name. Source: <http://yann.lecun.com/exdb/mnist/>.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::data::error::DataError;

/// An array of bytes with the size of each dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Idx {
    /// The size of each dimension.
    pub sizes: Vec<usize>,
    /// All elements, row-major: the product of the sizes gives their number.
    pub bytes: Vec<u8>,
}

const UNSIGNED_BYTES: u8 = 0x08;

/// Reads an IDX file of unsigned bytes, plain or gzip-compressed.
///
/// A false header cannot exhaust the memory: the buffer grows only with the bytes read.
///
/// # Errors
///
/// [`DataError::Read`] if the file cannot be read or its compression is damaged; [`DataError::Format`] if it is not an
/// IDX file of bytes, or its header gives another length.
pub fn read(path: &Path) -> Result<Idx, DataError> {
    let unreadable = |source: io::Error| DataError::Read { path: path.to_owned(), source };
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let compressed = file.fill_buf().map_err(unreadable)?.starts_with(&[0x1f, 0x8b]);
    let parsed = if compressed { parse(MultiGzDecoder::new(file)) } else { parse(file) };
    match parsed.map_err(unreadable)? {
        Ok(idx) => Ok(idx),
        Err(problem) => Err(DataError::Format { path: path.to_owned(), problem }),
    }
}

/// Parses a file: the outer error is one of reading, the inner one of the content.
fn parse(mut from: impl Read) -> io::Result<Result<Idx, String>> {
    let magic = read_at_most(&mut from, 4)?;
    let dimensions = match *magic {
        [] => return Ok(Err("is empty".to_owned())),
        [0, 0, UNSIGNED_BYTES, dimensions] if dimensions > 0 => usize::from(dimensions),
        [0, 0, UNSIGNED_BYTES, _] => return Ok(Err("has a header for an array without dimensions".to_owned())),
        [0, 0, kind, _] => return Ok(Err(format!("holds elements of type 0x{kind:02x}, not unsigned bytes (0x08)"))),
        _ => return Ok(Err(format!("is not an IDX file: it begins with {magic:02x?}, not with 00 00 08"))),
    };
    let header = read_at_most(&mut from, 4 * dimensions as u64)?;
    if header.len() < 4 * dimensions {
        return Ok(Err(format!("ends inside its header of {} bytes", 4 + 4 * dimensions)));
    }
    let sizes: Vec<u32> =
        header.chunks_exact(4).map(|size| u32::from_be_bytes([size[0], size[1], size[2], size[3]])).collect();
    let Some(length) = sizes.iter().try_fold(1_u64, |length, &size| length.checked_mul(size.into())) else {
        return Ok(Err(format!("has a header for an array of {sizes:?} bytes, which is too large")));
    };
    let bytes = read_at_most(&mut from, length.saturating_add(1))?;
    let found = bytes.len() as u64;
    Ok(match found.cmp(&length) {
        std::cmp::Ordering::Less => Err(format!("ends after {found} of the {length} bytes that its header gives")),
        std::cmp::Ordering::Greater => Err(format!("has more than the {length} bytes that its header gives")),
        std::cmp::Ordering::Equal => Ok(Idx { sizes: sizes.iter().map(|&size| size as usize).collect(), bytes }),
    })
}

/// Reads up to `most` bytes into a buffer that grows only with the bytes read.
fn read_at_most(from: &mut impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Any bytes give an array of the length in the header, or a problem.
        #[test]
        fn any_bytes_are_an_array_or_an_error(sizes in prop::collection::vec(0_u32..5, 0..4), bytes in any::<Vec<u8>>(),
            place in 0_usize..20, flip in any::<u8>()) {
            let header = [0, 0, 8, u8::try_from(sizes.len()).unwrap()];
            let sizes = sizes.iter().flat_map(|size| size.to_be_bytes());
            let mut file: Vec<u8> = header.into_iter().chain(sizes).chain(bytes).collect();
            if let Some(byte) = file.get_mut(place) {
                *byte ^= flip;
            }
            match parse(&*file).unwrap() {
                Ok(idx) => prop_assert_eq!(idx.bytes.len(), idx.sizes.iter().product::<usize>()),
                Err(problem) => prop_assert!(!problem.is_empty()),
            }
        }
    }
}
