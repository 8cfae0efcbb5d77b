//! Damages safetensors files at random.

use typenet::prelude::*;
use typenet::rand::RngExt;

use crate::damage::replace;

/// Damages the file in one way. Returns the growth of its header. `words` chooses a text to replace and another one.
pub fn damage_once(file: &mut Vec<u8>, rng: &mut StdRng, words: impl FnOnce(&mut StdRng) -> [&'static str; 2]) -> u64 {
    let length = file.len();
    let (place, other) = (rng.random_range(0..length), rng.random_range(0..length));
    let count = rng.random_range(1..40).min(length - place.max(other));
    match rng.random_range(0..9) {
        0 => file[place] ^= 1 << rng.random_range(0..8),
        1 => file[place] = rng.random_range(0..=255),
        2 => file.truncate(place),
        3 => drop(file.splice(place..place, (0..count).map(|_| rng.random_range(0..=255)))),
        4 => drop(file.drain(place..place + count)),
        5 => file.extend_from_within(place..place + count),
        6 => (0..count).for_each(|i| file.swap(place + i, other + i)),
        7 if length >= 8 => {
            let lies = [0, 1, length as u64, length as u64 - 8, 1 << 27, 1 << 40, u64::MAX, rng.random_range(0..9000)];
            file[..8].copy_from_slice(&lies[rng.random_range(0..lies.len())].to_le_bytes());
        }
        _ => {
            let [old, new] = words(rng);
            return replace(file, old, new).unwrap_or(0);
        }
    }
    0
}
