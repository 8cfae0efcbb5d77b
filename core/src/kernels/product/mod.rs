//! Matrix products with shapes checked by the compiler.
//!
//! Every matrix product of a layer goes through [`product`]:
//!
//! ```text
//! forward    Y  = X · W      (N x IN)  (IN x OUT)   product(1, x, w, 0, y)
//! backward   dX = dY · Wᵀ    (N x OUT) (OUT x IN)   product(1, dy, &transposed(w), 0, dx)
//! gradient   dW = Xᵀ · dY    (IN x N)  (N x OUT)    product(1, &transposed(x), dy, 0, dw)
//! ```
//!
//! Two small kernels keep a tile of the result in registers while they sum over the inner dimension, the depth. The
//! outer kernel adds outer products, the inner kernel inner products. The memory layout of the operands decides which
//! kernel runs. Most operands are read in place. The others are packed into panels that fit the caches, as in Goto and
//! van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008). Each kernel exists for several instruction
//! sets; the best one is selected at run time.
#![allow(unsafe_code)] // vector instructions, and pointers into matrices of any stride
#![allow(clippy::inline_always)] // an intrinsic compiles to one instruction only if its caller is inlined

#[cfg(feature = "alloc")]
mod blocks;
mod checked;
mod element;
mod inner;
mod kernel;
mod pack;
mod single;
mod tile;
mod vector;

#[cfg(feature = "alloc")]
pub(crate) use checked::copy_columns;
pub(crate) use checked::single_sample;
#[cfg(feature = "alloc")]
pub use checked::{product, transposed};
pub use element::Element;
pub(in crate::kernels) use pack::transpose;
pub(crate) use single::Single;
pub(in crate::kernels) use single::totals;
pub(in crate::kernels) use tile::Number;
pub(in crate::kernels) use vector::{Portable, Vector};
