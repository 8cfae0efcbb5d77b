use std::any::type_name;
use std::fmt::{self, Debug, Formatter};

use nalgebra::DimName;

use crate::layers::Layer;
use crate::parameters::{Parameter, Parameters};
use crate::parameters::{Path, count, parameters};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// What can be said of a layer in its network; [`Network::layers`](crate::Network::layers) gives them.
#[derive(Clone, Copy)]
pub struct LayerInfo<'a, T: Scalar> {
    /// Its name in the network, such as `affine1`.
    pub name: &'static str,
    /// Its type as the declaration has it, such as `Affine<784, 50>`.
    pub kind: &'static str,
    /// Its type as the compiler names it, with all sizes worked out.
    pub type_name: &'static str,
    /// How many features it takes.
    pub inputs: usize,
    /// How many features it gives.
    pub outputs: usize,
    /// How many products it adds up for one sample, see [`Layer::multiply_adds`].
    pub multiply_adds: usize,
    /// Its parts.
    pub parameters: &'a dyn Parameters<T>,
}

impl<'a, T: Scalar> LayerInfo<'a, T> {
    /// What can be said of a layer for `In` features; `network!` writes a call for each.
    pub fn new<In: Shape, L: Layer<T, In>>(name: &'static str, kind: &'static str, layer: &'a L) -> Self {
        let (inputs, outputs) = (In::DIM, L::Out::DIM);
        let type_name = type_name::<L>();
        Self { name, kind, type_name, inputs, outputs, multiply_adds: layer.multiply_adds(), parameters: layer }
    }

    /// Its parameters, with their full names.
    pub fn blocks(self) -> Vec<Parameter<'a, T>> {
        parameters(self.parameters, Path::root(self.name))
    }

    /// The number of values that it learns.
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
    fn layers_tell_their_shapes_and_costs() {
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
