//! PNG encoding.

use std::io;

use png::{BitDepth, ColorType, Encoder};

/// Encodes rows of RGB pixels, three bytes each, as a PNG.
pub fn encode(pixels: &[u8], (width, height): (u32, u32)) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_restores_the_pixels() {
        let pixels = [0, 128, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        let bytes = encode(&pixels, (1, 4)).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
        let mut reader = png::Decoder::new(io::Cursor::new(bytes)).read_info().unwrap();
        let mut decoded = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut decoded).unwrap();
        assert_eq!((info.width, info.height, decoded.as_slice()), (1, 4, pixels.as_slice()));
    }
}
