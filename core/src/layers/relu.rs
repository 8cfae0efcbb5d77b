use crate::elementwise_layer;
use crate::layers::elementwise::Elementwise;
use crate::parameters::embedded;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// The rectified linear unit: `y = max(x, 0)`; backward `dx = dy` where `y > 0`, else 0.
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`. At 0 the derivative is 0, as in the book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu;

embedded!([] Relu = Self);

// Written by hand, so that NaN passes through.
impl Elementwise for Relu {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        if x <= T::zero() { T::zero() } else { x }
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, _: T, y: T) -> T {
        if y > T::zero() { T::one() } else { T::zero() }
    }

    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        Some(Operator::new("Relu", [Operand::Input]).into())
    }
}

elementwise_layer!(Relu);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::Layer;
    use crate::matrix::Batch;
    use nalgebra::{Const, SMatrix};

    #[test]
    fn gradients_agree_with_differences() {
        crate::layers::layer::tests::check_gradients::<Const<1>, _>(&Relu, &Relu);
        crate::layers::layer::tests::check_gradients::<Const<7>, _>(&Relu, &Relu);
    }

    #[test]
    fn nan_passes_through() {
        let mut y = Batch::zeros(Const::<1>, Const::<1>);
        Relu.forward(&SMatrix::<f32, 1, 1>::new(f32::NAN), &mut y, &mut (), crate::layers::mode::Mode::Infer);
        assert!(y[0].is_nan());
    }

    /// The mask of the chapter's section on the Relu layer: non-positive inputs give 0, and get derivative 0.
    #[test]
    fn non_positive_inputs_are_masked_as_in_the_book() {
        let x = SMatrix::<f64, 2, 2>::new(1.0, -0.5, -2.0, 3.0);
        let (mut y, mut dx) = (Batch::zeros(Const, Const), Batch::zeros(Const, Const));
        Relu.forward(&x, &mut y, &mut (), crate::layers::mode::Mode::Infer);
        assert_eq!(y, SMatrix::<f64, 2, 2>::new(1.0, 0.0, 0.0, 3.0));
        let dy = Batch::from_matrix(&SMatrix::<f64, 2, 2>::new(5.0, 6.0, 7.0, 8.0));
        Relu.backward(&x, &y, &dy, Some(&mut dx), &mut ());
        assert_eq!(dx, SMatrix::<f64, 2, 2>::new(5.0, 0.0, 0.0, 8.0));
    }
}
