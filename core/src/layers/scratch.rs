//! Scratch memory on the stack.

use crate::scalar::Scalar;

/// Calls `run` with `length` zeros: on the stack up to 65,536, on the heap beyond.
#[inline]
pub(crate) fn with_scratch<T: Scalar, R>(length: usize, run: impl FnOnce(&mut [T]) -> R) -> R {
    match length {
        0 => run(&mut []),
        1..=32 => on_stack::<32, T, R>(length, run),
        33..=128 => on_stack::<128, T, R>(length, run),
        129..=512 => on_stack::<512, T, R>(length, run),
        513..=2048 => on_stack::<2048, T, R>(length, run),
        2049..=8192 => on_stack::<8192, T, R>(length, run),
        8193..=16_384 => on_stack::<16_384, T, R>(length, run),
        16_385..=24_576 => on_stack::<24_576, T, R>(length, run),
        24_577..=32_768 => on_stack::<32_768, T, R>(length, run),
        32_769..=65_536 => on_stack::<65_536, T, R>(length, run),
        _ => run(&mut vec![T::zero(); length]),
    }
}

/// A separate function, so that a debug build puts only one array on the stack.
#[inline]
fn on_stack<const ROOM: usize, T: Scalar, R>(length: usize, run: impl FnOnce(&mut [T]) -> R) -> R {
    run(&mut [T::zero(); ROOM][..length])
}

/// The scratch length of a chain of layers: two buffers for alternating outputs, and the maximum of the inner layers.
#[must_use]
#[doc(hidden)] // `network!` generates calls of it
pub const fn scratch_of_chain(outputs: &[usize], inside: &[usize]) -> usize {
    buffer(outputs, 0) + buffer(outputs, 1) + largest(inside, 0, 1)
}

/// The lengths of the buffers for the outputs of layers with even and odd indices.
#[must_use]
#[doc(hidden)]
pub const fn buffers(outputs: &[usize]) -> [usize; 2] {
    [buffer(outputs, 0), buffer(outputs, 1)]
}

/// The length of the first or the second of these buffers.
const fn buffer(outputs: &[usize], which: usize) -> usize {
    largest(outputs, which, 2)
}

const fn largest(lengths: &[usize], mut at: usize, step: usize) -> usize {
    let mut largest = 0;
    while at < lengths.len() {
        if lengths[at] > largest {
            largest = lengths[at];
        }
        at += step;
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scratch_has_the_requested_length() {
        for length in [0, 1, 32, 33, 500, 2048, 2049, 16_384, 16_385, 30_000, 65_536, 65_537] {
            let found = with_scratch::<f64, _>(length, |scratch| {
                assert!(scratch.iter().all(|number| *number == 0.0));
                scratch.len()
            });
            assert_eq!(found, length);
        }
    }

    #[test]
    fn buffers_hold_alternating_outputs() {
        assert_eq!(scratch_of_chain(&[50, 7, 20, 9], &[0, 3, 1, 0, 2]), 50 + 9 + 3);
        assert_eq!(scratch_of_chain(&[], &[4]), 4);
    }
}
