//! Networks: chains of layers that end in a loss.

#[cfg(feature = "alloc")]
mod copy_layers;
#[cfg(feature = "std")]
mod data_for;
#[cfg(feature = "std")]
mod drawing;
mod frozen;
#[cfg(not(feature = "alloc"))]
mod inference;
#[cfg(feature = "alloc")]
mod input_gradient;
#[cfg(feature = "alloc")]
mod network;
#[cfg(feature = "alloc")]
mod pattern;
#[cfg(feature = "alloc")]
mod step;
#[cfg(feature = "std")]
mod summary;
#[cfg(feature = "alloc")]
mod unknown;

#[cfg(feature = "alloc")]
pub use copy_layers::CopyError;
#[cfg(feature = "std")]
pub use data_for::DataFor;
pub use frozen::Frozen;
#[cfg(not(feature = "alloc"))]
pub use inference::Network;
#[cfg(feature = "alloc")]
pub use input_gradient::InputGradient;
#[cfg(feature = "alloc")]
pub(crate) use network::descend;
#[cfg(feature = "alloc")]
pub use network::{Backward, Forward, Network, Tape, TargetOf};
#[cfg(feature = "alloc")]
pub(crate) use step::track;
#[cfg(feature = "std")]
pub use summary::{Draw, LayerSummary, Summary};
#[cfg(feature = "alloc")]
pub use unknown::{UnknownLayer, UnknownParameter};
