use crate::elementwise_layer;
use crate::layers::elementwise::chain;
use crate::layers::elementwise::{Elementwise, at_least, at_most};
use crate::parameters::embedded;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// The sigmoid linear unit, or Swish: `y = x s` with `s = 1 / (1 + exp(-x))`; backward `dx = dy · (s + y (1 - s))`.
///
/// At infinity it has its limits: `y = x` with derivative 1 at `∞`, and 0 with derivative 0 at `-∞`. Source: Elfwing,
/// Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning"
/// (2018).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silu;

/// From here on the sigmoid rounds to 1, and to 0 from `-FAR` on, also in double precision.
const FAR: f64 = 1000.0;

embedded!([] Silu = Self);

// Written by hand: at infinity the formula gives 0 · ∞. Far from 0 the other factor is 0, so `x` is clamped.
impl Elementwise for Silu {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        let sigmoid = T::one() / (T::one() + (-x).quick_exp());
        at_least(x, T::of(-FAR)) * sigmoid
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, x: T, _: T) -> T {
        let exp = (-x).quick_exp();
        let sigmoid = T::one() / (T::one() + exp);
        let x = at_most(at_least(x, T::of(-FAR)), T::of(FAR));
        // `s · exp(-x)` is `1 - s` without cancellation.
        sigmoid + x * sigmoid * chain(sigmoid, exp)
    }

    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        let mut operation = Operation::identity();
        let sigmoid = operation.push(Operator::new("Sigmoid", [Operand::Input]));
        operation.push(Operator::new("Mul", [Operand::Input, sigmoid]));
        Some(operation)
    }
}

elementwise_layer!(Silu, kept);

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Const;

    #[test]
    fn gradients_agree_with_differences() {
        crate::layers::layer::tests::check_gradients::<Const<1>, _>(&Silu, &Silu);
        crate::layers::layer::tests::check_gradients::<Const<7>, _>(&Silu, &Silu);
    }

    /// `tests/limits.rs` checks the limits at infinity.
    #[test]
    fn limits_hold_from_far_on() {
        assert_eq!([FAR, -FAR].map(|x| Silu.value(x)), [FAR, 0.0]);
        assert_eq!([FAR, -FAR].map(|x| Silu.slope(x, 0.0)), [1.0, 0.0]);
    }
}
