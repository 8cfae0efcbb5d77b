//! Data sets: read or generate samples with targets, and draw batches from them.

mod dataset;
pub mod digits;
mod error;
pub mod idx;
pub mod mnist;
mod source;
mod standardizer;
mod table;
mod weighted;

pub use dataset::Dataset;
pub use error::DataError;
pub use source::{Data, Subset};
pub use standardizer::Standardizer;
pub use table::Table;
pub use weighted::Weighted;
