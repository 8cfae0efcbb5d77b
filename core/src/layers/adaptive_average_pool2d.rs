#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use std::ops::Range;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, DimName, Matrix};

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
use crate::shape::Image;

/// The means of `OH x OW` windows that cover the image, channel by channel; PyTorch's `AdaptiveAvgPool2d`.
///
/// ```text
/// forward    y[c, p]  = 1 / n(p) · sum of x[c, q] over the window of p      (N x C x H x W)   ->   (N x C x OH x OW)
/// backward   dx[c, q] = sum of dy[c, p] / n(p) over the windows p that contain q
/// ```
///
/// The window of `p` has the rows from `p · H / OH`, rounded down, to `(p + 1) · H / OH`, rounded up, and columns alike;
/// `n(p)` is its number of pixels. Neighboring windows overlap in a row if `H` is not a multiple of `OH`. An output larger
/// than the image repeats pixels.
#[doc(alias("AdaptiveAvgPool2d", "AdaptiveAveragePooling", "pooling"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdaptiveAveragePool2d<const OH: usize, const OW: usize = OH>;

embedded!([const OH: usize, const OW: usize] AdaptiveAveragePool2d<OH, OW> = Self);

impl<const OH: usize, const OW: usize, T: Scalar> Parameters<T> for AdaptiveAveragePool2d<OH, OW> {}

/// The sides of a channel of the input and of the output.
#[derive(Clone, Copy)]
struct Sides {
    input: [usize; 2],
    output: [usize; 2],
}

impl Sides {
    const fn new<H: DimName, W: DimName, const OH: usize, const OW: usize>() -> Self {
        const {
            assert!(OH > 0 && OW > 0, "the output of an `AdaptiveAveragePool2d` has no pixels");
            assert!(H::DIM > 0 && W::DIM > 0, "the image of an `AdaptiveAveragePool2d` has no pixels");
        }
        Self { input: [H::DIM, W::DIM], output: [OH, OW] }
    }

    /// The number of pixels of a channel of the input, and of the output.
    const fn pixels(self) -> [usize; 2] {
        [self.input[0] * self.input[1], self.output[0] * self.output[1]]
    }

    /// The rows or columns of a window.
    #[inline(always)]
    fn span(self, axis: usize, window: usize) -> Range<usize> {
        let (input, output) = (self.input[axis], self.output[axis]);
        window * input / output..((window + 1) * input).div_ceil(output)
    }

    /// The weight of each row or column in each window, a matrix of as many rows as windows.
    #[cfg(feature = "alloc")]
    fn weights(self, axis: usize) -> Vec<f64> {
        let spans = (0..self.output[axis]).map(|window| self.span(axis, window));
        let weights = spans.flat_map(|span| {
            let weight = 1.0 / span.len() as f64;
            (0..self.input[axis]).map(move |at| if span.contains(&at) { weight } else { 0.0 })
        });
        weights.collect()
    }

    /// The number of pixels of a window, and the pixels.
    #[inline(always)]
    fn window(self, window: usize) -> (usize, impl Iterator<Item = usize>) {
        let [rows, columns] =
            [(0, window / self.output[1]), (1, window % self.output[1])].map(|(a, w)| self.span(a, w));
        let (count, width) = (rows.len() * columns.len(), self.input[1]);
        (count, rows.flat_map(move |row| columns.clone().map(move |column| row * width + column)))
    }
}

impl<const OH: usize, const OW: usize, T: Scalar, C: DimName, H: DimName, W: DimName> Infer<T, Image<C, H, W>>
    for AdaptiveAveragePool2d<OH, OW>
{
    type Out = Image<C, Const<OH>, Const<OW>>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        vectorized(Means { sides: const { Sides::new::<H, W, OH, OW>() }, samples: 1, x, y });
    }
}

