//! Layers that do the same to each number on its own: what they share with what `#[activation]` writes.
#![allow(clippy::inline_always)] // loops are vectorised only where everything in them is inlined

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix, VectorView, VectorViewMut};

use crate::matrix::contiguous;
use crate::product::{Loop, vectorized};
use crate::{Batch, Scalar};

/// A function of each number on its own. Both methods are `#[inline(always)]`.
pub trait Elementwise: Copy {
    /// `y = f(x)`.
    fn value<T: Scalar>(&self, x: T) -> T;

    /// The derivative `f'(x)`, in terms of `x`, of `y = f(x)`, or of both. What it does not need costs nothing.
    fn slope<T: Scalar>(&self, x: T, y: T) -> T;
}

/// Makes an [`Elementwise`] type a layer without parameters, for any number of features.
#[doc(hidden)] // `#[activation]` writes it
#[macro_export]
macro_rules! elementwise_layer {
    ($layer:ty) => {
        impl<T: $crate::Scalar> $crate::Parameters<T> for $layer {}

        impl<T: $crate::Scalar, F: $crate::nalgebra::DimName> $crate::Layer<T, F> for $layer {
            type Out = F;
            type Memory<N: $crate::nalgebra::Dim> = ();

            #[inline]
            fn forward<N: $crate::nalgebra::Dim, S: $crate::nalgebra::RawStorage<T, N, F>>(
                &self,
                x: &$crate::nalgebra::Matrix<T, N, F, S>,
                y: &mut $crate::Batch<T, N, F>,
                (): &mut (),
            ) {
                $crate::elementwise::forward(self, x, y);
            }

            #[inline]
            fn backward<N: $crate::nalgebra::Dim, S: $crate::nalgebra::RawStorage<T, N, F>>(
                &self,
                x: &$crate::nalgebra::Matrix<T, N, F, S>,
                y: &$crate::Batch<T, N, F>,
                dy: &$crate::Batch<T, N, F>,
                dx: &mut $crate::Batch<T, N, F>,
                (): &mut (),
            ) {
                $crate::elementwise::backward(self, x, y, dy, dx);
            }

            #[inline]
            fn infer(&self, x: $crate::nalgebra::VectorView<'_, T, F>, y: $crate::nalgebra::VectorViewMut<'_, T, F>) {
                $crate::elementwise::infer(self, &x, y);
            }
        }
    };
}

/// `y = f(x)`, element by element.
pub fn forward<E, T, N, F, S>(function: &E, x: &Matrix<T, N, F, S>, y: &mut Batch<T, N, F>)
where
    E: Elementwise,
    T: Scalar,
    N: Dim,
    F: Dim,
    S: RawStorage<T, N, F>,
{
    match contiguous(x) {
        Some(x) => vectorized(Values { function, x, y: y.data.values_mut() }),
        None => y.zip_apply(x, |y, x| *y = function.value(x)),
    }
}

/// [`forward`] for a single sample.
pub fn infer<E, T, F>(function: &E, x: &VectorView<'_, T, F>, mut y: VectorViewMut<'_, T, F>)
where
    E: Elementwise,
    T: Scalar,
    F: Dim,
{
    let values = Values { function, x: x.as_slice(), y: y.as_mut_slice() };
    // A few numbers are done in the time it takes to ask which instructions there are.
    if F::try_to_usize().is_some_and(|features| features <= 32) { values.run() } else { vectorized(values) }
}

/// `dx = dy · f'`, element by element.
pub fn backward<E, T, N, F, S>(
    function: &E,
    x: &Matrix<T, N, F, S>,
    y: &Batch<T, N, F>,
    dy: &Batch<T, N, F>,
    dx: &mut Batch<T, N, F>,
) where
    E: Elementwise,
    T: Scalar,
    N: Dim,
    F: Dim,
    S: RawStorage<T, N, F>,
{
    if let Some(x) = contiguous(x) {
        let (y, dy, dx) = (y.data.values(), dy.data.values(), dx.data.values_mut());
        return vectorized(Slopes { function, x, y, dy, dx });
    }
    dx.zip_zip_apply(x, &**y, |dx, x, y| *dx = function.slope(x, y));
    dx.zip_apply(&**dy, |dx, dy| *dx = dy * *dx);
}

struct Values<'a, E, T> {
    function: &'a E,
    x: &'a [T],
    y: &'a mut [T],
}

impl<E: Elementwise, T: Scalar> Loop for Values<'_, E, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let function = *self.function; // its own copy: nothing in it changes while `y` is written
        for (y, &x) in self.y.iter_mut().zip(self.x) {
            *y = function.value(x);
        }
    }
}

struct Slopes<'a, E, T> {
    function: &'a E,
    x: &'a [T],
    y: &'a [T],
    dy: &'a [T],
    dx: &'a mut [T],
}

impl<E: Elementwise, T: Scalar> Loop for Slopes<'_, E, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let function = *self.function;
        for (((dx, &dy), &y), &x) in self.dx.iter_mut().zip(self.dy).zip(self.y).zip(self.x) {
            *dx = dy * function.slope(x, y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Const, SMatrix};

    /// `y = x²`, with a derivative that needs both.
    #[derive(Clone, Copy)]
    struct Square;

    impl Elementwise for Square {
        #[inline(always)]
        fn value<T: Scalar>(&self, x: T) -> T {
            x * x
        }

        #[inline(always)]
        fn slope<T: Scalar>(&self, x: T, y: T) -> T {
            x + y / x
        }
    }

    #[test]
    fn rows_one_after_the_other_are_read_as_they_lie() {
        let x = crate::samples_of::<f64, Const<2>>(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        let x = x.fixed_rows::<3>(0);
        let (mut y, mut dx) = (crate::zeros(Const, Const), crate::zeros(Const, Const));
        forward(&Square, &x, &mut y);
        assert_eq!(y, SMatrix::<f64, 3, 2>::new(1.0, 4.0, 9.0, 16.0, 25.0, 36.0));
        let dy = crate::batch_from(&SMatrix::<f64, 3, 2>::new(1.0, 1.0, 1.0, 2.0, 2.0, 2.0));
        backward(&Square, &x, &y, &dy, &mut dx);
        assert_eq!(dx, SMatrix::<f64, 3, 2>::new(2.0, 4.0, 6.0, 16.0, 20.0, 24.0));
    }
}
