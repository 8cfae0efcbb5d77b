//! The names of a network's parameters in PyTorch.

use std::collections::HashSet;

use crate::formats::checkpoint::Problem;
use crate::formats::foreign;
use crate::graph::Inside;
use crate::layers::LayerInfo;
use crate::networks::Network;
use crate::parameters::{Kind, Leaf, Path, PyTorchPart, each};
use crate::scalar::Scalar;

/// The names of a network's layers in PyTorch, for [`Files::import`](crate::Files::import) and
/// [`Files::export`](crate::Files::export). Requires the feature `checkpoint`.
///
/// # Names
///
/// | constructor | names | import |
/// | --- | --- | --- |
/// | [`new`](Self::new) | those of the declaration: `affine1.weight` | by these names or, if the file has less than half of them, by order and shape |
/// | [`numbered`](Self::numbered) | those of `nn.Sequential`: `0.weight` | by these names |
/// | [`named`](Self::named) | your own: `fc1.weight` | by these names |
///
/// By order, layers of the same shapes are matched in the natural order of their names, where `2.weight` comes before
/// `10.weight`. If two such names do not differ in a number, as `encoder` and `decoder`, an error asks for names.
///
/// # Layout
///
/// | layer | PyTorch | tensors there |
/// | --- | --- | --- |
/// | `Affine<IN, OUT>`, `AffineWithoutBias` | `Linear` | `weight` (`OUT x IN`), `bias` (`OUT`) |
/// | `Conv2d<IN, OUT, K>`, `DepthwiseConv2d`, `Conv1d` | `Conv2d`, `Conv1d` | `weight` (`OUT x IN / groups x K x K`, without the last `K` in `Conv1d`), `bias` |
/// | `ConvTranspose2d<IN, OUT, K>` | `ConvTranspose2d` | `weight` (`IN x OUT x K x K`), `bias` |
/// | `BatchNorm<F>` | `BatchNorm1d`, `BatchNorm2d` | `weight`, `bias`, `running_mean`, `running_var` (`F`), `num_batches_tracked` |
/// | `LayerNorm<F>`, `RmsNorm<F>` | `LayerNorm`, `RMSNorm` | `weight`, `bias` (`F`) |
/// | `PRelu<F>` | `PReLU(F)` | `weight` (`F`) |
/// | `Embedding<CLASSES, F>` | `Embedding` | `weight` (`CLASSES x F`) |
///
/// `Flatten` orders the features as PyTorch does: channel, row, column. `num_batches_tracked` is ignored, and written
/// as 0. Your own layer names its tensors by [`Part::pytorch`](crate::Part::pytorch).
///
/// # Settings
///
/// A `state_dict` has only tensors. Activations and settings are those of the two declarations, which must agree:
///
/// | layer | PyTorch's equal |
/// | --- | --- |
/// | `Gelu` | `GELU(approximate="tanh")`; its default `GELU()` is `GeluExact` here |
/// | `BatchNorm<F>` | the defaults of both are `eps=1e-5`, `momentum=0.1`; Keras' are 1e-3 and 0.01 |
/// | `LayerNorm<F>` | the defaults of both are `eps=1e-5` |
/// | `RmsNorm<F>` | the defaults of both are the machine epsilon |
/// | `LeakyRelu`, `Elu`, `Dropout` | the defaults are equal |
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PyTorch {
    names: Names,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Names {
    #[default]
    Declared,
    Numbered,
    /// Our names and theirs, of layers or parameters.
    Given(Vec<[String; 2]>),
}

/// A parameter and its place in PyTorch.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Our full name.
    pub(super) own: String,
    /// The name of the layer in PyTorch.
    pub(super) layer: String,
    /// The name of the tensor in the layer.
    pub(super) tensor: String,
    /// The shape in PyTorch.
    pub(super) shape: Vec<usize>,
    /// Our shape.
    pub(super) own_shape: &'static [usize],
    pub(super) layout: PyTorchPart,
}

impl Slot {
    /// The full name in PyTorch.
    pub(super) fn name(&self) -> String {
        join(&self.layer, &self.tensor)
    }
}

impl PyTorch {
    /// The names of the declaration; imports by order and shape if a file has other names.
    pub fn new() -> Self {
        Self::default()
    }

    /// The numbers of the layers, as in `nn.Sequential`: `0.weight` for the first layer.
    ///
    /// Layers without parameters count too, as they do there. Inside blocks, residuals and branches the names continue
    /// with numbers: `2.0.weight`.
    pub fn numbered() -> Self {
        Self { names: Names::Numbered }
    }

