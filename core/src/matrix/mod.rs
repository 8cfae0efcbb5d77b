//! Matrices on the heap with sizes in their types.
//!
//! `N` samples of `F` features form a matrix of `N` rows and `F` columns. Layers write a [`Batch`], which is
//! column-major; data sets give [`Samples`], which are row-major. Functions that only read a batch accept any nalgebra
//! matrix of its shape.

mod batch;
mod features;
mod heap;

pub(crate) use batch::rows_of;
pub use batch::{Batch, Samples, SamplesView, SizeError};
pub use features::{Features, Known};
pub use heap::{ColumnMajor, Heap, Order, RowMajor};
pub(crate) use heap::{contiguous, numbers};
#[doc(hidden)] // `include_network!` generates calls of them
pub use heap::{doubles, floats};
