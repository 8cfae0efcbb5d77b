use crate::elementwise_layer;
use crate::layers::elementwise::Elementwise;
use crate::parameters::embedded;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// A smooth Relu: `y = ln(1 + exp(x))`; backward `dx = dy / (1 + exp(-x))`.
///
/// Computed as `max(x, 0) + ln(1 + exp(-|x|))`, which cannot overflow; its derivative as the equal `1 - exp(-y)`.
/// Source: Dugas, Bengio, Bélisle, Nadeau and Garcia, "Incorporating Second-Order Functional Knowledge for Better
/// Option Pricing" (2000).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softplus;

embedded!([] Softplus = Self);

// Written by hand, since `max(x, 0)` and `|x|` have a kink at 0, and this function has none.
impl Elementwise for Softplus {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        let above = if x > T::zero() { x } else { T::zero() };
        above + (-x.abs()).quick_exp().quick_ln_1p_to_1()
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, _: T, y: T) -> T {
        -(-y).quick_exp_m1_to_0()
    }

    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        Some(Operator::new("Softplus", [Operand::Input]).into())
    }
}

elementwise_layer!(Softplus);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::Layer;
    use crate::matrix::Batch;
    use nalgebra::{Const, SMatrix};

    #[test]
    fn gradients_agree_with_differences() {
        crate::layers::layer::tests::check_gradients::<Const<1>, _>(&Softplus, &Softplus);
        crate::layers::layer::tests::check_gradients::<Const<7>, _>(&Softplus, &Softplus);
    }

    #[test]
    fn extreme_inputs_give_finite_outputs() {
        let x = SMatrix::<f32, 1, 4>::new(-1000.0, 0.0, 1000.0, f32::NAN);
        let mut y = Batch::zeros(Const, Const);
        Softplus.forward(&x, &mut y, &mut (), crate::layers::mode::Mode::Infer);
        assert_eq!(y.as_slice()[..3], [0.0, std::f32::consts::LN_2, 1000.0]);
        assert!(y[3].is_nan());
    }

    /// Small values of `exp(x)`: `y` and the derivative are close to it, and keep full precision.
    #[test]
    fn small_values_keep_their_digits() {
        for x in [-5.0_f64, -20.0, -80.0] {
            let y = Softplus.value(x);
            let slope = 1.0 / (1.0 + (-x).exp());
            assert!((y / x.exp().ln_1p() - 1.0).abs() < 1e-15, "{x}: {y}");
            assert!((Softplus.slope(x, y) / slope - 1.0).abs() < 1e-15, "{x}: {slope}");
        }
    }
}
