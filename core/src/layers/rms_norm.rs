#[cfg(feature = "alloc")]
use alloc::vec;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, Matrix};

use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::layers::row_norm::RowNorm;
#[cfg(feature = "alloc")]
use crate::layers::row_norm::{RowNormCache, add_scale_gradient};
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, POSITIVE, Parameters, Part, PartMut, Place};
#[cfg(feature = "alloc")]
use crate::parameters::{Attribute, Operand, Operation, Operator};
use crate::scalar::Scalar;

/// Divides each sample by the root of its mean square, then scales each feature; PyTorch's `RMSNorm`.
///
/// ```text
/// forward    x̂  = x / √(mean(x²) + ε)     the mean is over the sample's features
///            y  = scale · x̂
/// backward   dx = (g - x̂ · mean(g · x̂)) / √(mean(x²) + ε)     g = scale · dy
/// gradient   dscale = sum(dy · x̂)                              the sum is over the samples
/// ```
///
/// Training and inference compute the same.
///
/// In `network!` it is `RmsNorm<64>`, or `RmsNorm<64>(epsilon = 1e-6)`. Source: Zhang and Sennrich, "Root Mean Square
/// Layer Normalization" (2019).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`; the parameter is `1 x F`.
#[doc(alias("RMSNorm", "RMSNormalization"))]
#[derive(Clone, Debug, PartialEq)]
pub struct RmsNorm<const F: usize, T: Scalar = f32> {
    /// The learned factors; 1 at first.
    pub scale: Batch<T, Const<1>, Const<F>>,
    /// The summand that keeps the divisor above 0: positive and finite.
    ///
    /// As in PyTorch, the default is the machine epsilon of `T`: 1.2e-7 in `f32` and 2.2e-16 in `f64`.
    pub epsilon: f64,
}

impl<const F: usize, T: Scalar> RmsNorm<F, T> {
    /// Sets the summand that keeps the divisor above 0.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    fn norm(&self) -> RowNorm<'_, T> {
        RowNorm { is_centered: false, epsilon: self.epsilon, scale: self.scale.as_ref(), shift: None }
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize, T: Scalar> Default for RmsNorm<F, T> {
    fn default() -> Self {
        Self { scale: Batch::filled(Const, Const, T::one()), epsilon: T::default_epsilon().as_f64() }
    }
}

impl<const F: usize, T: Scalar> Parameters<T> for RmsNorm<F, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        match index {
            0 => Some(Part::scale("scale", &self.scale).pytorch("weight")),
            1 => Some(Part::setting_within("epsilon", &self.epsilon, POSITIVE)),
            _ => None,
        }
    }

    #[cfg(feature = "alloc")]
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::parameter(&mut *self.scale)),
            1 => Some(PartMut::Setting(&mut self.epsilon)),
            _ => None,
        }
    }
}

impl<const F: usize, T: Scalar> Embed<T> for RmsNorm<F, T> {
    const PARTS: &'static [Declared] = &[Declared::parameter("scale", &[1, F]), Declared::setting("epsilon")];
}

impl<const F: usize, T: Scalar, Q: Place> EmbedAt<T, Q> for RmsNorm<F, T> {
    const EMBEDDED: Self = Self { scale: At::<Q>::matrix("scale"), epsilon: At::<Q>::setting("epsilon") };
}

impl<const F: usize, T: Scalar> Infer<T, Const<F>> for RmsNorm<F, T> {
    type Out = Const<F>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        self.norm().infer(x, y);
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize, T: Scalar> Layer<T, Const<F>> for RmsNorm<F, T> {
    type Cache<N: Dim> = RowNormCache<T, N, F>;

    fn forward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        x: &Matrix<T, N, Const<F>, S>,
        y: &mut Batch<T, N, Const<F>>,
        cache: &mut Self::Cache<N>,
        _: Mode,
    ) {
        self.norm().forward(x, y, cache);
    }

    fn backward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        _: &Matrix<T, N, Const<F>, S>,
        _: &Batch<T, N, Const<F>>,
        dy: &Batch<T, N, Const<F>>,
        dx: Option<&mut Batch<T, N, Const<F>>>,
        cache: &mut Self::Cache<N>,
    ) {
        if let Some(dx) = dx {
            self.norm().backward(dy, dx, cache);
        }
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, Const<F>>>(
        _: &Matrix<T, N, Const<F>, S>,
        dy: &Batch<T, N, Const<F>>,
        cache: &Self::Cache<N>,
        scale: T,
        target: &mut Self,
    ) {
        add_scale_gradient(dy, cache, scale, target.scale.data.values_mut());
    }

    fn operation(&self) -> Option<Operation> {
        let mut operation = Operation::identity();
        let square = operation.push(Operator::new("Mul", [Operand::Input, Operand::Input]));
        let mean = Operator::new("ReduceMean", [square]).with("axes", Attribute::Integers(vec![-1]));
        let mean = operation.push(mean);
        let sum = operation.push(Operator::new("Add", [mean, Operand::Number(self.epsilon)]));
        let root = operation.push(Operator::new("Sqrt", [sum]));
        let normalized = operation.push(Operator::new("Div", [Operand::Input, root]));
        operation.push(Operator::new("Mul", [normalized, Operand::Parameter("scale")]));
        Some(operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;

    fn check<const F: usize>(epsilon: f64) {
        let scale = Batch::from_fn(Const, Const, |_, feature| 0.5 + ((feature * 7) % 5) as f64 / 4.0);
        let zeros = RmsNorm { scale: Batch::zeros(Const, Const), epsilon };
        check_gradients::<Const<F>, _>(&RmsNorm { scale, epsilon }, &zeros);
    }

    #[test]
    fn gradients_agree_with_differences() {
        check::<1>(0.01);
        check::<7>(RmsNorm::<7, f64>::default().epsilon);
        check::<40>(0.01);
    }

    #[test]
    fn the_default_epsilon_is_that_of_the_scalar() {
        assert_eq!(RmsNorm::<1, f32>::default().epsilon, f64::from(f32::EPSILON));
        assert_eq!(RmsNorm::<1, f64>::default().epsilon, f64::EPSILON);
    }
}
