//! Samples and their targets: reading, generating, and drawing batches from them.

mod dataset;
pub mod digits;
pub mod idx;
pub mod mnist;
mod source;
mod standardizer;
mod table;

pub use dataset::Dataset;
pub use source::{Data, DataFor, Subset};
pub use standardizer::Standardizer;
pub use table::Table;
