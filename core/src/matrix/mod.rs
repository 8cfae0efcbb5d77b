//! Matrices on the heap with sizes in their types.
//!
//! `N` samples of `F` features are a matrix of `N` rows and `F` columns: a [`Batch`] as layers write it, [`Samples`] as
//! data comes, one sample after the other. Functions that only read a batch accept any nalgebra matrix of its shape.

mod batch;
mod heap;

pub(crate) use batch::rows_of;
pub use batch::{Batch, Samples, SamplesView, SizeError};
pub(crate) use heap::contiguous;
pub use heap::{ColumnMajor, Heap, Order, RowMajor};
