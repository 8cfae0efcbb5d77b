//! The built-in layers, one a file.
#![allow(clippy::inline_always)] // loops are vectorised only where everything in them is inlined

mod affine;
mod relu;
mod sigmoid;
mod tanh;

pub use affine::Affine;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use tanh::Tanh;

use std::marker::PhantomData;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix, VectorView, VectorViewMut};

use crate::matrix::contiguous;
use crate::product::{Loop, vectorized};
use crate::{Batch, Scalar};

/// A function of each number on its own. Both methods are `#[inline(always)]`.
trait Elementwise {
    /// `y = f(x)`.
    fn value<T: Scalar>(x: T) -> T;

    /// The derivative `f'(x)`, in terms of `y`.
    fn slope<T: Scalar>(y: T) -> T;
}

/// `y = f(x)`, element by element.
fn each<E, T, N, F, S>(x: &Matrix<T, N, F, S>, y: &mut Batch<T, N, F>)
where
    E: Elementwise,
    T: Scalar,
    N: Dim,
    F: Dim,
    S: RawStorage<T, N, F>,
{
    match contiguous(x) {
        Some(x) => vectorized(Values::<E, T> { x, y: y.data.values_mut(), function: PhantomData }),
        None => y.zip_apply(x, |y, x| *y = E::value(x)),
    }
}

/// [`each`] for a single sample.
fn each_of_one<E: Elementwise, T: Scalar, F: Dim>(x: &VectorView<'_, T, F>, mut y: VectorViewMut<'_, T, F>) {
    let values = Values::<E, T> { x: x.as_slice(), y: y.as_mut_slice(), function: PhantomData };
    // A few numbers are done in the time it takes to ask which instructions there are.
    if F::try_to_usize().is_some_and(|features| features <= 32) { values.run() } else { vectorized(values) }
}

/// `dx = dy · f'`, element by element.
fn each_backward<E, T, N, F>(y: &Batch<T, N, F>, dy: &Batch<T, N, F>, dx: &mut Batch<T, N, F>)
where
    E: Elementwise,
    T: Scalar,
    N: Dim,
    F: Dim,
{
    let (y, dy, dx) = (y.data.values(), dy.data.values(), dx.data.values_mut());
    vectorized(Slopes::<E, T> { y, dy, dx, function: PhantomData });
}

struct Values<'a, E, T> {
    x: &'a [T],
    y: &'a mut [T],
    function: PhantomData<E>,
}

impl<E: Elementwise, T: Scalar> Loop for Values<'_, E, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (y, &x) in self.y.iter_mut().zip(self.x) {
            *y = E::value(x);
        }
    }
}

struct Slopes<'a, E, T> {
    y: &'a [T],
    dy: &'a [T],
    dx: &'a mut [T],
    function: PhantomData<E>,
}

impl<E: Elementwise, T: Scalar> Loop for Slopes<'_, E, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((dx, &dy), &y) in self.dx.iter_mut().zip(self.dy).zip(self.y) {
            *dx = dy * E::slope(y);
        }
    }
}
