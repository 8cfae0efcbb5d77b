//! The metadata of a file.

use std::any::type_name;
use std::collections::BTreeMap;

use nalgebra::DimName;
use serde::{Deserialize, Serialize};

use crate::formats::checkpoint::checksum;
use crate::formats::checkpoint::problem::Problem;
use crate::graph::Inside;
use crate::layers::LayerInfo;
use crate::networks::Network;
use crate::parameters::{Leaf, Path, each};
use crate::scalar::Scalar;

/// The version of the format that this library writes. It reads this version and all earlier ones.
pub const FORMAT: u32 = 2;

/// The separator between the parts of an architecture.
const ARROW: &str = " -> ";

/// The metadata of a file: the JSON under the key `typenet` of `__metadata__`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Metadata {
    format: u32,
    pub(super) scalar: String,
    pub(super) architecture: String,
    pub(crate) training: Option<Progress>,
    pub(super) checksum: String,
}

/// The progress and the settings of a training run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(crate) steps: u64,
    pub(crate) evaluations: u64,
    pub(crate) seconds: f64,
    /// The names of the user's metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) metrics: Vec<String>,
    /// True if the file holds the network of the best evaluation.
    pub(crate) best: bool,
    pub(crate) waited: u64,
    /// The state of the random generator that determines the order of the samples.
    pub(crate) generator: Option<Vec<u8>>,
    pub(crate) optimizer: String,
    pub(crate) optimizer_steps: u64,
    /// The settings that must be the same to resume, as shown in error messages.
    pub(crate) settings: BTreeMap<String, String>,
}

/// The field that all versions of the format have.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

impl Metadata {
    pub(super) fn new<Net: Network>(training: Option<Progress>) -> Self {
        Self {
            format: FORMAT,
            scalar: scalar::<Net>().to_owned(),
            architecture: architecture::<Net>(),
            training,
            checksum: checksum::NONE.to_owned(),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let wrong = |problem: serde_json::Error| format!("has invalid metadata: {}", brief(&problem));
        let Version { format } = serde_json::from_str(text).map_err(wrong)?;
        if format > FORMAT {
            return Err(format!("has format {format}; this version of typenet reads up to format {FORMAT}").into());
        }
        Ok(serde_json::from_str(text).map_err(wrong)?)
    }

    /// Returns true if the file stores settings as tensors.
    pub(super) fn has_settings(&self) -> bool {
        self.format >= 2
    }

    /// Checks that the file holds a network of this type.
    pub(super) fn check<Net: Network>(&self) -> Result<(), Problem> {
        let [found, expected] = [self.architecture.clone(), architecture::<Net>()];
        let [found, expected] =
            if self.has_settings() { [found, expected] } else { [found, expected].map(|text| without_settings(&text)) };
        match difference(&found, &expected) {
            Some(problem) => Err(problem.into()),
            None => Ok(()),
        }
    }

    /// Checks that the file has the network's scalar.
    pub(super) fn check_scalar<Net: Network>(&self) -> Result<(), Problem> {
        let [found, expected] = [&*self.scalar, scalar::<Net>()];
        if found == expected {
            return Ok(());
        }
        Err(format!("holds a network in {}, but this one computes in {expected}", short(found)).into())
    }
}

/// The name of the network's scalar: `f32` or `f64`.
fn scalar<Net: Network>() -> &'static str {
    Net::Scalar::NAME
}

/// The layers with their types, and the loss:
/// `input: 784 -> affine1: Affine<784, 10, f32> -> act: LeakyRelu -> loss: SoftmaxWithLoss`.
fn architecture<Net: Network>() -> String {
    let net = Net::default();
    let input = format!("input: {}", Net::Input::DIM);
    let loss = format!("loss: {}", without_modules(type_name::<Net::Loss>()));
    let parts: Vec<_> = [input].into_iter().chain(net.layers().map(|info| layer(&info))).chain([loss]).collect();
    parts.join(ARROW)
}

