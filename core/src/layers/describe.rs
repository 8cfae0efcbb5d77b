//! Describes layers.

use alloc::{vec, vec::Vec};
use std::any::type_name;

use nalgebra::DimName;

use crate::graph::Inside;
use crate::layers::layer::Layer;
use crate::layers::layer_info::LayerInfo;
use crate::scalar::Scalar;
use crate::shape::Shape;

impl<'a, T: Scalar> LayerInfo<'a, T> {
    /// Describes a layer for `In` features; `network!` generates the calls.
    pub fn new<In: Shape, L: Layer<T, In>>(name: &'static str, kind: &'static str, layer: &'a L) -> Self {
        let (inputs, outputs) = (In::DIM, L::Out::DIM);
        let (input_image, output_image) = (In::IMAGE, L::Out::IMAGE);
        let (type_name, multiply_adds) = (type_name::<L>(), L::MULTIPLY_ADDS);
        let (parameters, operation, inside) = (layer, layer.operation(), layer.inside());
        Self {
            name,
            kind,
            type_name,
            inputs,
            outputs,
            input_image,
            output_image,
            multiply_adds,
            parameters,
            operation,
            inside,
        }
    }

    /// The layers of a branch: those of a block, or else the layer itself, without a name and with a short type.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// use typenet::layers::Affine;
    /// use typenet::nalgebra::Const;
    /// use typenet::{Inside, LayerInfo};
    ///
    /// // The inside of a layer that adds its input to the output of this one.
    /// let layer = Affine::<4, 4, f32>::default();
    /// let inside = Inside::Sum(vec![LayerInfo::branch::<Const<4>, _>(&layer), vec![]]);
    /// assert_eq!(inside.branches()[0][0].kind, "Affine");
    /// ```
    pub fn branch<In: Shape, L: Layer<T, In>>(layer: &'a L) -> Vec<Self> {
        match layer.inside() {
            Some(Inside::Chain(layers)) => layers,
            _ => vec![Self::new::<In, L>("", short(type_name::<L>()), layer)],
        }
    }
}

/// The name of a type without its modules and arguments.
fn short(name: &'static str) -> &'static str {
    let name = name.split('<').next().unwrap_or(name);
    name.rsplit("::").next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Affine, Concat, Relu, Residual, Sum};
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

    #[test]
    fn layers_made_by_hand_list_their_inside() {
        let layer = Sum::new((Residual::new(Affine::<3, 3, f64>::default()), Relu));
        let info = LayerInfo::new::<Const<3>, _>("sum1", "Sum", &layer);
        let Some(Inside::Sum(branches)) = &info.inside else { panic!("{info:?}") };
        let [first, second] = &branches[..] else { panic!("{branches:?}") };
        assert_eq!((first[0].name, first[0].kind, second[0].kind), ("", "Residual", "Relu"));
        let Some(Inside::Sum(branches)) = &first[0].inside else { panic!("{first:?}") };
        assert_eq!((branches[0][0].kind, branches[0][0].parameter_count(), branches[1].len()), ("Affine", 12, 0));

        let concat = Concat::<_, Const<6>>::new((Relu, Relu));
        let info: LayerInfo<f64> = LayerInfo::new::<Const<3>, _>("concat1", "Concat", &concat);
        assert!(matches!(info.inside, Some(Inside::Concat(branches)) if branches.len() == 2));
        assert!(LayerInfo::<f64>::new::<Const<3>, _>("relu1", "Relu", &Relu).inside.is_none());
    }
}
