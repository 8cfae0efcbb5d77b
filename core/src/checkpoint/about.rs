//! What a file says of itself.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt::Write;

use nalgebra::{DimName, Dyn};
use serde::{Deserialize, Serialize};

use super::checksum;
use super::problem::Problem;
use crate::{Network, Tape};

/// The version of the format that this library writes; it reads this one and all before it.
pub const FORMAT: u32 = 1;

/// What a file says of itself: the JSON under the key `typenet` of its metadata.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct About {
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

impl About {
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

    /// Whether it is a network of this type.
    pub(super) fn check<Net: Network>(&self) -> Result<(), Problem> {
        let [found, expected] = [&self.architecture, &architecture::<Net>()];
        if found == expected {
            return Ok(());
        }
        Err(format!("holds the network `{}`, but this one is `{}`", short(found), short(expected)).into())
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
    if size_of::<Net::Scalar>() == size_of::<f32>() { "f32" } else { "f64" }
}

/// The layers with their widths, and the loss: `784 -> affine1 50 -> relu1 50 -> affine2 10 -> SoftmaxWithLoss`.
fn architecture<Net: Network>() -> String {
    let mut text = Net::Input::DIM.to_string();
    for written in Net::tape(Dyn(1)).written() {
        let _ = write!(text, " -> {} {}", written.layer, written.y.len()); // a string takes all
    }
    let loss = type_name::<Net::Loss>();
    let loss = loss.split('<').next().and_then(|path| path.rsplit("::").next()).unwrap_or(loss);
    text + " -> " + loss
}

/// A text out of a file, which may be of any length.
pub(super) fn short(text: &str) -> &str {
    text.char_indices().nth(500).map_or(text, |(end, _)| &text[..end])
}

/// What the parser says, which may quote the file.
pub(super) fn brief(problem: &serde_json::Error) -> String {
    short(&problem.to_string()).to_owned()
}
