use crate::elementwise_layer;
use crate::layers::elementwise::{Elementwise, at_least};
use crate::parameters::{At, Part, embedded};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// A rectifier with a slope `s` for negative inputs: `y = x` where `x > 0`, else `y = s · x`.
///
/// Backward: `dx = dy` where `x > 0`, else `s · dy`.
///
/// In `network!` it is `LeakyRelu`, with the slope 0.01 as in PyTorch, or `LeakyRelu(0.2)`, `LeakyRelu(negative_slope = 0.2)`. Source: Maas, Hannun and
/// Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`. At 0 the derivative is `s`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakyRelu {
    /// The slope where `x` is negative: finite.
    pub negative_slope: f64,
}

impl LeakyRelu {
    /// A layer with the given slope where `x` is negative.
    pub const fn new(negative_slope: f64) -> Self {
        Self { negative_slope }
    }

    /// Sets the slope where `x` is negative.
    #[must_use]
    pub const fn negative_slope(self, negative_slope: f64) -> Self {
        Self { negative_slope }
    }
}

/// A layer with the slope 0.01.
impl Default for LeakyRelu {
    fn default() -> Self {
        Self::new(0.01)
    }
}

embedded!([] LeakyRelu = Self::new(At::<P>::setting("negative_slope")), settings: "negative_slope");

// Written by hand, since the derivatives of `max` and `min` at 0 give neither slope.
impl Elementwise for LeakyRelu {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        let slope = T::of(self.negative_slope);
        let lowest = T::of(if slope == T::zero() { -1.0 } else { f64::NEG_INFINITY }); // avoids 0 · ∞
        let below = slope * at_least(x, lowest);
        if x > T::zero() { x } else { below }
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, x: T, _: T) -> T {
        let below = T::of(self.negative_slope);
        if x > T::zero() { T::one() } else { below }
    }

    fn part<T: Scalar>(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::setting_within("negative_slope", &self.negative_slope, ..))
    }

    fn setting_mut(&mut self, index: usize) -> Option<&mut f64> {
        (index == 0).then_some(&mut self.negative_slope)
    }

    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        Some(Operator::new("LeakyRelu", [Operand::Input]).with("alpha", self.negative_slope).into())
    }
}

elementwise_layer!(LeakyRelu);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::Layer;
    use crate::matrix::Batch;
    use nalgebra::{Const, SMatrix};

    #[test]
    fn gradients_agree_with_differences() {
        for layer in [LeakyRelu::default(), LeakyRelu::new(0.2), LeakyRelu::new(-1.0)] {
            crate::layers::layer::tests::check_gradients::<Const<1>, _>(&layer, &layer);
            crate::layers::layer::tests::check_gradients::<Const<7>, _>(&layer, &layer);
        }
    }

    #[test]
    fn negative_inputs_are_scaled() {
        let x = SMatrix::<f64, 1, 4>::new(-100.0, 0.0, 3.0, f64::NAN);
        let mut y = Batch::zeros(Const, Const);
        LeakyRelu::default().forward(&x, &mut y, &mut (), crate::layers::mode::Mode::Infer);
        assert_eq!(y.as_slice()[..3], [-1.0, 0.0, 3.0]);
        assert!(y[3].is_nan());
    }
}
