//! Data sets: read or generate samples with targets, and draw batches from them.

mod augment;
mod csv;
mod dataset;
pub mod digits;
mod error;
mod folds;
pub mod idx;
mod images;
pub mod mnist;
mod source;
mod standardizer;
mod table;
mod weighted;

pub use augment::Augment;
pub use csv::{Csv, CsvTable, CsvTargets, Missing};
pub use dataset::Dataset;
pub use error::DataError;
pub use images::Images;
pub use source::{Data, Subset};
pub use standardizer::Standardizer;
pub use table::Table;
pub use weighted::Weighted;
