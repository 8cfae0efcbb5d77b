//! Random numbers as a function of a seed and a position, so that their order does not matter.
#![allow(clippy::inline_always)] // loops that call it are vectorized only if it is inlined

/// Mixes a number into a seed so that neighboring numbers give unrelated seeds.
///
/// This is the finalizer of `SplitMix64`: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators"
/// (2014).
#[inline(always)]
pub(crate) const fn mix(seed: u64, number: u64) -> u64 {
    let mut z = seed ^ number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
