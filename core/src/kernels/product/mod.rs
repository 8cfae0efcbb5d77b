//! Matrix products whose shapes are checked by their types.
//!
//! Everything that a layer multiplies goes through [`product`]:
//!
//! ```text
//! forward    Y  = X · W      (N x IN)  (IN x OUT)   product(1, x, w, 0, y)
//! backward   dX = dY · Wᵀ    (N x OUT) (OUT x IN)   product(1, dy, &transposed(w), 0, dx)
//! gradient   dW = Xᵀ · dY    (IN x N)  (N x OUT)    product(1, &transposed(x), dy, 0, dw)
//! ```
//!
//! Two small kernels keep a tile of the result in registers while they run through the depth of the product,
//! the one by outer products, the other by inner products, whichever the operands' order in memory suits.
//! Most operands are read as they lie; the others are packed into panels that fit the caches, as in Goto and
//! van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008). The kernels are chosen when the
//! program runs, by what the processor has.
#![allow(unsafe_code)] // vector instructions, and pointers into matrices of any stride
#![allow(clippy::inline_always)] // a vector instruction is only one where its function is inlined

mod blocks;
mod checked;
mod element;
mod inner;
mod kernel;
mod pack;
mod single;
mod tile;
mod vector;

pub(crate) use checked::single_sample;
pub use checked::{product, transposed};
pub use element::Element;
pub(crate) use single::Single;
