//! Reads PNG files.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};

use crate::data::error::DataError;
use crate::data::images::separate;

/// Appends the bytes of an image, channel by channel. Gray and color are converted to `C` channels.
pub(super) fn read<const C: usize, const H: usize, const W: usize>(
    path: &Path,
    bytes: &mut Vec<u8>,
) -> Result<(), DataError> {
    let pixels = decode::<C, H, W>(path).map_err(|problem| match problem {
        Problem::Png(DecodingError::IoError(source)) => DataError::Read { path: path.to_owned(), source },
        Problem::Png(error) => {
            DataError::Format { path: path.to_owned(), problem: format!("is not a PNG file: {error}") }
        }
        Problem::Other(problem) => DataError::Format { path: path.to_owned(), problem },
    })?;
    let start = bytes.len();
    bytes.resize(start + C * H * W, 0);
    separate::<C>(&pixels, &mut bytes[start..]);
    Ok(())
}

/// A problem with a file.
enum Problem {
    Png(DecodingError),
    /// Worded to follow the path in a sentence.
    Other(String),
}

impl From<DecodingError> for Problem {
    fn from(error: DecodingError) -> Self {
        Self::Png(error)
    }
}

/// Reads an image pixel by pixel.
fn decode<const C: usize, const H: usize, const W: usize>(path: &Path) -> Result<Vec<u8>, Problem> {
    const { assert!(C == 1 || C == 3, "a PNG file is read as 1 channel or as 3") }
    let file = File::open(path).map_err(DecodingError::IoError)?;
    let mut decoder = Decoder::new(BufReader::new(file));
    // Palettes become colors, and gray of fewer bits becomes bytes.
    decoder.set_transformations(Transformations::EXPAND);
    let header = decoder.read_header_info()?;
    let (height, width) = (header.height as usize, header.width as usize);
    if (height, width) != (H, W) {
        return Err(Problem::Other(format!("has {height} x {width} pixels, expected {H} x {W}")));
    }
    if header.bit_depth == BitDepth::Sixteen {
        return Err(Problem::Other("has 16 bits per channel, expected at most 8".to_owned()));
    }
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; 4 * H * W];
    let frame = reader.next_frame(&mut pixels)?;
    let pixels = &pixels[..frame.buffer_size()];
    let converted = pixels.chunks_exact(frame.color_type.samples()).map(|pixel| convert::<C>(frame.color_type, pixel));
    converted.collect::<Option<Vec<[u8; C]>>>().map(|pixels| pixels.as_flattened().to_vec()).ok_or_else(|| {
        Problem::Other(
            "has transparent pixels, but their color depends on the background: expected opaque ones".to_owned(),
        )
    })
}

/// Converts a pixel as Pillow does; `None` if it is transparent.
fn convert<const C: usize>(color: ColorType, pixel: &[u8]) -> Option<[u8; C]> {
    let has_alpha = matches!(color, ColorType::GrayscaleAlpha | ColorType::Rgba);
    if has_alpha && pixel.last() != Some(&255) {
        return None;
    }
    Some(match *pixel {
        [red, green, blue, ..] if C == 3 => [red, green, blue].as_slice().try_into().expect("it has three channels"),
        [red, green, blue, ..] => [gray(red, green, blue); C],
        [gray, ..] => [gray; C],
        [] => unreachable!("a pixel has a channel"),
    })
}

/// The brightness of a color: 0.299 red + 0.587 green + 0.114 blue, as defined by ITU-R BT.601.
#[allow(clippy::cast_possible_truncation)] // a weighted mean of bytes
fn gray(red: u8, green: u8, blue: u8) -> u8 {
    ((19_595 * u32::from(red) + 38_470 * u32::from(green) + 7_471 * u32::from(blue) + 0x8000) >> 16) as u8
}
