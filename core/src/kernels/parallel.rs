//! Loops over many values, divided between threads.
//!
//! They are divided in the same way as matrix products, so each thread finds the values that it wrote last in its own
//! cache.

use crate::kernels::threads::{join, parts};
use crate::kernels::vectorized;
use crate::kernels::vectorized::Loop;

/// The approximate cost of reading and writing one value, in multiplications.
const MULTIPLICATIONS: usize = 16;

/// A loop that can be split in two without changing its results.
pub(crate) trait Splittable: Loop<Output = ()> + Send + Sized {
    /// The number of pieces; a piece is one value or a column of values.
    fn len(&self) -> usize;

    /// The number of values in a piece.
    fn numbers(&self) -> usize {
        1
    }

    /// Splits into the loop over the first `at` pieces and the loop over the rest.
    fn split_at(self, at: usize) -> (Self, Self);
}

/// Runs a loop, on several threads if it is long enough.
#[inline]
pub(crate) fn run_parallel<L: Splittable>(work: L) {
    let multiplications = work.len().saturating_mul(work.numbers()).saturating_mul(MULTIPLICATIONS);
    in_parts(work, parts(multiplications));
}

fn in_parts<L: Splittable>(work: L, parts: usize) {
    let (first, len) = (parts / 2, work.len());
    let at = len * first / parts.max(1);
    if at == 0 {
        return vectorized(work);
    }
    let (low, high) = work.split_at(at);
    join(|| in_parts(low, first), || in_parts(high, parts - first));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds one to each number.
    struct Count<'a>(&'a mut [u32]);

    impl Loop for Count<'_> {
        type Output = ();

        fn run(self) {
            self.0.iter_mut().for_each(|count| *count += 1);
        }
    }

    impl Splittable for Count<'_> {
        fn len(&self) -> usize {
            self.0.len()
        }

        fn split_at(self, at: usize) -> (Self, Self) {
            let (low, high) = self.0.split_at_mut(at);
            (Count(low), Count(high))
        }
    }

    #[test]
    fn each_piece_runs_once() {
        for len in [0, 1, 2, 3, 100] {
            for parts in [0, 1, 2, 3, 8] {
                let mut counts = vec![0; len];
                in_parts(Count(&mut counts), parts);
                assert_eq!(counts, vec![1; len], "{len} pieces in {parts} parts");
            }
        }
    }
}
