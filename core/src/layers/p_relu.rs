use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, Matrix};

use crate::kernels::{Loop, vectorized};
use crate::layers::columns::{Column, each_column};
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::layers::sums::sum_of;
use crate::matrix::Batch;
use crate::matrix::contiguous;
use crate::parameters::{At, Declared, Embed, EmbedAt, Parameters, Part, PartMut, Place};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// A rectifier with a learned slope `s` for each feature: `y = x` where `x > 0`, else `y = s · x`.
///
/// Backward: `dx = dy` where `x > 0`, else `s · dy`. Gradient: `ds` is the sum of `x · dy` where `x ≤ 0`.
///
/// The slopes are 0.25 at first, as in PyTorch, and do not decay. Source: He, Zhang, Ren and Sun, "Delving Deep into
/// Rectifiers" (2015).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`; `slope` is `1 x F`. At 0 the derivative is `s`.
#[doc(alias("PReLU"))]
#[derive(Clone, Debug, PartialEq)]
pub struct PRelu<const F: usize, T: Scalar = f32> {
    /// The learned slopes where `x` is negative.
    pub slope: Batch<T, Const<1>, Const<F>>,
}

#[cfg(feature = "alloc")]
impl<const F: usize, T: Scalar> Default for PRelu<F, T> {
    fn default() -> Self {
        Self { slope: Batch::filled(Const, Const, T::of(0.25)) }
    }
}

impl<const F: usize, T: Scalar> Parameters<T> for PRelu<F, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::scale("slope", &self.slope).pytorch("weight"))
    }

    #[cfg(feature = "alloc")]
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then(|| PartMut::parameter(&mut *self.slope))
    }
}

impl<const F: usize, T: Scalar> Embed<T> for PRelu<F, T> {
    const PARTS: &'static [Declared] = &[Declared::parameter("slope", &[1, F])];
}

impl<const F: usize, T: Scalar, Q: Place> EmbedAt<T, Q> for PRelu<F, T> {
    const EMBEDDED: Self = Self { slope: At::<Q>::matrix("slope") };
}

impl<const F: usize, T: Scalar> Infer<T, Const<F>> for PRelu<F, T> {
    type Out = Const<F>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        vectorized(Single { slope: self.slope.as_ref(), x, y });
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize, T: Scalar> Layer<T, Const<F>> for PRelu<F, T> {
    type Cache<N: Dim> = ();

    fn forward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        x: &Matrix<T, N, Const<F>, S>,
        y: &mut Batch<T, N, Const<F>>,
        (): &mut (),
        _: Mode,
    ) {
        y.copy_from(x);
        let (samples, units) = (y.nrows(), &mut [(); F]);
        each_column(Forward { slope: self.slope.data.values() }, samples, units, [y.data.values_mut()], []);
    }

    fn backward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        x: &Matrix<T, N, Const<F>, S>,
        _: &Batch<T, N, Const<F>>,
        dy: &Batch<T, N, Const<F>>,
        dx: Option<&mut Batch<T, N, Const<F>>>,
        (): &mut (),
    ) {
        let Some(dx) = dx else { return };
        dx.copy_from(x);
        let (samples, units) = (dx.nrows(), &mut [(); F]);
        let work = Backward { slope: self.slope.data.values() };
        each_column(work, samples, units, [dx.data.values_mut()], [dy.data.values()]);
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, Const<F>>>(
        x: &Matrix<T, N, Const<F>, S>,
        dy: &Batch<T, N, Const<F>>,
        (): &(),
        scale: T,
        target: &mut Self,
    ) {
        if let Some(x) = contiguous(x) {
            let (samples, slopes) = (dy.nrows(), target.slope.data.values_mut());
            return each_column(AddGradient { scale }, samples, slopes, [], [x, dy.data.values()]);
        }
        for ((slope, x), dy) in target.slope.iter_mut().zip(x.column_iter()).zip(dy.column_iter()) {
            let products = x.iter().zip(&dy).map(|(&x, &dy)| below(x) * dy.as_f64());
            *slope += scale * T::of(products.sum());
        }
    }

    fn operation(&self) -> Option<Operation> {
        Some(Operator::new("PRelu", [Operand::Input, Operand::Parameter("slope")]).into())
    }
}

/// `x` where it is not positive, else 0.
#[inline(always)]
fn below<T: Scalar>(x: T) -> f64 {
    if x > T::zero() { 0.0 } else { x.as_f64() }
}

/// Adds `scale` times the derivative by the slope.
#[derive(Clone, Copy)]
struct AddGradient<T> {
    scale: T,
}

impl<T: Scalar> Column<T, T, 0, 2> for AddGradient<T> {
    #[inline(always)]
    fn run(self, _: usize, slope: &mut T, []: [&mut [T]; 0], [x, dy]: [&[T]; 2]) {
        *slope += self.scale * T::of(sum_of(x, dy, |x, dy| below(x) * dy.as_f64()));
    }
}

#[inline(always)]
fn value<T: Scalar>(slope: T, x: T) -> T {
    let below = slope * x;
    if x > T::zero() { x } else { below }
}

/// The layer for a single sample.
struct Single<'a, T> {
    slope: &'a [T],
    x: &'a [T],
    y: &'a mut [T],
}

impl<T: Scalar> Loop for Single<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((y, &x), &slope) in self.y.iter_mut().zip(self.x).zip(self.slope) {
            *y = value(slope, x);
        }
    }
}

#[derive(Clone, Copy)]
struct Forward<'a, T> {
    slope: &'a [T],
}

impl<T: Scalar> Column<T, (), 1, 0> for Forward<'_, T> {
    #[inline(always)]
    fn run(self, feature: usize, (): &mut (), [y]: [&mut [T]; 1], []: [&[T]; 0]) {
        let slope = self.slope[feature];
        for y in y {
            *y = value(slope, *y);
        }
    }
}

/// Replaces `x` by `dx`.
#[derive(Clone, Copy)]
struct Backward<'a, T> {
    slope: &'a [T],
}

impl<T: Scalar> Column<T, (), 1, 1> for Backward<'_, T> {
    #[inline(always)]
    fn run(self, feature: usize, (): &mut (), [dx]: [&mut [T]; 1], [dy]: [&[T]; 1]) {
        let slope = self.slope[feature];
        for (dx, &dy) in dx.iter_mut().zip(dy) {
            let below = slope * dy;
            *dx = if *dx > T::zero() { dy } else { below };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use nalgebra::SMatrix;

    fn check<const F: usize>() {
        let slope = Batch::from_fn(Const, Const, |_, feature| feature as f64 / 4.0 - 0.5);
        check_gradients::<Const<F>, _>(&PRelu { slope }, &PRelu { slope: Batch::zeros(Const, Const) });
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1>();
        check::<7>();
    }

    #[test]
    fn each_feature_has_its_slope() {
        let x = SMatrix::<f64, 2, 3>::new(-8.0, -8.0, 8.0, 0.0, f64::NAN, -4.0);
        let (mut y, mut layer) = (Batch::zeros(Const, Const), PRelu::default());
        layer.slope[1] = 0.5;
        layer.forward(&x, &mut y, &mut (), Mode::Infer);
        assert_eq!(y.row(0), SMatrix::<f64, 1, 3>::new(-2.0, -4.0, 8.0));
        assert_eq!((y[(1, 0)], y[(1, 2)]), (0.0, -1.0));
        assert!(y[(1, 1)].is_nan());
    }
}
