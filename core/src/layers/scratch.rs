//! Scratch memory for single samples.

use std::marker::PhantomData;

use crate::layers::layer::Infer;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// A number of scratch values, known at compile time.
pub(crate) trait Length {
    const LENGTH: usize;
}

/// The most values that [`with_scratch`] puts on the stack.
const MOST_ON_STACK: usize = 16_384;

/// Calls `run` with a number of unspecified values.
///
/// Up to 16,384 are on the stack, in an array of up to a quarter more. More are in this thread's memory, which is
/// allocated once; without `std` they are a compile error.
#[inline]
pub(crate) fn with_scratch<L: Length, T: Scalar, R>(run: impl FnOnce(&mut [T]) -> R) -> R {
    const {
        assert!(
            cfg!(feature = "std") || L::LENGTH <= MOST_ON_STACK,
            "`infer` needs more than 16,384 numbers on the stack: use `infer_into` with `SCRATCH` numbers of your own"
        );
    }
    /// Takes the first array that is large enough. The compiler generates no code for the others.
    macro_rules! first {
        ($($room:literal)+) => {
            $(if const { L::LENGTH <= $room } {
                return on_stack::<$room, L, T, R>(run);
            })+
        };
    }
    first!(0 8 16 24 32 40 48 56 64 80 96 112 128 160 192 224 256 320 384 448 512 640 768 896 1024);
    first!(1280 1536 1792 2048 2560 3072 3584 4096 5120 6144 7168 8192 10_240 12_288 14_336 16_384);
    #[cfg(feature = "std")]
    return crate::kernels::with_scratch(L::LENGTH, run);
    #[cfg(not(feature = "std"))]
    unreachable!("the assertion above fails")
}

/// Computes the output of a layer for one sample, with scratch memory of its own.
#[inline]
pub(crate) fn infer<T: Scalar, In: Shape, L: Infer<T, In> + ?Sized>(layer: &L, x: &[T], y: &mut [T]) {
    /// The scratch memory of a layer.
    struct Needs<T, In, L: ?Sized>(PhantomData<(T, In)>, PhantomData<L>);

    impl<T: Scalar, In: Shape, L: Infer<T, In> + ?Sized> Length for Needs<T, In, L> {
        const LENGTH: usize = L::SCRATCH;
    }

    with_scratch::<Needs<T, In, L>, _, _>(|scratch| layer.infer_into(x, y, scratch));
}

/// A separate function, so that a debug build puts only one array on the stack.
#[inline]
fn on_stack<const ROOM: usize, L: Length, T: Scalar, R>(run: impl FnOnce(&mut [T]) -> R) -> R {
    run(&mut [T::zero(); ROOM][..L::LENGTH])
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

    struct Numbers<const N: usize>;

    impl<const N: usize> Length for Numbers<N> {
        const LENGTH: usize = N;
    }

    fn check<const N: usize>() {
        assert_eq!(with_scratch::<Numbers<N>, f64, _>(|scratch| scratch.len()), N);
    }

    #[test]
    fn scratch_has_the_requested_length() {
        check::<0>();
        check::<1>();
        check::<32>();
        check::<33>();
        check::<500>();
        check::<2048>();
        check::<2049>();
        check::<16_384>();
        check::<16_385>();
        check::<70_000>();
    }

    #[test]
    fn buffers_hold_alternating_outputs() {
        assert_eq!(scratch_of_chain(&[50, 7, 20, 9], &[0, 3, 1, 0, 2]), 50 + 9 + 3);
        assert_eq!(scratch_of_chain(&[], &[4]), 4);
    }
}
