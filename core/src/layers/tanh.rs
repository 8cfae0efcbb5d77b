use crate::elementwise::Elementwise;
use crate::operations::quick_tanh;
use crate::{Scalar, elementwise_layer};

/// Squeezes numbers between -1 and 1: `y = tanh(x)`; backward `dx = dy · (1 - y²)`.
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

// By hand, as `Sigmoid`.
impl Elementwise for Tanh {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        quick_tanh(x)
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, _: T, y: T) -> T {
        T::one() - y * y
    }
}

elementwise_layer!(Tanh);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layer;
    use nalgebra::{Const, SMatrix};

    #[test]
    fn gradients_agree_with_differences() {
        crate::layer::tests::check_gradients::<Const<1>, _>(&Tanh, &Tanh);
        crate::layer::tests::check_gradients::<Const<7>, _>(&Tanh, &Tanh);
    }

    #[test]
    fn far_ends_are_finite() {
        let x = SMatrix::<f32, 1, 3>::new(-1000.0, 0.0, 1000.0);
        let mut y = crate::zeros(Const, Const);
        Tanh.forward(&x, &mut y, &mut ());
        assert_eq!(y, SMatrix::<f32, 1, 3>::new(-1.0, 0.0, 1.0));
    }
}
