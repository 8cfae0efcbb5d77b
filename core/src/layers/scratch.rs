//! Scratch memory for single samples.

use crate::kernels;
use crate::scalar::Scalar;

/// Calls `run` with `length` unspecified values.
///
/// Up to 16,384 are on the stack. More are in this thread's memory, which is allocated once.
#[inline]
pub(crate) fn with_scratch<T: Scalar, R>(length: usize, run: impl FnOnce(&mut [T]) -> R) -> R {
    match length {
        0 => run(&mut []),
        1..=32 => on_stack::<32, T, R>(length, run),
        33..=128 => on_stack::<128, T, R>(length, run),
        129..=512 => on_stack::<512, T, R>(length, run),
        513..=2048 => on_stack::<2048, T, R>(length, run),
        2049..=16_384 => on_stack::<16_384, T, R>(length, run),
        _ => kernels::with_scratch(length, run),
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
        for length in [0, 1, 32, 33, 500, 2048, 2049, 16_384, 16_385, 70_000] {
            let found = with_scratch::<f64, _>(length, |scratch| scratch.len());
            assert_eq!(found, length);
        }
    }

    #[test]
    fn buffers_hold_alternating_outputs() {
        assert_eq!(scratch_of_chain(&[50, 7, 20, 9], &[0, 3, 1, 0, 2]), 50 + 9 + 3);
        assert_eq!(scratch_of_chain(&[], &[4]), 4);
    }
}
