use crate::elementwise_layer;
use crate::layers::elementwise::quick_tanh;
use crate::layers::elementwise::{Elementwise, at_least, at_most};
use crate::scalar::Scalar;

/// Weighs a number with the probability that a normal one is below it, by the approximation with `tanh`:
/// `y = x (1 + tanh(u)) / 2` with `u = √(2/π) (x + 0.044715 x³)`; backward
/// `dx = dy · ((1 + tanh(u)) / 2 + x (1 - tanh²(u)) u' / 2)` with `u' = √(2/π) (1 + 0.134145 x²)`.
///
/// It is PyTorch's `GELU(approximate="tanh")`. At infinity it has its limits: `y = x` with the derivative 1 above, 0 with the
/// derivative 0 below. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gelu;

/// From here on `tanh(u)` is 1, in double precision too.
const FAR: f64 = 10.0;
/// `√(2/π)`.
const SLOPE: f64 = std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2;
const CUBIC: f64 = 0.044_715;

/// `tanh(u)`.
#[inline(always)]
fn tanh<T: Scalar>(x: T) -> T {
    quick_tanh(T::of(SLOPE) * (x + T::of(CUBIC) * (x * x * x)))
}

// By hand, because where `x` or `x³` is infinite the formula has 0 · ∞. Far from 0 any finite number is a factor of that 0.
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

    /// `tests/limits.rs` has the limits themselves.
    #[test]
    fn limits_are_reached_where_they_begin() {
        fn check<T: Scalar>(far: T) {
            assert_eq!([far, -far].map(|x| Gelu.value(x)), [far, T::zero()]);
            assert_eq!([far, -far].map(|x| Gelu.slope(x, x)), [T::one(), T::zero()]);
        }
        check::<f32>(10.0);
        check(FAR);
        check(FAR.next_down());
    }
}
