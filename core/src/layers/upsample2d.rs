#[cfg(feature = "alloc")]
use alloc::vec;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

use crate::kernels::{Loop, Splittable, run_parallel, vectorized};
#[cfg(feature = "alloc")]
use crate::layers::input_columns::InputColumns;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::parameters::{Parameters, embedded};
use crate::scalar::Scalar;
use crate::shape::{Enlarge, Image};

/// Repeats each pixel `S` times in both directions; PyTorch's `Upsample` with `mode="nearest"`.
///
/// ```text
/// forward    y[c, p]  = x[c, p / S], rounded down      (N x C x H x W)   ->   (N x C x S·H x S·W)
/// backward   dx[c, q] = sum of dy[c, p] over the S² pixels p of q
/// ```
#[doc(alias("UpsampleNearest", "Upsampling2d", "interpolate"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upsample2d<const S: usize>;

embedded!([const S: usize] Upsample2d<S> = Self);

impl<T: Scalar, const S: usize> Parameters<T> for Upsample2d<S> {}

impl<T: Scalar, C: DimName, H: Enlarge<S>, W: Enlarge<S>, const S: usize> Infer<T, Image<C, H, W>> for Upsample2d<S> {
    type Out = Image<C, H::Side, W::Side>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        vectorized(Repeat { factor: const { factor::<S>() }, width: W::DIM, samples: 1, x, y });
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, C: DimName, H: Enlarge<S>, W: Enlarge<S>, const S: usize> Layer<T, Image<C, H, W>> for Upsample2d<S> {
    type Cache<N: Dim> = InputColumns<T>;

    fn forward<N: Dim, St: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<C, H, W>, St>,
        y: &mut Batch<T, N, Self::Out>,
        cache: &mut InputColumns<T>,
        _: Mode,
    ) {
        let (samples, x, y) = (y.nrows(), cache.store(x), y.data.values_mut());
        run_parallel(Repeat { factor: const { factor::<S>() }, width: W::DIM, samples, x, y });
    }

    fn backward<N: Dim, St: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        _: &Matrix<T, N, Image<C, H, W>, St>,
        _: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, Image<C, H, W>>>,
        _: &mut InputColumns<T>,
    ) {
        let Some(dx) = dx else { return };
        let (samples, dy, dx) = (dy.nrows(), dy.data.values(), dx.data.values_mut());
        run_parallel(Sum { factor: const { factor::<S>() }, width: W::DIM, samples, dy, dx });
    }

    fn operation(&self) -> Option<Operation> {
        let mut operation = Operation::identity();
        let scales = operation.constant(&[4], vec![1.0, 1.0, S as f64, S as f64]);
        let resize = Operator::new("Resize", [Operand::Input, Operand::Missing, scales]).with("mode", "nearest");
        operation.push(resize.with("nearest_mode", "floor").with("coordinate_transformation_mode", "asymmetric"));
        Some(operation)
    }
}

const fn factor<const S: usize>() -> usize {
    assert!(S > 0, "the factor of an `Upsample2d` is at least 1");
    S
}

/// Repeats the pixels of some rows, each of `width` pixels of `samples` values.
struct Repeat<'a, T> {
    factor: usize,
    width: usize,
    samples: usize,
    x: &'a [T],
    y: &'a mut [T],
}

impl<T: Scalar> Loop for Repeat<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { factor, width, samples, x, y } = self;
        if x.is_empty() {
            return;
        }
        let (row, wide) = (width * samples, width * samples * factor);
        for (x, y) in x.chunks_exact(row).zip(y.chunks_exact_mut(wide * factor)) {
            let (first, others) = y.split_at_mut(wide);
            for (x, y) in x.chunks_exact(samples).zip(first.chunks_exact_mut(samples * factor)) {
                y.chunks_exact_mut(samples).for_each(|y| y.copy_from_slice(x));
            }
            others.chunks_exact_mut(wide).for_each(|other| other.copy_from_slice(first));
        }
    }
}

impl<T: Scalar> Splittable for Repeat<'_, T> {
    fn len(&self) -> usize {
        self.x.len() / (self.width * self.samples).max(1)
    }

    fn numbers(&self) -> usize {
        self.width * self.samples * self.factor * self.factor
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let (x, y) = (at * self.width * self.samples, at * self.numbers());
        let ((x, x_high), (y, y_high)) = (self.x.split_at(x), self.y.split_at_mut(y));
        (Self { x, y, ..self }, Self { x: x_high, y: y_high, ..self })
    }
}

/// Sums the derivatives of the copies of each pixel, for some rows.
struct Sum<'a, T> {
    factor: usize,
    width: usize,
    samples: usize,
    dy: &'a [T],
    dx: &'a mut [T],
}

impl<T: Scalar> Loop for Sum<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { factor, width, samples, dy, dx } = self;
        if dx.is_empty() {
            return;
        }
        dx.fill(T::zero());
        let (row, wide) = (width * samples, width * samples * factor);
        for (dx, dy) in dx.chunks_exact_mut(row).zip(dy.chunks_exact(wide * factor)) {
            for dy in dy.chunks_exact(wide) {
                for (dx, dy) in dx.chunks_exact_mut(samples).zip(dy.chunks_exact(samples * factor)) {
                    for dy in dy.chunks_exact(samples) {
                        dx.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += dy);
                    }
                }
            }
        }
    }
}

impl<T: Scalar> Splittable for Sum<'_, T> {
    fn len(&self) -> usize {
        self.dx.len() / (self.width * self.samples).max(1)
    }

    fn numbers(&self) -> usize {
        self.width * self.samples * self.factor * self.factor
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let (dx, dy) = (at * self.width * self.samples, at * self.numbers());
        let ((dx, dx_high), (dy, dy_high)) = (self.dx.split_at_mut(dx), self.dy.split_at(dy));
        (Self { dy, dx, ..self }, Self { dy: dy_high, dx: dx_high, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use nalgebra::Const;

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients::<Image<Const<2>, Const<3>, Const<2>>, _>(&Upsample2d::<2>, &Upsample2d);
        check_gradients::<Image<Const<1>, Const<1>, Const<2>>, _>(&Upsample2d::<3>, &Upsample2d);
        check_gradients::<Image<Const<2>, Const<2>, Const<2>>, _>(&Upsample2d::<1>, &Upsample2d);
    }
}