/// A layer's name and its type with all sizes evaluated, or its inner layers: `hidden1: [affine1: ...; tanh1: Tanh]`.
///
/// Includes the hyperparameters from the declaration if the layer has no settings among its parts: the file does not
/// store them, so they must be the same in both declarations.
fn layer<T: Scalar>(layer: &LayerInfo<'_, T>) -> String {
    let LayerInfo { name, kind, type_name, parameters, inside, .. } = layer;
    if let Some(inside) = inside {
        return format!("{name}: {}", inner_layers(inside));
    }
    let mut has_settings = false;
    each(*parameters, Path::root(""), &mut |_, leaf| has_settings |= matches!(leaf, Leaf::Setting { .. }));
    let declared = kind.find('(').filter(|_| !has_settings).map_or("", |start| &kind[start..]);
    format!("{name}: {}{declared}", without_modules(type_name))
}

/// The inner layers of a block, a residual or branches.
fn inner_layers<T: Scalar>(inside: &Inside<LayerInfo<'_, T>>) -> String {
    let chain = |layers: &[LayerInfo<'_, T>]| layers.iter().map(layer).collect::<Vec<_>>().join("; ");
    let joined = |branches: &[Vec<_>]| branches.iter().map(|branch| chain(branch)).collect::<Vec<_>>().join(" | ");
    match inside {
        Inside::Chain(layers) => format!("[{}]", chain(layers)),
        Inside::Sum(branches) => format!("sum [{}]", joined(branches)),
        Inside::Concat(branches) => format!("concat [{}]", joined(branches)),
    }
}

/// Removes from an architecture the declared hyperparameters, which format 1 includes.
fn without_settings(architecture: &str) -> String {
    let parts = architecture.split(ARROW).map(|part| part.split('(').next().unwrap_or(part));
    parts.collect::<Vec<_>>().join(ARROW)
}

/// Removes the module paths from a type's name and from its arguments.
fn without_modules(name: &str) -> String {
    let parts = name.split_inclusive(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter));
    parts.filter_map(|part| part.rsplit("::").next()).collect()
}

/// Describes the first part in which two architectures differ.
fn difference(found: &str, expected: &str) -> Option<String> {
    let (mut found, mut expected) = (found.split(ARROW), expected.split(ARROW));
    loop {
        match (found.next(), expected.next()) {
            (None, None) => return None,
            (found, expected) if found == expected => {}
            (found, expected) => {
                let quote = |part: Option<&str>| part.map_or("nothing".to_owned(), |part| format!("`{}`", short(part)));
                return Some(format!("holds {} where this network has {}", quote(found), quote(expected)));
            }
        }
    }
}

/// Shortens a text from a file to at most 500 characters.
pub(crate) fn short(text: &str) -> &str {
    text.char_indices().nth(500).map_or(text, |(end, _)| &text[..end])
}

/// Shortens the parser's message, which may quote the file.
fn brief(problem: &serde_json::Error) -> String {
    short(&problem.to_string()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_keep_sizes_but_not_modules() {
        assert_eq!(without_modules("typenet_core::layers::affine::Affine<784, 50, f32>"), "Affine<784, 50, f32>");
        assert_eq!(without_modules("a::B<c::D<e::F, 1>, [g::H; 2]>"), "B<D<F, 1>, [H; 2]>");
        assert_eq!(without_modules("Relu"), "Relu");
    }

    #[test]
    fn the_first_part_that_differs_is_named() {
        assert_eq!(difference("input: 1 -> loss: A", "input: 1 -> loss: A"), None);
        let problem = difference("input: 1 -> act: Relu -> loss: A", "input: 1 -> act: Tanh -> loss: B").unwrap();
        assert_eq!(problem, "holds `act: Relu` where this network has `act: Tanh`");
        let problem = difference("input: 1", "input: 1 -> loss: A").unwrap();
        assert_eq!(problem, "holds nothing where this network has `loss: A`");
    }
}
