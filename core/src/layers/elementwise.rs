//! Elementwise layers: code shared by the built-in ones and those that `#[activation]` generates.
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::kernels::{Loop, vectorized};
use crate::kernels::{Splittable, run_parallel};
use crate::matrix::Batch;
use crate::matrix::contiguous;
#[cfg(feature = "alloc")]
use crate::parameters::Operation;
use crate::parameters::Part;
use crate::scalar::Scalar;

/// An elementwise function and its derivative, both `#[inline(always)]`.
pub trait Elementwise: Copy + Send + Sync {
    /// `y = f(x)`.
    fn value<T: Scalar>(&self, x: T) -> T;

    /// The derivative `f'(x)`, in terms of `x`, of `y = f(x)`, or of both; an unused argument costs nothing.
    fn slope<T: Scalar>(&self, x: T, y: T) -> T;

    /// Returns the setting at `index` as a part of the layer, or `None` past the last one.
    ///
    /// The default implementation accepts any value.
    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        self.setting(index).map(|(name, value)| Part::setting(name, value))
    }

    /// Returns the name and value of the setting at `index`, or `None` past the last one.
    fn setting(&self, index: usize) -> Option<(&'static str, &f64)> {
        let _ = index;
        None
    }

    /// The function in the operators of ONNX, or `None` if it has no such form.
    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        None
    }

    /// Returns the same setting mutably.
    fn setting_mut(&mut self, index: usize) -> Option<&mut f64> {
        let _ = index;
        None
    }
}

/// The larger of two values; a NaN in `x` is kept.
#[inline(always)]
pub(crate) fn at_least<T: Scalar>(x: T, low: T) -> T {
    if x < low { low } else { x }
}

/// The smaller of two values; a NaN in `x` is kept.
#[inline(always)]
pub(crate) fn at_most<T: Scalar>(x: T, high: T) -> T {
    if x > high { high } else { x }
}

/// `tanh(x)` for vectorized loops.
#[inline(always)]
pub fn quick_tanh<T: Scalar>(x: T) -> T {
    // tanh |x| = (1 - e) / (1 + e) with e = exp(-2 |x|), in terms of e - 1, which is exact for small x.
    let less_one = (T::of(-2.0) * x.abs()).quick_exp_m1_to_0();
    (-less_one / (less_one + T::of(2.0))).copysign(x)
}

/// `dy · slope`, or 0 if `dy` is 0, even if the slope has overflowed to infinity, as that of `exp` easily does.
#[inline(always)]
pub fn chain<T: Scalar>(dy: T, slope: T) -> T {
    if dy == T::zero() { dy } else { dy * slope }
}

/// Implements the layer traits for an [`Elementwise`] type, for any number of features.
///
/// With the second argument `kept`, forward also computes the slopes, and caches them for backward. That pays off if
/// value and slope share expensive terms. The names of the type parameters cannot collide with those of layers.
#[doc(hidden)] // `#[activation]` generates calls of it
#[macro_export]
macro_rules! elementwise_layer {
    ($layer:ty) => {
        $crate::elementwise_layer!($layer, cache: ());
    };
    ($layer:ty, kept) => {
        $crate::elementwise_layer!($layer, cache: $crate::Batch<__T, __N, __F>);
    };
    ($layer:ty, cache: $cache:ty) => {
        impl<__T: $crate::Scalar> $crate::Parameters<__T> for $layer {
            fn part(&self, index: ::core::primitive::usize) -> ::core::option::Option<$crate::Part<'_, __T>> {
                $crate::layers::elementwise::Elementwise::part(self, index)
            }

            fn part_mut(
                &mut self,
                index: ::core::primitive::usize,
            ) -> ::core::option::Option<$crate::PartMut<'_, __T>> {
                let value = $crate::layers::elementwise::Elementwise::setting_mut(self, index);
                ::core::option::Option::map(value, $crate::PartMut::Setting)
            }
        }

        impl<__T: $crate::Scalar, __F: $crate::Shape> $crate::Infer<__T, __F> for $layer {
            type Out = __F;

            #[inline]
            fn infer_into(&self, x: &[__T], y: &mut [__T], _: &mut [__T]) {
                $crate::layers::elementwise::infer::<_, _, __F>(self, x, y);
            }
        }

        $crate::with_alloc! {
            impl<__T: $crate::Scalar, __F: $crate::Shape> $crate::Layer<__T, __F> for $layer {
                type Cache<__N: $crate::nalgebra::Dim> = $cache;

                #[inline]
                fn forward<__N: $crate::nalgebra::Dim, __S: $crate::nalgebra::RawStorage<__T, __N, __F>>(
                    &self,
                    x: &$crate::nalgebra::Matrix<__T, __N, __F, __S>,
                    y: &mut $crate::Batch<__T, __N, __F>,
                    cache: &mut $cache,
                    _: $crate::Mode,
                ) {
                    $crate::layers::elementwise::Slopes::forward(cache, self, x, y);
                }

                #[inline]
                fn backward<__N: $crate::nalgebra::Dim, __S: $crate::nalgebra::RawStorage<__T, __N, __F>>(
                    &self,
                    x: &$crate::nalgebra::Matrix<__T, __N, __F, __S>,
                    y: &$crate::Batch<__T, __N, __F>,
                    dy: &$crate::Batch<__T, __N, __F>,
                    dx: ::core::option::Option<&mut $crate::Batch<__T, __N, __F>>,
                    cache: &mut $cache,
                ) {
                    if let ::core::option::Option::Some(dx) = dx {
                        $crate::layers::elementwise::Slopes::backward(cache, self, x, y, dy, dx);
                    }
                }

                fn operation(&self) -> ::core::option::Option<$crate::Operation> {
                    $crate::layers::elementwise::Elementwise::operation::<__T>(self)
                }
            }
        }
    };
}

