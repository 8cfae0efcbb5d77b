//! Networks: chains of layers that end in a loss.

mod data_for;
mod drawing;
mod embedded;
mod frozen;
mod network;
mod step;
mod summary;

pub use data_for::DataFor;
pub use embedded::Embedded;
pub use frozen::{Frozen, UnknownParameter};
pub(crate) use network::descend;
pub use network::{Backward, Forward, Network, Tape, TargetOf};
pub(crate) use step::track;
pub use summary::{Draw, LayerSummary, Summary};
