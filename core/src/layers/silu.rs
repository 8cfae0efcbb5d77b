use crate::elementwise_layer;
use crate::layers::elementwise::chain;
use crate::layers::elementwise::{Elementwise, at_least, at_most};
use crate::scalar::Scalar;

/// Weighs a number with its sigmoid; also known as Swish: `y = x s` with `s = 1 / (1 + exp(-x))`; backward
/// `dx = dy · (s + y (1 - s))`.
///
/// At infinity it has its limits: `y = x` with the derivative 1 above, 0 with the derivative 0 below. Source: Elfwing,
/// Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning"
/// (2018).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silu;

/// From here on the sigmoid is 1, and 0 as far below 0, in double precision too.
const FAR: f64 = 1000.0;

// By hand, because at infinity the formula has 0 · ∞. Far from 0 any finite number is a factor of that 0.
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
        // `s · exp(-x)` is `1 - s` with all its digits.
        sigmoid + x * sigmoid * chain(sigmoid, exp)
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

    /// `tests/limits.rs` has the limits themselves.
    #[test]
    fn limits_are_reached_where_they_begin() {
        assert_eq!([FAR, -FAR].map(|x| Silu.value(x)), [FAR, 0.0]);
        assert_eq!([FAR, -FAR].map(|x| Silu.slope(x, 0.0)), [1.0, 0.0]);
    }
}
