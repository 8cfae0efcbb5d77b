use std::any::type_name;
use std::fmt::{self, Debug, Formatter};

use nalgebra::DimName;

use crate::layers::Layer;
use crate::parameters::{Parameter, Parameters};
use crate::parameters::{Path, count, parameters};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// The name, sizes, cost and parameters of a layer; see [`Network::layers`](crate::Network::layers).
#[derive(Clone, Copy)]
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
    /// Multiply-adds for one sample; see [`Layer::multiply_adds`].
    pub multiply_adds: usize,
    /// The layer's parameters and settings.
    pub parameters: &'a dyn Parameters<T>,
}

impl<'a, T: Scalar> LayerInfo<'a, T> {
    /// Describes a layer for `In` features; `network!` generates the calls.
    pub fn new<In: Shape, L: Layer<T, In>>(name: &'static str, kind: &'static str, layer: &'a L) -> Self {
        let (inputs, outputs) = (In::DIM, L::Out::DIM);
        let type_name = type_name::<L>();
        Self { name, kind, type_name, inputs, outputs, multiply_adds: layer.multiply_adds(), parameters: layer }
    }

    /// The layer's parameters, with their full names.
    pub fn blocks(self) -> Vec<Parameter<'a, T>> {
        parameters(self.parameters, Path::root(self.name))
    }

    /// The number of learned values.
    pub fn parameter_count(self) -> usize {
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
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Affine, Relu};
    use nalgebra::Const;

    #[test]
    fn a_layer_info_has_shapes_and_costs() {
        let affine = Affine::<3, 2>::default();
        let info = LayerInfo::new("affine1", "Affine<3, 2>", &affine);
        assert_eq!((info.inputs, info.outputs, info.multiply_adds, info.parameter_count()), (3, 2, 6, 8));
        let names: Vec<String> = info.blocks().into_iter().map(|block| block.name).collect();
        assert_eq!(names, ["affine1.weight", "affine1.bias"]);

        let info: LayerInfo<f64> = LayerInfo::new::<Const<5>, _>("relu1", "Relu", &Relu);
        assert_eq!((info.inputs, info.outputs, info.multiply_adds, info.parameter_count()), (5, 5, 0, 0));
        assert!(format!("{info:?}").starts_with("LayerInfo { name: \"relu1\""));
    }
}