#[cfg(feature = "alloc")]
impl<const OH: usize, const OW: usize, T: Scalar, C: DimName, H: DimName, W: DimName> Layer<T, Image<C, H, W>>
    for AdaptiveAveragePool2d<OH, OW>
{
    type Cache<N: Dim> = InputColumns<T>;

    fn forward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        x: &Matrix<T, N, Image<C, H, W>, S>,
        y: &mut Batch<T, N, Self::Out>,
        cache: &mut InputColumns<T>,
        _: Mode,
    ) {
        let (samples, x, y) = (y.nrows(), cache.store(x), y.data.values_mut());
        run_parallel(Means { sides: const { Sides::new::<H, W, OH, OW>() }, samples, x, y });
    }

    fn backward<N: Dim, S: RawStorage<T, N, Image<C, H, W>>>(
        &self,
        _: &Matrix<T, N, Image<C, H, W>, S>,
        _: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, Image<C, H, W>>>,
        _: &mut InputColumns<T>,
    ) {
        let Some(dx) = dx else { return };
        let (samples, dy, dx) = (dy.nrows(), dy.data.values(), dx.data.values_mut());
        run_parallel(Shares { sides: const { Sides::new::<H, W, OH, OW>() }, samples, dy, dx });
    }

    fn operation(&self) -> Option<Operation> {
        let sides = const { Sides::new::<H, W, OH, OW>() };
        let mut operation = Operation::identity();
        let rows = operation.constant(&[OH, H::DIM], sides.weights(0));
        let columns = operation.constant(&[OW, W::DIM], sides.weights(1));
        let columns = operation.push(Operator::new("Transpose", [columns]));
        let narrow = operation.push(Operator::new("MatMul", [Operand::Input, columns]));
        operation.push(Operator::new("MatMul", [rows, narrow]));
        Some(operation)
    }
}

/// Computes the means of some channels.
struct Means<'a, T> {
    sides: Sides,
    samples: usize,
    x: &'a [T],
    y: &'a mut [T],
}

impl<T: Scalar> Loop for Means<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { sides, samples, x, y } = self;
        if samples == 0 {
            return;
        }
        let [input, output] = sides.pixels().map(|pixels| pixels * samples);
        for (x, y) in x.chunks_exact(input).zip(y.chunks_exact_mut(output)) {
            for (window, y) in y.chunks_exact_mut(samples).enumerate() {
                y.fill(T::zero());
                let (count, pixels) = sides.window(window);
                for pixel in pixels {
                    y.iter_mut().zip(&x[pixel * samples..]).for_each(|(y, &x)| *y += x);
                }
                let factor = T::one() / T::of(count as f64);
                for y in y {
                    *y *= factor;
                }
            }
        }
    }
}

impl<T: Scalar> Splittable for Means<'_, T> {
    fn len(&self) -> usize {
        self.y.len() / (self.sides.pixels()[1] * self.samples).max(1)
    }

    fn numbers(&self) -> usize {
        self.sides.pixels()[0] * self.samples
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let [input, output] = self.sides.pixels().map(|pixels| pixels * self.samples * at);
        let ((x, x_high), (y, y_high)) = (self.x.split_at(input), self.y.split_at_mut(output));
        (Self { x, y, ..self }, Self { x: x_high, y: y_high, ..self })
    }
}

/// Gives each pixel its share of the derivatives of its windows, for some channels.
struct Shares<'a, T> {
    sides: Sides,
    samples: usize,
    dy: &'a [T],
    dx: &'a mut [T],
}

impl<T: Scalar> Loop for Shares<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { sides, samples, dy, dx } = self;
        if samples == 0 {
            return;
        }
        dx.fill(T::zero());
        let [input, output] = sides.pixels().map(|pixels| pixels * samples);
        for (dx, dy) in dx.chunks_exact_mut(input).zip(dy.chunks_exact(output)) {
            for (window, dy) in dy.chunks_exact(samples).enumerate() {
                let (count, pixels) = sides.window(window);
                let factor = T::one() / T::of(count as f64);
                for pixel in pixels {
                    dx[pixel * samples..].iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += factor * dy);
                }
            }
        }
    }
}

impl<T: Scalar> Splittable for Shares<'_, T> {
    fn len(&self) -> usize {
        self.dx.len() / (self.sides.pixels()[0] * self.samples).max(1)
    }

    fn numbers(&self) -> usize {
        self.sides.pixels()[0] * self.samples
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let [input, output] = self.sides.pixels().map(|pixels| pixels * self.samples * at);
        let ((dx, dx_high), (dy, dy_high)) = (self.dx.split_at_mut(input), self.dy.split_at(output));
        (Self { dy, dx, ..self }, Self { dy: dy_high, dx: dx_high, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;

    fn check<const H: usize, const W: usize, const OH: usize, const OW: usize>() {
        let layer = AdaptiveAveragePool2d::<OH, OW>;
        check_gradients::<Image<Const<2>, Const<H>, Const<W>>, _>(&layer, &AdaptiveAveragePool2d);
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1, 1, 1>();
        check::<4, 6, 2, 3>();
        check::<5, 7, 3, 2>();
        check::<5, 4, 1, 1>();
        check::<2, 3, 4, 5>();
    }
}
