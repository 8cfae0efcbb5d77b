#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
use crate::kernels::Loop;
use crate::kernels::product::{Single, single_sample};
#[cfg(feature = "alloc")]
use crate::kernels::product::{product, transposed};
use crate::kernels::{Splittable, run_parallel};
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::layers::sums::{LANES, total};
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, Parameters, Part, PartMut, Place};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// A fully connected layer: `Y = X · W + B`; PyTorch's `Linear`, Keras' `Dense`.
///
/// ```text
/// forward    Y  = X · W + B      (N x IN)  (IN x OUT)  (OUT)   -> (N x OUT)
/// backward   dX = dY · Wᵀ        (N x OUT) (OUT x IN)          -> (N x IN)
/// gradient   dW = Xᵀ · dY        (IN x N)  (N x OUT)           -> (IN x OUT)
///            dB = column sums of dY                            -> (OUT)
/// ```
///
/// The parameters are `weight` (`IN x OUT`) and `bias` (`1 x OUT`). Both are zero by default;
/// [`Network::random`](crate::Network::random) draws the weight.
#[doc(alias("Linear", "Dense", "FullyConnected"))]
#[derive(Clone, Debug, PartialEq)]
pub struct Affine<const IN: usize, const OUT: usize, T: Scalar = f32> {
    /// The weight `W`.
    pub weight: Batch<T, Const<IN>, Const<OUT>>,
    /// The bias `B`, added to every row.
    pub bias: Batch<T, Const<1>, Const<OUT>>,
}

#[cfg(feature = "alloc")]
impl<const IN: usize, const OUT: usize, T: Scalar> Default for Affine<IN, OUT, T> {
    fn default() -> Self {
        Self { weight: Batch::zeros(Const, Const), bias: Batch::zeros(Const, Const) }
    }
}

impl<const IN: usize, const OUT: usize, T: Scalar> Parameters<T> for Affine<IN, OUT, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        match index {
            0 => Some(Part::weight("weight", &self.weight)),
            1 => Some(Part::bias("bias", &self.bias)),
            _ => None,
        }
    }

    #[cfg(feature = "alloc")]
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::parameter(&mut *self.weight)),
            1 => Some(PartMut::parameter(&mut *self.bias)),
            _ => None,
        }
    }

    #[cfg(feature = "alloc")]
    fn initialize(&mut self, initializer: &dyn Initializer, rng: &mut dyn Rng) {
        draw_weight(&mut self.weight, initializer, rng);
        self.bias.fill(T::zero());
    }
}

impl<const IN: usize, const OUT: usize, T: Scalar> Embed<T> for Affine<IN, OUT, T> {
    const PARTS: &'static [Declared] =
        &[Declared::parameter("weight", &[IN, OUT]), Declared::parameter("bias", &[1, OUT])];
}

impl<const IN: usize, const OUT: usize, T: Scalar, Q: Place> EmbedAt<T, Q> for Affine<IN, OUT, T> {
    const EMBEDDED: Self = Self { weight: At::<Q>::matrix("weight"), bias: At::<Q>::matrix("bias") };
}

impl<const IN: usize, const OUT: usize, T: Scalar> Infer<T, Const<IN>> for Affine<IN, OUT, T> {
    type Out = Const<OUT>;
    const MULTIPLY_ADDS: usize = IN * OUT;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        let (weight, bias) = (self.weight.as_ref(), self.bias.as_ref());
        single_sample::<IN, OUT, T>(Single { weight, bias, x, y });
    }
}

#[cfg(feature = "alloc")]
impl<const IN: usize, const OUT: usize, T: Scalar> Layer<T, Const<IN>> for Affine<IN, OUT, T> {
    type Cache<N: Dim> = ();

    #[inline]
    fn forward<N: Dim, S: RawStorage<T, N, Const<IN>>>(
        &self,
        x: &Matrix<T, N, Const<IN>, S>,
        y: &mut Batch<T, N, Const<OUT>>,
        (): &mut (),
        _: Mode,
    ) {
        let samples = y.nrows();
        run_parallel(Spread { bias: self.bias.data.values(), y: y.data.values_mut(), samples });
        product(T::one(), x, &self.weight, T::one(), y);
    }

    #[inline]
    fn backward<N: Dim, S: RawStorage<T, N, Const<IN>>>(
        &self,
        _: &Matrix<T, N, Const<IN>, S>,
        _: &Batch<T, N, Const<OUT>>,
        dy: &Batch<T, N, Const<OUT>>,
        dx: Option<&mut Batch<T, N, Const<IN>>>,
        (): &mut (),
    ) {
        let Some(dx) = dx else { return };
        product(T::one(), dy, &transposed(&self.weight), T::zero(), dx);
    }

    #[inline]
    fn add_gradient<N: Dim, S: RawStorage<T, N, Const<IN>>>(
        x: &Matrix<T, N, Const<IN>, S>,
        dy: &Batch<T, N, Const<OUT>>,
        (): &(),
        scale: T,
        target: &mut Self,
    ) {
        product(scale, &transposed(x), dy, T::one(), &mut target.weight);
        let (samples, dy) = (dy.nrows(), dy.data.values());
        run_parallel(AddSums { dy, samples, scale, bias: target.bias.data.values_mut() });
    }

