//! Loops over many numbers, divided between threads: each takes what it has left in its own cache itself, in the products
//! before, which are divided alike.

use crate::kernels::threads::{join, parts};
use crate::kernels::vectorized;
use crate::kernels::vectorized::Loop;

/// How many multiplications take as long as to read and write a number, about.
const MULTIPLICATIONS: usize = 16;

/// A loop that can be cut in two, and calculates the same then.
pub(crate) trait Splittable: Loop<Output = ()> + Send + Sized {
    /// How many len there are: numbers, or columns of them.
    fn len(&self) -> usize;

    /// How many numbers a piece has.
    fn numbers(&self) -> usize {
        1
    }

    /// The loops over the len before that one, and from it on.
    fn split_at(self, at: usize) -> (Self, Self);
}

/// Runs a loop on as many threads as are worth it.
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
    fn each_piece_is_done_once() {
        for len in [0, 1, 2, 3, 100] {
            for parts in [0, 1, 2, 3, 8] {
                let mut counts = vec![0; len];
                in_parts(Count(&mut counts), parts);
                assert_eq!(counts, vec![1; len], "{len} len in {parts} parts");
            }
        }
    }
}
