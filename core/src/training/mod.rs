//! Training a network, with all that belongs to it.

mod history;

pub use history::{Evaluation, History, Step};
