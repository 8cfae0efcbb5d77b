//! One pass over the values of a parameter, its gradient and its states.

use crate::kernels::Loop;
use crate::scalar::Scalar;

/// The formula of an optimizer for a single value with `K` states.
pub(super) trait Rule<T, const K: usize>: Copy {
    /// Returns the amount to subtract from the value, given its derivative. It is `#[inline(always)]`.
    fn delta(&self, gradient: T, state: &mut [T; K]) -> T;
}

/// The rule for each parameter of a block: `w = keep · w - delta`, for the gradient times `scale`.
pub(super) struct Pass<'a, T, R, const K: usize> {
    pub(super) rule: R,
    pub(super) keep: T,
    pub(super) scale: T,
    pub(super) values: &'a mut [T],
    pub(super) gradient: &'a [T],
    pub(super) states: [&'a mut [T]; K],
}

impl<T: Scalar, R: Rule<T, K>, const K: usize> Loop for Pass<'_, T, R, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        // Equal lengths remove bounds checks from the loop.
        let count = self.values.len();
        let (values, gradient) = (&mut self.values[..count], &self.gradient[..count]);
        let states = self.states.map(|states| &mut states[..count]);
        for element in 0..count {
            let mut state = [T::zero(); K];
            for k in 0..K {
                state[k] = states[k][element];
            }
            let delta = self.rule.delta(self.scale * gradient[element], &mut state);
            values[element] = self.keep * values[element] - delta;
            for k in 0..K {
                states[k][element] = state[k];
            }
        }
    }
}