/// The source of the slopes for backward: `()` computes them again, a [`Batch`] caches those of forward.
#[cfg(feature = "alloc")]
pub trait Slopes<T: Scalar, N: Dim, F: Dim> {
    /// `y = f(x)`, element by element.
    fn forward<E: Elementwise, S: RawStorage<T, N, F>>(
        &mut self,
        function: &E,
        x: &Matrix<T, N, F, S>,
        y: &mut Batch<T, N, F>,
    );

    /// `dx = dy · f'`, element by element.
    fn backward<E: Elementwise, S: RawStorage<T, N, F>>(
        &self,
        function: &E,
        x: &Matrix<T, N, F, S>,
        y: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: &mut Batch<T, N, F>,
    );
}

#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim, F: Dim> Slopes<T, N, F> for () {
    fn forward<E: Elementwise, S: RawStorage<T, N, F>>(
        &mut self,
        function: &E,
        x: &Matrix<T, N, F, S>,
        y: &mut Batch<T, N, F>,
    ) {
        match contiguous(x) {
            Some(x) => run_parallel(Values { function, x, y: y.data.values_mut() }),
            None => y.zip_apply(x, |y, x| *y = function.value(x)),
        }
    }

    fn backward<E: Elementwise, S: RawStorage<T, N, F>>(
        &self,
        function: &E,
        x: &Matrix<T, N, F, S>,
        y: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: &mut Batch<T, N, F>,
    ) {
        if let Some(x) = contiguous(x) {
            let (y, dy, dx) = (y.data.values(), dy.data.values(), dx.data.values_mut());
            return run_parallel(ComputedSlopes { function, x, y, dy, dx });
        }
        dx.zip_zip_apply(x, &**y, |dx, x, y| *dx = function.slope(x, y));
        dx.zip_apply(&**dy, |dx, dy| *dx = dy * *dx);
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim, F: Dim> Slopes<T, N, F> for Batch<T, N, F> {
    fn forward<E: Elementwise, S: RawStorage<T, N, F>>(
        &mut self,
        function: &E,
        x: &Matrix<T, N, F, S>,
        y: &mut Batch<T, N, F>,
    ) {
        if let Some(x) = contiguous(x) {
            let (y, slopes) = (y.data.values_mut(), self.data.values_mut());
            return run_parallel(ValuesAndSlopes { function, x, y, slopes });
        }
        y.zip_apply(x, |y, x| *y = function.value(x));
        self.zip_zip_apply(x, &**y, |slope, x, y| *slope = function.slope(x, y));
    }

    fn backward<E: Elementwise, S: RawStorage<T, N, F>>(
        &self,
        _: &E,
        _: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: &mut Batch<T, N, F>,
    ) {
        run_parallel(CachedSlopes { slopes: self.data.values(), dy: dy.data.values(), dx: dx.data.values_mut() });
    }
}

/// `y = f(x)` for a single sample.
pub fn infer<E: Elementwise, T: Scalar, F: Dim>(function: &E, x: &[T], y: &mut [T]) {
    let values = Values { function, x, y };
    // For a few values, detecting the instruction set takes longer than the loop.
    if F::try_to_usize().is_some_and(|features| features <= 32) { values.run() } else { vectorized(values) }
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
        let function = *self.function; // a copy, which writes to `y` cannot change
        for (y, &x) in self.y.iter_mut().zip(self.x) {
            *y = function.value(x);
        }
    }
}

