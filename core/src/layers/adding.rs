//! Adding values in place.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::kernels::{Loop, Splittable, run_parallel};
use crate::matrix::{Batch, contiguous};
use crate::scalar::Scalar;

/// `to += x`, element by element.
pub(super) fn add<T: Scalar, N: Dim, F: Dim, S: RawStorage<T, N, F>>(to: &mut Batch<T, N, F>, x: &Matrix<T, N, F, S>) {
    match contiguous(x) {
        Some(x) => add_slice(to.data.values_mut(), x),
        None => to.zip_apply(x, |to, x| *to += x),
    }
}

/// `to += x`, element by element.
pub(super) fn add_slice<T: Scalar>(to: &mut [T], x: &[T]) {
    run_parallel(Add { to, x });
}

struct Add<'a, T> {
    to: &'a mut [T],
    x: &'a [T],
}

impl<T: Scalar> Loop for Add<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (to, &x) in self.to.iter_mut().zip(self.x) {
            *to += x;
        }
    }
}

impl<T: Scalar> Splittable for Add<'_, T> {
    fn len(&self) -> usize {
        self.to.len()
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let ((to, to_high), (x, x_high)) = (self.to.split_at_mut(at), self.x.split_at(at));
        (Self { to, x }, Self { to: to_high, x: x_high })
    }
}
