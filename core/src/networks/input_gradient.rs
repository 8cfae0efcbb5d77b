//! The gradient of a network with respect to its input.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::layers::Mode;
use crate::losses::Loss;
use crate::matrix::{Batch, rows_of};
use crate::networks::network::{Network, Tape, TargetOf};
use crate::shape::Continuous;

/// Gradients with respect to the input, in inference mode; every [`Network`] over features or images implements it.
///
/// ```text
/// x   (N x In), target           ->   dx   (N x In)      dx = dL/dx, for the mean loss L
/// x   (N x In), dy   (N x Out)   ->   dx   (N x In)      dxᵢ = sum over j of dyⱼ · dyⱼ/dxᵢ
/// ```
///
/// Layers run as in [`predict`](Network::predict): without noise, and with running statistics. So the output of a sample
/// depends on no other sample, and neither does its row of `dx`. The network does not change.
///
/// # Panics
///
/// If `N` is `Dyn` and the target or `dy` has another number of samples than `x`.
pub trait InputGradient: Network {
    /// The derivative of the mean loss with respect to the input, for adversarial examples.
    ///
    /// The mean divides by `N`: multiply by `N` for the gradients of the losses of single samples.
    ///
    /// The fast gradient sign method moves each input by `epsilon` in the direction in which the loss grows:
    ///
    /// ```text
    /// let mut attack = x.clone();
    /// attack.zip_apply(&net.input_gradient(&x, &labels), |x, dx| *x += epsilon * dx.signum());
    /// ```
    ///
    /// Source: Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples" (2015).
    #[must_use]
    fn input_gradient<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Batch<Self::Scalar, N, Self::Input>
    where
        Self::Input: Continuous,
    {
        self.input_gradient_with(x, target, &mut Self::tape(rows_of(x))).clone()
    }

    /// [`input_gradient`](Self::input_gradient) with a tape.
    ///
    /// Allocates only in the first call on the tape; a network that reads features as an image allocates one buffer in each
    /// call.
    fn input_gradient_with<'a, N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &'a Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        tape: &'a mut Tape<Self, N>,
    ) -> &'a Batch<Self::Scalar, N, Self::Input>
    where
        Self::Input: Continuous,
    {
        tape.forward_in(Mode::Infer, self, x).backward_to_input(|y, dy| {
            self.loss_fn().backward(y, target, dy);
        })
    }

    /// The derivative with respect to the input, from any derivative `dy` with respect to the output.
    ///
    /// One-hot rows of `dy` give the gradient of one score of each sample, whose absolute values are a saliency map:
    ///
    /// ```text
    /// let saliency = net.input_gradient_from(&x, &net.classify(&x).one_hot()).abs();
    /// ```
    ///
    /// Source: Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks: Visualising Image Classification
    /// Models and Saliency Maps" (2013).
    #[must_use]
    fn input_gradient_from<N: Dim, S, R>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        dy: &Matrix<Self::Scalar, N, Self::Output, R>,
    ) -> Batch<Self::Scalar, N, Self::Input>
    where
        S: RawStorage<Self::Scalar, N, Self::Input>,
        R: RawStorage<Self::Scalar, N, Self::Output>,
        Self::Input: Continuous,
    {
        self.input_gradient_from_with(x, dy, &mut Self::tape(rows_of(x))).clone()
    }

    /// [`input_gradient_from`](Self::input_gradient_from) with a tape.
    fn input_gradient_from_with<'a, N: Dim, S, R>(
        &self,
        x: &'a Matrix<Self::Scalar, N, Self::Input, S>,
        dy: &Matrix<Self::Scalar, N, Self::Output, R>,
        tape: &'a mut Tape<Self, N>,
    ) -> &'a Batch<Self::Scalar, N, Self::Input>
    where
        S: RawStorage<Self::Scalar, N, Self::Input>,
        R: RawStorage<Self::Scalar, N, Self::Output>,
        Self::Input: Continuous,
    {
        assert_eq!(dy.nrows(), x.nrows(), "`dy` must have as many samples as `x`");
        tape.forward_in(Mode::Infer, self, x).backward_to_input(|_, to| to.copy_from(dy))
    }
}

impl<Net: Network> InputGradient for Net {}
