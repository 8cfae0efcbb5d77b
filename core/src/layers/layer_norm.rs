use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, Matrix};

use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::layers::row_norm::RowNorm;
#[cfg(feature = "alloc")]
use crate::layers::row_norm::{RowNormCache, add_scale_gradient, add_shift_gradient};
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, POSITIVE, Parameters, Part, PartMut, Place};
#[cfg(feature = "alloc")]
use crate::parameters::{Attribute, Operand, Operation, Operator};
use crate::scalar::Scalar;

/// Normalizes each sample over its features, then scales and shifts each feature; PyTorch's `LayerNorm`.
///
/// ```text
/// forward    x̂  = (x - μ) / √(σ² + ε)     μ, σ²: the mean and variance of the sample's features
///            y  = scale · x̂ + shift
/// backward   dx = (g - mean(g) - x̂ · mean(g · x̂)) / √(σ² + ε)     g = scale · dy; means over the features
/// gradient   dscale = sum(dy · x̂), dshift = sum(dy)                 sums over the samples
/// ```
///
/// `σ²` is the mean squared distance from `μ`. Training and inference compute the same.
///
/// In `network!` it is `LayerNorm<64>`, or `LayerNorm<64>(epsilon = 1e-6)`. Source: Ba, Kiros and Hinton, "Layer
/// Normalization" (2016).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`; each parameter is `1 x F`.
#[doc(alias("LayerNormalization"))]
#[derive(Clone, Debug, PartialEq)]
pub struct LayerNorm<const F: usize, T: Scalar = f32> {
    /// The learned factors; 1 at first.
    pub scale: Batch<T, Const<1>, Const<F>>,
    /// The learned summands; 0 at first.
    pub shift: Batch<T, Const<1>, Const<F>>,
    /// The summand that keeps the divisor above 0, positive and finite; 1e-5 by default.
    pub epsilon: f64,
}

impl<const F: usize, T: Scalar> LayerNorm<F, T> {
    /// Sets the summand that keeps the divisor above 0.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    fn norm(&self) -> RowNorm<'_, T> {
        let (scale, shift) = (self.scale.as_ref(), self.shift.as_ref());
        RowNorm { is_centered: true, epsilon: self.epsilon, scale, shift: Some(shift) }
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize, T: Scalar> Default for LayerNorm<F, T> {
    fn default() -> Self {
        Self { scale: Batch::filled(Const, Const, T::one()), shift: Batch::zeros(Const, Const), epsilon: 1e-5 }
    }
}

impl<const F: usize, T: Scalar> Parameters<T> for LayerNorm<F, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        match index {
            0 => Some(Part::scale("scale", &self.scale).pytorch("weight")),
            1 => Some(Part::bias("shift", &self.shift).pytorch("bias")),
            2 => Some(Part::setting_within("epsilon", &self.epsilon, POSITIVE)),
            _ => None,
        }
    }

    #[cfg(feature = "alloc")]
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::parameter(&mut *self.scale)),
            1 => Some(PartMut::parameter(&mut *self.shift)),
            2 => Some(PartMut::Setting(&mut self.epsilon)),
            _ => None,
        }
    }
}

impl<const F: usize, T: Scalar> Embed<T> for LayerNorm<F, T> {
    const PARTS: &'static [Declared] =
        &[Declared::parameter("scale", &[1, F]), Declared::parameter("shift", &[1, F]), Declared::setting("epsilon")];
}

impl<const F: usize, T: Scalar, Q: Place> EmbedAt<T, Q> for LayerNorm<F, T> {
    const EMBEDDED: Self =
        Self { scale: At::<Q>::matrix("scale"), shift: At::<Q>::matrix("shift"), epsilon: At::<Q>::setting("epsilon") };
}

impl<const F: usize, T: Scalar> Infer<T, Const<F>> for LayerNorm<F, T> {
    type Out = Const<F>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        self.norm().infer(x, y);
    }
}

#[cfg(feature = "alloc")]
impl<const F: usize, T: Scalar> Layer<T, Const<F>> for LayerNorm<F, T> {
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
        add_shift_gradient(dy, scale, target.shift.data.values_mut());
    }

    fn operation(&self) -> Option<Operation> {
        let operands = [Operand::Input, Operand::Parameter("scale"), Operand::Parameter("shift")];
        Some(
            Operator::new("LayerNormalization", operands)
                .with("axis", Attribute::Integer(-1))
                .with("epsilon", self.epsilon)
                .into(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use nalgebra::Dyn;

    fn random<const F: usize>() -> LayerNorm<F, f64> {
        let value = |_, feature| 0.5 + ((feature * 7) % 5) as f64 / 4.0;
        LayerNorm {
            scale: Batch::from_fn(Const, Const, value),
            shift: Batch::from_fn(Const, Const, |_, feature| value(0, feature + 3) - 1.0),
            epsilon: 0.01,
        }
    }

    fn zeros<const F: usize>() -> LayerNorm<F, f64> {
        LayerNorm { scale: Batch::zeros(Const, Const), ..LayerNorm::default() }
    }

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients::<Const<1>, _>(&random::<1>(), &zeros());
        check_gradients::<Const<7>, _>(&random::<7>(), &zeros());
        check_gradients::<Const<40>, _>(&random::<40>(), &zeros());
    }

    #[test]
    fn a_large_mean_cancels_no_digits() {
        let [x, far] = [0.0, 1e6].map(|mean| Batch::from_fn(Dyn(3), Const::<64>, |_, j| mean + (j % 8) as f32));
        let outputs = [x, far].map(|x| {
            let mut y = Batch::zeros(Dyn(3), Const);
            LayerNorm::default().forward(&x, &mut y, &mut crate::layers::Cache::new(Dyn(3)), Mode::Infer);
            y
        });
        assert_eq!(outputs[0], outputs[1]);
    }
}