    fn operation(&self) -> Option<Operation> {
        let operands = [Operand::Input, Operand::Parameter("weight"), Operand::Parameter("bias")];
        Some(Operator::new("Gemm", operands).with("transB", 1).into())
    }
}

/// Draws every value of a weight.
#[cfg(feature = "alloc")]
pub(super) fn draw_weight<const IN: usize, const OUT: usize, T: Scalar>(
    weight: &mut Batch<T, Const<IN>, Const<OUT>>,
    initializer: &dyn Initializer,
    rng: &mut dyn Rng,
) {
    // Row by row, the order in which NumPy fills an array.
    for mut row in weight.row_iter_mut() {
        row.apply(|weight| *weight = T::of(initializer.draw(IN, OUT, rng)));
    }
}

/// Fills each column, of `samples` rows, with its bias.
struct Spread<'a, T> {
    bias: &'a [T],
    y: &'a mut [T],
    samples: usize,
}

impl<T: Scalar> Loop for Spread<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (column, &bias) in self.y.chunks_exact_mut(self.samples.max(1)).zip(self.bias) {
            column.fill(bias);
        }
    }
}

impl<T: Scalar> Splittable for Spread<'_, T> {
    fn len(&self) -> usize {
        self.bias.len()
    }

    fn numbers(&self) -> usize {
        self.samples
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { bias, y, samples } = self;
        let ((bias, bias_high), (y, y_high)) = (bias.split_at(at), y.split_at_mut(at * samples));
        (Self { bias, y, samples }, Self { bias: bias_high, y: y_high, samples })
    }
}

/// Adds `scale` times the sum of each column, of `samples` rows, to the bias.
struct AddSums<'a, T> {
    dy: &'a [T],
    samples: usize,
    scale: T,
    bias: &'a mut [T],
}

impl<T: Scalar> Loop for AddSums<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (bias, column) in self.bias.iter_mut().zip(self.dy.chunks_exact(self.samples.max(1))) {
            let (lanes, rest) = column.as_chunks::<LANES>();
            let sums = lanes.iter().fold([T::zero(); LANES], |mut sums, lanes| {
                sums.iter_mut().zip(lanes).for_each(|(sum, &dy)| *sum += dy);
                sums
            });
            *bias += self.scale * rest.iter().fold(total(sums), |sum, &dy| sum + dy);
        }
    }
}

impl<T: Scalar> Splittable for AddSums<'_, T> {
    fn len(&self) -> usize {
        self.bias.len()
    }

    fn numbers(&self) -> usize {
        self.samples
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { dy, samples, scale, bias } = self;
        let ((dy, dy_high), (bias, bias_high)) = (dy.split_at(at * samples), bias.split_at_mut(at));
        (Self { dy, samples, scale, bias }, Self { dy: dy_high, samples, scale, bias: bias_high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::Xavier;
    use crate::layers::layer::tests::check_gradients;
    use crate::matrix::Batch;
    use nalgebra::SMatrix;
    use rand::{SeedableRng, rngs::StdRng};

    fn check<const IN: usize, const OUT: usize>() {
        let mut layer = Affine::<IN, OUT, f64>::default();
        layer.initialize(&Xavier, &mut StdRng::seed_from_u64(3));
        layer.bias.fill(0.25);
        check_gradients::<Const<IN>, _>(&layer, &Affine::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1>();
        check::<2, 3>();
        check::<5, 4>();
        check::<20, 13>();
        check::<130, 3>();
    }

    /// The chapter's sections 5.6.1 and 5.6.2: the shapes (2, 2) · (2, 3) and the sum over the batch.
    #[test]
    fn the_books_numbers() {
        let dy: Batch<f64, Const<2>, Const<3>> =
            Batch::from_matrix(&SMatrix::<f64, 2, 3>::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
        let x = SMatrix::<f64, 2, 2>::zeros();
        let mut gradient = Affine::<2, 3, f64>::default();
        Affine::add_gradient(&x, &dy, &(), 1.0, &mut gradient);
        assert_eq!(gradient.bias, SMatrix::<f64, 1, 3>::new(5.0, 7.0, 9.0));

        let mut layer = Affine::<2, 3, f64>::default();
        layer.bias.copy_from(&SMatrix::<f64, 1, 3>::new(1.0, 2.0, 3.0));
        layer.weight.copy_from(&SMatrix::<f64, 2, 3>::new(0.0, 0.0, 0.0, 1.0, 1.0, 1.0));
        let mut y = Batch::zeros(Const::<2>, Const::<3>);
        layer.forward(&SMatrix::<f64, 2, 2>::new(0.0, 0.0, 10.0, 10.0), &mut y, &mut (), Mode::Infer);
        assert_eq!(y, SMatrix::<f64, 2, 3>::new(1.0, 2.0, 3.0, 11.0, 12.0, 13.0));
    }
}
