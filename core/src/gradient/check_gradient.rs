//! The gradient by finite differences, and the check that backward agrees with it.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::gradient::check::{GradientCheck, GradientError, GradientReport};
use crate::gradient::numerical::Differences;
use crate::networks::{Network, TargetOf};

/// The gradient by its definition, and the check that backpropagation agrees with it; every [`Network`] has it.
pub trait CheckGradient: Network {
    /// The same derivative by central differences in double precision: slow, and right by definition.
    ///
    /// It takes two runs forward for every single parameter.
    #[must_use]
    fn numerical_gradient<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Self {
        Differences::new(self, x, target).gradient()
    }

    /// Compares [`gradient`](Network::gradient) with [`numerical_gradient`](Self::numerical_gradient), every
    /// parameter, in double precision. [`GradientCheck`] has the settings, such as a sample instead of all.
    ///
    /// # Errors
    ///
    /// [`GradientError::Disagreement`] names the block and the element that disagree most, with both values.
    fn gradient_check<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Result<GradientReport, GradientError> {
        GradientCheck::default().run(self, x, target)
    }
}

impl<Net: Network> CheckGradient for Net {}
