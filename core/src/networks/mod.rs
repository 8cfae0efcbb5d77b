//! Networks: chains of layers that end in a loss.

mod data_for;
mod drawing;
mod frozen;
mod input_gradient;
mod network;
mod step;
mod summary;

pub use data_for::DataFor;
pub use frozen::{Frozen, UnknownParameter};
pub use input_gradient::InputGradient;
pub(crate) use network::descend;
pub use network::{Backward, Forward, Network, Tape, TargetOf};
pub(crate) use step::track;
pub use summary::{Draw, LayerSummary, Summary};
