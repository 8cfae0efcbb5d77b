//! The description of a layer and of its inner layers.

use alloc::vec::Vec;
use std::fmt::{self, Debug, Formatter};

use crate::graph::Inside;
use crate::parameters::{Operation, Parameter, Parameters, Path, count, parameters};
use crate::scalar::Scalar;

/// The name, sizes, cost, parameters and inner layers of a layer; see [`Network::layers`](crate::Network::layers).
#[derive(Clone)]
#[non_exhaustive]
pub struct LayerInfo<'a, T: Scalar> {
    /// The layer's name in the network, such as `affine1`.
    pub name: &'static str,
    /// The layer's type as written in the declaration, such as `Affine<784, 50>`.
    pub kind: &'static str,
    /// The layer's type as the compiler prints it, with all sizes evaluated.
    pub type_name: &'static str,
    /// The number of input features.
    pub inputs: usize,
    /// The number of output features.
    pub outputs: usize,
    /// The channels, height and width of the input, if it is an image.
    pub input_image: Option<[usize; 3]>,
    /// The channels, height and width of the output, if it is an image.
    pub output_image: Option<[usize; 3]>,
    /// Multiply-adds for one sample; see [`Infer::MULTIPLY_ADDS`](crate::Infer::MULTIPLY_ADDS).
    pub multiply_adds: usize,
    /// The layer's parameters and settings.
    pub parameters: &'a dyn Parameters<T>,
    /// The computation of a layer without inner layers; see [`Layer::operation`](crate::Layer::operation).
    pub operation: Option<Operation>,
    /// The inner layers; see [`Layer::inside`](crate::Layer::inside).
    pub inside: Option<Inside<Self>>,
}

impl<'a, T: Scalar> LayerInfo<'a, T> {
    /// The layer's parameters, with their full names.
    pub fn blocks(&self) -> Vec<Parameter<'a, T>> {
        parameters(self.parameters, Path::root(self.name))
    }

    /// The number of learned values.
    pub fn parameter_count(&self) -> usize {
        count(self.parameters).1
    }
}

impl<T: Scalar> Debug for LayerInfo<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerInfo")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("inputs", &self.inputs)
            .field("outputs", &self.outputs)
            .field("multiply_adds", &self.multiply_adds)
            .field("parameter_count", &self.parameter_count())
            .field("inside", &self.inside)
            .finish()
    }
}
