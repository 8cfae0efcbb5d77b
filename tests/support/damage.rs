//! Damages safetensors files.

/// The text before the eight digits of the checksum.
const BEFORE: &[u8] = br#"\"checksum\":\""#;

/// Repairs the checksum, if the file has one, and the length of a header that grew by `longer` bytes.
pub fn repair(file: &mut [u8], longer: u64) {
    if let Some(length) = file.first_chunk_mut::<8>() {
        *length = u64::from_le_bytes(*length).wrapping_add(longer).to_le_bytes();
    }
    let place = file.windows(BEFORE.len()).rposition(|part| part == BEFORE).map(|place| place + BEFORE.len());
    let Some(place) = place.filter(|place| place + 8 <= file.len()) else { return };
    file[place..place + 8].fill(b'0');
    let sum = format!("{:08x}", crc(file));
    file[place..place + 8].copy_from_slice(sum.as_bytes());
}

/// Replaces the first `old` by `new`. Returns the growth in bytes, which wraps if negative, or `None` without a match.
pub fn replace(file: &mut Vec<u8>, old: &str, new: &str) -> Option<u64> {
    let start = file.windows(old.len()).position(|part| part == old.as_bytes())?;
    file.splice(start..start + old.len(), new.bytes());
    Some((new.len() as u64).wrapping_sub(old.len() as u64))
}

/// Computes gzip's CRC-32 bit by bit, from its definition.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    !crc
}