    /// Other names for layers, such as `("affine1", "fc1")`, or for single tensors.
    ///
    /// A name replaces the beginning of longer ones: `("unit1", "blocks.0")` makes `blocks.0.affine1.weight` of
    /// `unit1.affine1.weight`. The longest name counts. Layers that are not listed keep their names.
    ///
    /// ```
    /// # use typenet_core as typenet;
    /// let names = typenet::PyTorch::named([("affine1", "fc1"), ("affine2", "fc2")]);
    /// ```
    pub fn named<A: Into<String>, B: Into<String>>(names: impl IntoIterator<Item = (A, B)>) -> Self {
        let names = names.into_iter().map(|(own, other)| [own.into(), other.into()]);
        Self { names: Names::Given(names.collect()) }
    }

    /// Returns true if a file may have other names.
    pub(super) fn is_by_order(&self) -> bool {
        self.names == Names::Declared
    }

    /// The parameters of a network with their names in PyTorch.
    pub(super) fn slots<Net: Network>(&self, net: &Net) -> Result<Vec<Slot>, Problem> {
        let mut slots = Vec::new();
        each(net, Path::root(""), &mut |at, leaf| {
            if let Leaf::Parameter { kind, shape, pytorch, .. } = leaf {
                slots.push(slot(at, kind, shape, pytorch));
            }
        });
        let mut numbers = Vec::new();
        let names = match &self.names {
            Names::Declared => return Ok(slots),
            Names::Numbered => {
                let layers: Vec<_> = net.layers().collect();
                number("", "", &layers, &mut numbers);
                &numbers
            }
            Names::Given(names) => {
                let is_used = |own: &str| slots.iter().any(|slot| rest(&slot.name(), own).is_some());
                if let Some([own, _]) = names.iter().find(|[own, _]| !is_used(own)) {
                    return Err(format!("cannot hold this network, which has no parameters in `{own}`").into());
                }
                names
            }
        };
        let mut used = HashSet::new();
        for slot in &mut slots {
            let name = rename(&slot.name(), names);
            (slot.layer, slot.tensor) = match name.rsplit_once('.') {
                Some((layer, tensor)) => (layer.to_owned(), tensor.to_owned()),
                None => (String::new(), name.clone()),
            };
            if !used.insert(name) {
                return Err(format!("cannot hold this network: two parameters are named `{}`", slot.name()).into());
            }
        }
        Ok(slots)
    }
}

fn slot(at: Path<'_>, kind: Kind, shape: &'static [usize], layout: PyTorchPart) -> Slot {
    let tensor = if layout.name.is_empty() { at.name() } else { layout.name }.to_owned();
    let (own, layer) = (at.to_string(), at.parent().map_or_else(String::new, ToString::to_string));
    Slot { own, layer, tensor, shape: foreign::shape(kind, shape, layout), own_shape: shape, layout }
}

/// Adds the numbers of layers to a list of names: `residual1.affine1` is `2.0`.
fn number<T: Scalar>(own: &str, other: &str, layers: &[LayerInfo<'_, T>], names: &mut Vec<[String; 2]>) {
    for (place, layer) in layers.iter().enumerate() {
        let [own, other] = [join(own, layer.name), join(other, &place.to_string())];
        match &layer.inside {
            Some(Inside::Chain(layers)) => number(&own, &other, layers, names),
            Some(inside) => {
                let is_residual = inside.branches().iter().any(Vec::is_empty);
                for (place, layers) in inside.branches().iter().enumerate() {
                    let place = if is_residual { String::new() } else { place.to_string() };
                    number(&join(&own, &place), &join(&other, &place), layers, names);
                }
            }
            None => {}
        }
        names.push([own, other]);
    }
}

/// Replaces the longest of our names at the beginning of a full name.
fn rename(name: &str, names: &[[String; 2]]) -> String {
    let fitting = names.iter().filter_map(|[own, other]| Some((own.len(), other, rest(name, own)?)));
    match fitting.max_by_key(|&(length, ..)| length) {
        Some((_, other, rest)) => join(other, rest),
        None => name.to_owned(),
    }
}

/// The names after `start`, if a full name begins with it.
fn rest<'a>(name: &'a str, start: &str) -> Option<&'a str> {
    let rest = name.strip_prefix(start)?;
    if rest.is_empty() || start.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
}

/// Two names with a dot between them, or the only one that is not empty.
fn join(path: &str, name: &str) -> String {
    let dot = if path.is_empty() || name.is_empty() { "" } else { "." };
    format!("{path}{dot}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_is_replaced_at_a_dot() {
        let names = [["unit1", "blocks.0"], ["unit1.affine1", "head"], ["affine", "no"]];
        let names = names.map(|pair| pair.map(str::to_owned));
        assert_eq!(rename("unit1.affine2.weight", &names), "blocks.0.affine2.weight");
        assert_eq!(rename("unit1.affine1.weight", &names), "head.weight");
        assert_eq!(rename("affine1.weight", &names), "affine1.weight");
    }
}
