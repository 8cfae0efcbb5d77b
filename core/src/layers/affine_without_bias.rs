use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
use crate::kernels::product::{Single, single_sample};
#[cfg(feature = "alloc")]
use crate::kernels::product::{product, transposed};
#[cfg(feature = "alloc")]
use crate::layers::affine::draw_weight;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::layers::scratch::{Length, with_scratch};
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, Parameters, Part, PartMut, Place};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// A fully connected layer without a bias, such as before a [`BatchNorm`](super::BatchNorm): `Y = X · W`.
///
/// ```text
/// forward    Y  = X · W      (N x IN)  (IN x OUT)   -> (N x OUT)
/// backward   dX = dY · Wᵀ    (N x OUT) (OUT x IN)   -> (N x IN)
/// gradient   dW = Xᵀ · dY    (IN x N)  (N x OUT)    -> (IN x OUT)
/// ```
///
/// The parameter is `weight` (`IN x OUT`), zero by default; [`Network::random`](crate::Network::random) draws it.
#[doc(alias("LinearWithoutBias", "DenseWithoutBias", "NoBias", "bias"))]
#[derive(Clone, Debug, PartialEq)]
pub struct AffineWithoutBias<const IN: usize, const OUT: usize, T: Scalar = f32> {
    /// The weight `W`.
    pub weight: Batch<T, Const<IN>, Const<OUT>>,
}

#[cfg(feature = "alloc")]
impl<const IN: usize, const OUT: usize, T: Scalar> Default for AffineWithoutBias<IN, OUT, T> {
    fn default() -> Self {
        Self { weight: Batch::zeros(Const, Const) }
    }
}

impl<const IN: usize, const OUT: usize, T: Scalar> Parameters<T> for AffineWithoutBias<IN, OUT, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::weight("weight", &self.weight))
    }

    #[cfg(feature = "alloc")]
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then(|| PartMut::parameter(&mut *self.weight))
    }

    #[cfg(feature = "alloc")]
    fn initialize(&mut self, initializer: &dyn Initializer, rng: &mut dyn Rng) {
        draw_weight(&mut self.weight, initializer, rng);
    }
}

/// The zeros in place of a bias.
struct Outputs<const OUT: usize>;

impl<const OUT: usize> Length for Outputs<OUT> {
    const LENGTH: usize = OUT;
}

impl<const IN: usize, const OUT: usize, T: Scalar> Embed<T> for AffineWithoutBias<IN, OUT, T> {
    const PARTS: &'static [Declared] = &[Declared::parameter("weight", &[IN, OUT])];
}

impl<const IN: usize, const OUT: usize, T: Scalar, Q: Place> EmbedAt<T, Q> for AffineWithoutBias<IN, OUT, T> {
    const EMBEDDED: Self = Self { weight: At::<Q>::matrix("weight") };
}

impl<const IN: usize, const OUT: usize, T: Scalar> Infer<T, Const<IN>> for AffineWithoutBias<IN, OUT, T> {
    type Out = Const<OUT>;
    const MULTIPLY_ADDS: usize = IN * OUT;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        let weight = self.weight.as_ref();
        with_scratch::<Outputs<OUT>, T, _>(|bias| {
            bias.fill(T::zero());
            single_sample::<IN, OUT, T>(Single { weight, bias, x, y });
        });
    }
}

#[cfg(feature = "alloc")]
impl<const IN: usize, const OUT: usize, T: Scalar> Layer<T, Const<IN>> for AffineWithoutBias<IN, OUT, T> {
    type Cache<N: Dim> = ();

    #[inline]
    fn forward<N: Dim, S: RawStorage<T, N, Const<IN>>>(
        &self,
        x: &Matrix<T, N, Const<IN>, S>,
        y: &mut Batch<T, N, Const<OUT>>,
        (): &mut (),
        _: Mode,
    ) {
        product(T::one(), x, &self.weight, T::zero(), y);
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
    }

    fn operation(&self) -> Option<Operation> {
        Some(Operator::new("Gemm", [Operand::Input, Operand::Parameter("weight")]).with("transB", 1).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::Xavier;
    use crate::layers::affine::Affine;
    use crate::layers::layer::tests::check_gradients;
    use rand::{SeedableRng, rngs::StdRng};

    fn check<const IN: usize, const OUT: usize>() {
        let (mut layer, mut affine) = (AffineWithoutBias::<IN, OUT, f64>::default(), Affine::<IN, OUT, f64>::default());
        layer.initialize(&Xavier, &mut StdRng::seed_from_u64(3));
        affine.initialize(&Xavier, &mut StdRng::seed_from_u64(3));
        assert_eq!(layer.weight, affine.weight);
        check_gradients::<Const<IN>, _>(&layer, &AffineWithoutBias::default());
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1, 1>();
        check::<5, 4>();
        check::<20, 13>();
        check::<130, 3>();
    }
}
