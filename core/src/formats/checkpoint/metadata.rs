//! What a file says of itself.

use std::any::type_name;
use std::collections::BTreeMap;

use nalgebra::DimName;
use serde::{Deserialize, Serialize};

use crate::formats::checkpoint::checksum;
use crate::formats::checkpoint::problem::Problem;
use crate::layers::Owned;
use crate::networks::{LayerInfo, Network};
use crate::parameters::{Leaf, Path, each};
use crate::scalar::Scalar;

/// The version of the format that this library writes; it reads this one and all before it.
pub const FORMAT: u32 = 2;

/// What stands between the parts of an architecture.
const ARROW: &str = " -> ";

/// What a file says of itself: the JSON under the key `typenet` of its metadata.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Metadata {
    format: u32,
    pub(super) scalar: String,
    pub(super) architecture: String,
    pub(crate) training: Option<Progress>,
    pub(super) checksum: String,
}

/// How far a training is, and how it was set up.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(crate) steps: u64,
    pub(crate) evaluations: u64,
    pub(crate) seconds: f64,
    /// Whether there is a network of a best evaluation.
    pub(crate) best: bool,
    pub(crate) waited: u64,
    /// The state that the order of the samples goes on from.
    pub(crate) generator: Option<Vec<u8>>,
    pub(crate) optimizer: String,
    pub(crate) optimizer_steps: u64,
    /// What has to be the same for the training to be the same, as it is shown in an error.
    pub(crate) settings: BTreeMap<String, String>,
}

/// What files of all versions say.
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
        let wrong = |problem: serde_json::Error| format!("holds a description that is wrong: {}", brief(&problem));
        let Version { format } = serde_json::from_str(text).map_err(wrong)?;
        if format > FORMAT {
            return Err(format!("has format {format}; this version of typenet reads up to format {FORMAT}").into());
        }
        Ok(serde_json::from_str(text).map_err(wrong)?)
    }

    /// Whether settings are in the file as tensors.
    pub(super) fn has_settings(&self) -> bool {
        self.format >= 2
    }

    /// Whether it is a network of this type.
    pub(super) fn check<Net: Network>(&self) -> Result<(), Problem> {
        let [found, expected] = [self.architecture.clone(), architecture::<Net>()];
        let [found, expected] =
            if self.has_settings() { [found, expected] } else { [found, expected].map(|text| without_settings(&text)) };
        match difference(&found, &expected) {
            Some(problem) => Err(problem.into()),
            None => Ok(()),
        }
    }

    /// Whether its numbers are those that this network calculates with.
    pub(super) fn check_scalar<Net: Network>(&self) -> Result<(), Problem> {
        let [found, expected] = [&*self.scalar, scalar::<Net>()];
        if found == expected {
            return Ok(());
        }
        Err(format!("holds a network in {}, but this one calculates in {expected}", short(found)).into())
    }
}

/// The numbers that it calculates with: `f32` or `f64`.
fn scalar<Net: Network>() -> &'static str {
    Net::Scalar::NAME
}

/// The layers with their types, and the loss:
/// `input: 784 -> affine1: Affine<784, 10, f32> -> act: LeakyRelu -> loss: SoftmaxWithLoss`.
fn architecture<Net: Network>() -> String {
    let net = Net::default();
    let input = format!("input: {}", Net::Input::DIM);
    let loss = format!("loss: {}", without_modules(type_name::<Net::Loss>()));
    let parts: Vec<_> = [input].into_iter().chain(net.layers().map(layer)).chain([loss]).collect();
    parts.join(ARROW)
}

/// A layer's name and its type with all sizes worked out. The hyperparameters of a layer whose settings are not among
/// its parts are those of the declaration, so they have to be the same there.
fn layer<T: Scalar>(layer: LayerInfo<'_, T>) -> String {
    let LayerInfo { name, kind, type_name, parameters, .. } = layer;
    let mut has_settings = false;
    each(parameters, Path::root(""), &mut |_, leaf| has_settings |= matches!(leaf, Leaf::Setting(_)));
    let declared = kind.find('(').filter(|_| !has_settings).map_or("", |start| &kind[start..]);
    // The default storage of parameters is not part of the format.
    let type_name = type_name.replace(&format!(", {}>", std::any::type_name::<Owned>()), ">");
    format!("{name}: {}{declared}", without_modules(&type_name))
}

/// An architecture without the hyperparameters that format 1 has in it, which are those of the declaration.
fn without_settings(architecture: &str) -> String {
    let parts = architecture.split(ARROW).map(|part| part.split('(').next().unwrap_or(part));
    parts.collect::<Vec<_>>().join(ARROW)
}

/// A type's name without the modules that it and its arguments are in: where they are declared makes no difference.
fn without_modules(name: &str) -> String {
    let parts = name.split_inclusive(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter));
    parts.filter_map(|part| part.rsplit("::").next()).collect()
}

/// The first part in which two architectures are not the same.
fn difference(found: &str, expected: &str) -> Option<String> {
    let (mut found, mut expected) = (found.split(ARROW), expected.split(ARROW));
    loop {
        match (found.next(), expected.next()) {
            (None, None) => return None,
            (found, expected) if found == expected => {}
            (found, expected) => {
                let [found, expected] = [found, expected].map(|part| short(part.unwrap_or("nothing more")));
                return Some(format!("holds `{found}` where this network has `{expected}`"));
            }
        }
    }
}

/// A text out of a file, which may be of any length.
pub(super) fn short(text: &str) -> &str {
    text.char_indices().nth(500).map_or(text, |(end, _)| &text[..end])
}

/// What the parser says, which may quote the file.
fn brief(problem: &serde_json::Error) -> String {
    short(&problem.to_string()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_left_out_and_sizes_are_not() {
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
        assert_eq!(problem, "holds `nothing more` where this network has `loss: A`");
    }
}
