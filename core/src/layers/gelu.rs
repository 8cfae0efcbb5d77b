use crate::elementwise_layer;
use crate::layers::elementwise::quick_tanh;
use crate::layers::elementwise::{Elementwise, at_least, at_most};
use crate::parameters::embedded;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// The Gaussian error linear unit, by its `tanh` approximation: `y = x (1 + tanh(u)) / 2`.
///
/// ```text
/// forward    u  = √(2/π) (x + 0.044715 x³)
/// backward   dx = dy · ((1 + tanh(u)) / 2 + x (1 - tanh²(u)) u' / 2)     u' = √(2/π) (1 + 0.134145 x²)
/// ```
///
/// Equals PyTorch's `GELU(approximate="tanh")`; its default is [`GeluExact`](super::GeluExact). At infinity it has its limits: `y = x` with derivative 1 at `∞`, and 0
/// with derivative 0 at `-∞`. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gelu;

/// From here on `tanh(u)` rounds to 1, also in double precision.
const FAR: f64 = 10.0;
/// `√(2/π)`.
const SLOPE: f64 = std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2;
const CUBIC: f64 = 0.044_715;

/// `tanh(u)`.
#[inline(always)]
fn tanh<T: Scalar>(x: T) -> T {
    quick_tanh(T::of(SLOPE) * (x + T::of(CUBIC) * (x * x * x)))
}

embedded!([] Gelu = Self);

// Written by hand: for infinite `x` or `x³` the formula gives 0 · ∞. Far from 0 the other factor is 0, so `x` is
// clamped.
impl Elementwise for Gelu {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        T::of(0.5) * at_least(x, T::of(-FAR)) * (T::one() + tanh(x))
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, x: T, _: T) -> T {
        let (tanh, half) = (tanh(x), T::of(0.5));
        let x = at_most(at_least(x, T::of(-FAR)), T::of(FAR));
        let du = T::of(SLOPE) * (T::one() + T::of(3.0 * CUBIC) * (x * x));
        half * (T::one() + tanh) + half * x * (T::one() - tanh * tanh) * du
    }

    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        let mut operation = Operation::identity();
        let square = operation.push(Operator::new("Mul", [Operand::Input, Operand::Input]));
        let scaled = operation.push(Operator::new("Mul", [square, Operand::Number(SLOPE * CUBIC)]));
        let factor = operation.push(Operator::new("Add", [scaled, Operand::Number(SLOPE)]));
        let inner = operation.push(Operator::new("Mul", [Operand::Input, factor]));
        let tanh = operation.push(Operator::new("Tanh", [inner]));
        let above = operation.push(Operator::new("Add", [tanh, Operand::Number(1.0)]));
        let half = operation.push(Operator::new("Mul", [Operand::Input, Operand::Number(0.5)]));
        operation.push(Operator::new("Mul", [half, above]));
        Some(operation)
    }
}

elementwise_layer!(Gelu, kept);

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Const;

    #[test]
    fn gradients_agree_with_differences() {
        crate::layers::layer::tests::check_gradients::<Const<1>, _>(&Gelu, &Gelu);
        crate::layers::layer::tests::check_gradients::<Const<7>, _>(&Gelu, &Gelu);
    }

    /// `tests/limits.rs` checks the limits at infinity.
    #[test]
    fn limits_hold_from_far_on() {
        fn check<T: Scalar>(far: T) {
            assert_eq!([far, -far].map(|x| Gelu.value(x)), [far, T::zero()]);
            assert_eq!([far, -far].map(|x| Gelu.slope(x, x)), [T::one(), T::zero()]);
        }
        check::<f32>(10.0);
        check(FAR);
        check(FAR.next_down());
    }
}
