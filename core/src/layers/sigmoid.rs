use crate::elementwise::Elementwise;
use crate::{Scalar, elementwise_layer};

/// Squeezes numbers between 0 and 1: `y = 1 / (1 + exp(-x))`; backward `dx = dy · y · (1 - y)`.
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

// By hand, because the derivative takes no exponential function in terms of `y`.
impl Elementwise for Sigmoid {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        T::one() / (T::one() + (-x).quick_exp())
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, _: T, y: T) -> T {
        y * (T::one() - y)
    }
}

elementwise_layer!(Sigmoid);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layer;
    use nalgebra::{Const, SMatrix};

    #[test]
    fn gradients_agree_with_differences() {
        crate::layer::tests::check_gradients::<Const<1>, _>(&Sigmoid, &Sigmoid);
        crate::layer::tests::check_gradients::<Const<7>, _>(&Sigmoid, &Sigmoid);
    }

    #[test]
    fn far_ends_are_finite() {
        let x = SMatrix::<f32, 1, 3>::new(-1000.0, 0.0, 1000.0);
        let mut y = crate::zeros(Const, Const);
        Sigmoid.forward(&x, &mut y, &mut ());
        assert_eq!(y, SMatrix::<f32, 1, 3>::new(0.0, 0.5, 1.0));
    }
}
