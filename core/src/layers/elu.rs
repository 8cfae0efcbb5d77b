use crate::elementwise_layer;
use crate::layers::elementwise::Elementwise;
use crate::parameters::{At, Part, embedded};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// The exponential linear unit: `y = x` where `x > 0`, else `y = α · (exp(x) - 1)`.
///
/// Backward: `dx = dy` where `x > 0`, else `dy · (y + α)`.
///
/// In `network!` it is `Elu`, with `α = 1` as in PyTorch, or `Elu(0.5)`, `Elu(alpha = 0.5)`. Source: Clevert, Unterthiner and Hochreiter,
/// "Fast and Accurate Deep Network Learning by Exponential Linear Units" (2016).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`. At 0 the derivative is `α`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elu {
    /// The scale of the negative part, finite: `y` approaches `-α` as `x` decreases.
    pub alpha: f64,
}

impl Elu {
    /// A layer with the given `α`.
    pub const fn new(alpha: f64) -> Self {
        Self { alpha }
    }

    /// Sets the factor `α`.
    #[must_use]
    pub const fn alpha(self, alpha: f64) -> Self {
        Self { alpha }
    }
}

/// A layer with `α = 1`.
impl Default for Elu {
    fn default() -> Self {
        Self::new(1.0)
    }
}

embedded!([] Elu = Self::new(At::<P>::setting("alpha")), settings: "alpha");

// Written by hand: `#[activation]` with `max(x, 0) + α (exp(min(x, 0)) - 1)` is as fast, but gives derivative 0 at 0.
impl Elementwise for Elu {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        let below = T::of(self.alpha) * x.quick_exp_m1_to_0(); // unused where x is positive
        if x > T::zero() { x } else { below }
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, x: T, y: T) -> T {
        let below = y + T::of(self.alpha);
        if x > T::zero() { T::one() } else { below }
    }

    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::setting_within("alpha", &self.alpha, ..))
    }

    fn setting_mut(&mut self, index: usize) -> Option<&mut f64> {
        (index == 0).then_some(&mut self.alpha)
    }

    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        Some(Operator::new("Elu", [Operand::Input]).with("alpha", self.alpha).into())
    }
}

elementwise_layer!(Elu);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::Layer;
    use crate::matrix::Batch;
    use nalgebra::{Const, SMatrix};

    #[test]
    fn gradients_agree_with_differences() {
        for layer in [Elu::default(), Elu::new(0.5), Elu::new(-1.0)] {
            crate::layers::layer::tests::check_gradients::<Const<1>, _>(&layer, &layer);
            crate::layers::layer::tests::check_gradients::<Const<7>, _>(&layer, &layer);
        }
    }

    #[test]
    fn extreme_inputs_give_finite_outputs() {
        let x = SMatrix::<f32, 1, 4>::new(-1000.0, 0.0, 1000.0, f32::NAN);
        let mut y = Batch::zeros(Const, Const);
        Elu::new(2.0).forward(&x, &mut y, &mut (), crate::layers::mode::Mode::Infer);
        assert_eq!(y.as_slice()[..3], [-2.0, 0.0, 1000.0]);
        assert!(y[3].is_nan());
    }
}
