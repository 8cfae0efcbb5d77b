//! Reads tensors of a safetensors file while compiling.

/// The values of an `F32` tensor of `rows x columns` elements, column by column.
///
/// # Panics
///
/// In a constant, a panic is a compile error: if there is no tensor of this name and size.
pub const fn tensor<const N: usize>(file: &[u8], name: &str, rows: usize, columns: usize) -> [f32; N] {
    assert!(N == rows * columns, "another number of values than rows times columns");
    let (length, header) = file.split_at(8);
    let (header, data) = header.split_at(u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize);
    let entry = after(header, 0, b"\"", name.as_bytes(), b"\"");
    assert!(is_at(header, entry, b":{\"dtype\":\"F32\""), "the tensor does not hold 32-bit floats");
    let offsets = after(header, entry, b"\"", b"data_offsets", b"\":[");
    let (start, comma) = number(header, offsets);
    let (end, _) = number(header, comma + 1);
    assert!(end - start == 4 * N, "the tensor has another size");
    let mut values = [0.0; N];
    let mut place = 0;
    while place < N {
        let at = start + 4 * (place % rows * columns + place / rows);
        values[place] = f32::from_le_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]);
        place += 1;
    }
    values
}

/// The end of the first place from `at` on where these three texts follow each other.
const fn after(text: &[u8], mut at: usize, left: &[u8], middle: &[u8], right: &[u8]) -> usize {
    let (second, third) = (left.len(), left.len() + middle.len());
    while !(is_at(text, at, left) && is_at(text, at + second, middle) && is_at(text, at + third, right)) {
        at += 1;
        assert!(at < text.len(), "the file has no tensor of this name");
    }
    at + third + right.len()
}

const fn is_at(text: &[u8], at: usize, wanted: &[u8]) -> bool {
    let mut place = 0;
    while place < wanted.len() && at + place < text.len() && text[at + place] == wanted[place] {
        place += 1;
    }
    place == wanted.len()
}

/// The decimal number at that place, and the place behind it.
const fn number(text: &[u8], mut at: usize) -> (usize, usize) {
    let mut number = 0;
    while text[at].is_ascii_digit() {
        number = 10 * number + (text[at] - b'0') as usize;
        at += 1;
    }
    (number, at)
}