impl<E: Elementwise, T: Scalar> Splittable for Values<'_, E, T> {
    fn len(&self) -> usize {
        self.y.len()
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { function, x, y } = self;
        let ((x, x_high), (y, y_high)) = (x.split_at(at), y.split_at_mut(at));
        (Self { function, x, y }, Self { function, x: x_high, y: y_high })
    }
}

struct ComputedSlopes<'a, E, T> {
    function: &'a E,
    x: &'a [T],
    y: &'a [T],
    dy: &'a [T],
    dx: &'a mut [T],
}

impl<E: Elementwise, T: Scalar> Loop for ComputedSlopes<'_, E, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let function = *self.function;
        for (((dx, &dy), &y), &x) in self.dx.iter_mut().zip(self.dy).zip(self.y).zip(self.x) {
            *dx = dy * function.slope(x, y);
        }
    }
}

impl<E: Elementwise, T: Scalar> Splittable for ComputedSlopes<'_, E, T> {
    fn len(&self) -> usize {
        self.dx.len()
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { function, x, y, dy, dx } = self;
        let ((x, x_high), (y, y_high)) = (x.split_at(at), y.split_at(at));
        let ((dy, dy_high), (dx, dx_high)) = (dy.split_at(at), dx.split_at_mut(at));
        (Self { function, x, y, dy, dx }, Self { function, x: x_high, y: y_high, dy: dy_high, dx: dx_high })
    }
}

struct ValuesAndSlopes<'a, E, T> {
    function: &'a E,
    x: &'a [T],
    y: &'a mut [T],
    slopes: &'a mut [T],
}

impl<E: Elementwise, T: Scalar> Loop for ValuesAndSlopes<'_, E, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let function = *self.function;
        for ((slope, y), &x) in self.slopes.iter_mut().zip(self.y).zip(self.x) {
            *y = function.value(x);
            *slope = function.slope(x, *y);
        }
    }
}

impl<E: Elementwise, T: Scalar> Splittable for ValuesAndSlopes<'_, E, T> {
    fn len(&self) -> usize {
        self.y.len()
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { function, x, y, slopes } = self;
        let ((x, x_high), (y, y_high)) = (x.split_at(at), y.split_at_mut(at));
        let (slopes, slopes_high) = slopes.split_at_mut(at);
        (Self { function, x, y, slopes }, Self { function, x: x_high, y: y_high, slopes: slopes_high })
    }
}

struct CachedSlopes<'a, T> {
    slopes: &'a [T],
    dy: &'a [T],
    dx: &'a mut [T],
}

impl<T: Scalar> Loop for CachedSlopes<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((dx, &dy), &slope) in self.dx.iter_mut().zip(self.dy).zip(self.slopes) {
            *dx = dy * slope;
        }
    }
}

impl<T: Scalar> Splittable for CachedSlopes<'_, T> {
    fn len(&self) -> usize {
        self.dx.len()
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { slopes, dy, dx } = self;
        let ((slopes, slopes_high), (dy, dy_high)) = (slopes.split_at(at), dy.split_at(at));
        let (dx, dx_high) = dx.split_at_mut(at);
        (Self { slopes, dy, dx }, Self { slopes: slopes_high, dy: dy_high, dx: dx_high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Const, SMatrix};

    /// `y = x²`, with a derivative in terms of both `x` and `y`.
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

    /// Checks forward and backward for row-major and column-major input.
    fn check(mut slopes: impl Slopes<f64, Const<3>, Const<2>>) {
        let x =
            crate::matrix::Samples::<f64, nalgebra::Dyn, Const<2>>::view_of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        let by_rows = x.fixed_rows::<3>(0);
        let by_columns = Batch::from_matrix(&by_rows);
        let dy = Batch::from_matrix(&SMatrix::<f64, 3, 2>::new(1.0, 1.0, 1.0, 2.0, 2.0, 2.0));
        for as_rows in [true, false] {
            let (mut y, mut dx): (Batch<_, _, _>, Batch<_, _, _>) =
                (Batch::zeros(Const, Const), Batch::zeros(Const, Const));
            if as_rows {
                slopes.forward(&Square, &by_rows, &mut y);
                slopes.backward(&Square, &by_rows, &y, &dy, &mut dx);
            } else {
                slopes.forward(&Square, &by_columns, &mut y);
                slopes.backward(&Square, &by_columns, &y, &dy, &mut dx);
            }
            assert_eq!(y, SMatrix::<f64, 3, 2>::new(1.0, 4.0, 9.0, 16.0, 25.0, 36.0));
            assert_eq!(dx, SMatrix::<f64, 3, 2>::new(2.0, 4.0, 6.0, 16.0, 20.0, 24.0));
        }
    }

    #[test]
    fn row_major_input_gives_the_same_result() {
        check(());
        check(Batch::zeros(Const, Const));
    }
}
