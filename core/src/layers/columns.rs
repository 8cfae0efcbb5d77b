//! Loops over the columns of batches, one for each feature, divided between threads.

use crate::kernels::{Loop, Splittable, run_parallel};
use crate::scalar::Scalar;

/// The work on one feature.
pub(super) trait Column<T, State, const W: usize, const R: usize>: Copy + Send + Sync {
    /// Reads the columns in `read`, and writes those in `write` and the feature's state. It is `#[inline(always)]`.
    fn run(self, feature: usize, state: &mut State, write: [&mut [T]; W], read: [&[T]; R]);
}

/// Runs the work for each feature: `states` has one element a feature, and each batch has `samples` rows.
pub(super) fn each_column<T: Scalar, State: Send, const W: usize, const R: usize>(
    work: impl Column<T, State, W, R>,
    samples: usize,
    states: &mut [State],
    write: [&mut [T]; W],
    read: [&[T]; R],
) {
    run_parallel(Columns { work, samples, states, write, read, first: 0 });
}

struct Columns<'a, T, K, State, const W: usize, const R: usize> {
    work: K,
    samples: usize,
    states: &'a mut [State],
    write: [&'a mut [T]; W],
    read: [&'a [T]; R],
    /// The index of the first feature.
    first: usize,
}

impl<T: Scalar, K: Column<T, State, W, R>, State: Send, const W: usize, const R: usize> Loop
    for Columns<'_, T, K, State, W, R>
{
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { work, samples, states, mut write, read, first } = self;
        for (index, state) in states.iter_mut().enumerate() {
            let rows = index * samples..(index + 1) * samples;
            let write = write.each_mut().map(|values| &mut values[rows.clone()]);
            work.run(first + index, state, write, read.map(|values| &values[rows.clone()]));
        }
    }
}

impl<T: Scalar, K: Column<T, State, W, R>, State: Send, const W: usize, const R: usize> Splittable
    for Columns<'_, T, K, State, W, R>
{
    fn len(&self) -> usize {
        self.states.len()
    }

    fn numbers(&self) -> usize {
        self.samples
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { work, samples, states, mut write, mut read, first } = self;
        let (states, states_high) = states.split_at_mut(at);
        let write_high = write.each_mut().map(|values| values.split_off_mut(at * samples..).unwrap_or_default());
        let read_high = read.each_mut().map(|values| values.split_off(at * samples..).unwrap_or_default());
        (
            Self { work, samples, states, write, read, first },
            Self { work, samples, states: states_high, write: write_high, read: read_high, first: first + at },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds the feature's index and the read values; counts the columns.
    #[derive(Clone, Copy)]
    struct Add;

    impl Column<f32, usize, 1, 1> for Add {
        fn run(self, feature: usize, count: &mut usize, [y]: [&mut [f32]; 1], [x]: [&[f32]; 1]) {
            *count += y.len();
            y.iter_mut().zip(x).for_each(|(y, x)| *y += x + feature as f32);
        }
    }

    #[test]
    fn halves_run_the_same_columns_as_the_whole() {
        for at in 0..=3 {
            let (mut counts, mut y) = ([0; 3], [10.0; 6]);
            let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
            let whole = Columns { work: Add, samples: 2, states: &mut counts, write: [&mut y], read: [&x], first: 0 };
            let (low, high) = whole.split_at(at);
            assert_eq!((low.len(), high.len()), (at, 3 - at));
            low.run();
            high.run();
            assert_eq!((counts, y), ([2; 3], [11.0, 12.0, 14.0, 15.0, 17.0, 18.0]));
        }
    }
}
