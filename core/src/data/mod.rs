//! Labelled images: reading, generating, and drawing batches from them.

mod dataset;
pub mod digits;
pub mod idx;
pub mod mnist;

pub use dataset::Dataset;
