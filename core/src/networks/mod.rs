//! Networks: chains of layers that end in a loss.

mod copy_layers;
mod data_for;
mod drawing;
mod embedded;
mod frozen;
mod input_gradient;
mod network;
mod pattern;
mod step;
mod summary;
mod unknown;

pub use copy_layers::CopyError;
pub use data_for::DataFor;
pub use embedded::Embedded;
pub use frozen::Frozen;
pub use input_gradient::InputGradient;
pub(crate) use network::descend;
pub use network::{Backward, Forward, Network, Tape, TargetOf};
pub(crate) use step::track;
pub use summary::{Draw, LayerSummary, Summary};
pub use unknown::{UnknownLayer, UnknownParameter};
