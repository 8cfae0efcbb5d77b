use crate::elementwise_layer;
use crate::layers::elementwise::Elementwise;
#[cfg(feature = "alloc")]
use crate::parameters::Operation;
use crate::parameters::embedded;
use crate::scalar::Scalar;

/// Outputs its input: `y = x`; backward `dx = dy`. A branch of [`Concat`](super::Concat) can be the input itself.
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity;

embedded!([] Identity = Self);

impl Elementwise for Identity {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        x
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, _: T, _: T) -> T {
        T::one()
    }

    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        Some(Operation::identity())
    }
}

elementwise_layer!(Identity);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use nalgebra::Const;

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients::<Const<1>, _>(&Identity, &Identity);
        check_gradients::<Const<7>, _>(&Identity, &Identity);
    }
}
