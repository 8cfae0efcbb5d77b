//! The walk over parameters by name.

use std::fmt::{self, Display, Formatter};

use nalgebra::base::storage::{IsContiguous, RawStorage, RawStorageMut};
use nalgebra::{Dim, Matrix};
use rand::Rng;

use crate::{Initializer, Scalar};

/// A block of parameters, such as a layer's weight, with its name and shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter<'a, T> {
    /// The layer's name in its network, such as `affine1`; empty for a layer on its own.
    pub layer: &'static str,
    /// The block's name in its layer, such as `weight`.
    pub name: &'static str,
    /// Rows and columns.
    pub shape: (usize, usize),
    /// All values, column by column.
    pub values: &'a [T],
}

impl<'a, T: Scalar> Parameter<'a, T> {
    /// A layer's matrix as a parameter of that name.
    pub fn new<R, C, S>(name: &'static str, matrix: &'a Matrix<T, R, C, S>) -> Self
    where
        R: Dim,
        C: Dim,
        S: RawStorage<T, R, C> + IsContiguous,
    {
        Self { layer: "", name, shape: matrix.shape(), values: matrix.as_slice() }
    }

    /// The row and column of an element of [`values`](Self::values).
    pub fn place(&self, element: usize) -> (usize, usize) {
        (element % self.shape.0, element / self.shape.0)
    }

    /// Whether [weight decay](crate::optimizers::Optimizer::weight_decay) makes it smaller: it is a weight, no bias.
    ///
    /// What is named `weight`, or ends so, is a weight; what is named `bias`, or ends so, is none. Of the others, those
    /// of several rows and several columns are: a scale or a shift, one number for each feature, does not decay.
    pub fn decays(&self) -> bool {
        let (rows, columns) = self.shape;
        self.name.ends_with("weight") || !self.name.ends_with("bias") && rows > 1 && columns > 1
    }
}

/// The full name, such as `affine1.weight`.
impl<T> Display for Parameter<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.layer.is_empty() { f.write_str(self.name) } else { write!(f, "{}.{}", self.layer, self.name) }
    }
}

/// The parameters of a layer, one block after the other.
///
/// A layer without parameters implements it with an empty body. One with parameters answers for each index from 0 on.
/// If they are to start at random, it says how in [`initialize`](Parameters::initialize); these start as `Default`
/// makes them:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::SMatrix;
/// use typenet::{Parameter, Parameters, Scalar};
///
/// struct Scale<const F: usize, T> {
///     factors: SMatrix<T, 1, F>,
/// }
///
/// impl<const F: usize, T: Scalar> Parameters<T> for Scale<F, T> {
///     fn parameter(&self, index: usize) -> Option<Parameter<'_, T>> {
///         (index == 0).then(|| Parameter::new("factors", &self.factors))
///     }
///
///     fn parameter_mut(&mut self, index: usize) -> Option<&mut [T]> {
///         (index == 0).then(|| self.factors.as_mut_slice())
///     }
/// }
/// ```
pub trait Parameters<T: Scalar> {
    /// The block of that index, `None` past the last.
    fn parameter(&self, index: usize) -> Option<Parameter<'_, T>> {
        let _ = index;
        None
    }

    /// The values of the block of that index, to be changed; in the same order as [`Parameter::values`].
    fn parameter_mut(&mut self, index: usize) -> Option<&mut [T]> {
        let _ = index;
        None
    }

    /// The numbers that were chosen for the layer and are not learned, such as the slope of a `LeakyRelu`: a file of
    /// parameters is refused by a layer with others. A layer without such numbers leaves this out.
    fn hyperparameters(&self) -> Vec<f64> {
        Vec::new()
    }

    /// Draws the parameters that are to start at random; the others keep their values.
    fn initialize(&mut self, initializer: &dyn Initializer, rng: &mut dyn Rng) {
        let _ = (initializer, rng);
    }
}

/// A matrix's values, column by column, as [`Parameters::parameter_mut`] gives them.
pub(crate) fn values_mut<T, R, C, S>(matrix: &mut Matrix<T, R, C, S>) -> &mut [T]
where
    R: Dim,
    C: Dim,
    S: RawStorageMut<T, R, C> + IsContiguous,
{
    matrix.as_mut_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_decay_and_biases_do_not() {
        let decays = |name, shape| Parameter::<f32> { layer: "", name, shape, values: &[] }.decays();
        assert!(decays("weight", (784, 50)) && decays("weight", (784, 1)) && decays("weight", (1, 16)));
        assert!(decays("input_weight", (1, 3)) && decays("kernel", (2, 2)));
        assert!(!decays("bias", (1, 50)) && !decays("bias", (8, 8)) && !decays("input_bias", (3, 3)));
        assert!(!decays("gamma", (1, 50)) && !decays("shift", (50, 1)) && !decays("sharpness", (1, 1)));
    }
}
