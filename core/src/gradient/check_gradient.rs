//! The methods for numerical gradients and gradient checks.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::gradient::check::{GradientCheck, GradientError, GradientReport};
use crate::gradient::numerical::Differences;
use crate::networks::{Network, TargetOf};

/// Numerical gradients and gradient checks; every [`Network`] implements it.
pub trait CheckGradient: Network {
    /// The derivatives of the mean loss with respect to all parameters, by central differences in `f64`.
    ///
    /// Slow: runs two forward passes for each parameter.
    #[must_use]
    fn numerical_gradient<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Self {
        Differences::new(self, x, target).gradient()
    }

    /// Compares [`gradient`](Network::gradient) with [`numerical_gradient`](Self::numerical_gradient), in `f64`.
    ///
    /// Checks every parameter; use [`GradientCheck`] to check only some, or to set the tolerance.
    ///
    /// # Errors
    ///
    /// [`GradientError::Disagreement`] names the first wrong block, its worst element and both values.
    /// [`GradientError::Setting`] if the batch is empty or a layer's setting is out of range.
    fn gradient_check<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Result<GradientReport, GradientError> {
        GradientCheck::default().run(self, x, target)
    }
}

impl<Net: Network> CheckGradient for Net {}
