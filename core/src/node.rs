//! The scalar nodes of the chapter's computational graphs: a product and a sum.
//!
//! Going forward gives the result and the node, and only a node can go backward, so the wrong order cannot
//! be written. The apples of the chapter's first graph:
//!
//! ```
//! # use typenet_core as typenet;
//! use typenet::node::Mul;
//!
//! let (price_of_apples, apples) = Mul::forward(100.0, 2.0);
//! let (price, tax) = Mul::forward(price_of_apples, 1.1);
//! assert_eq!(price, 220.00000000000003); // as Python has it too
//!
//! let (d_price_of_apples, d_tax) = tax.backward(1.0);
//! let (d_apple, d_number) = apples.backward(d_price_of_apples);
//! assert_eq!((d_apple, d_number, d_tax), (2.2, 110.00000000000001, 200.0));
//! ```

use crate::Scalar;

/// A product of two numbers, `z = x · y`; backward `dx = dz · y`, `dy = dz · x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mul<T> {
    x: T,
    y: T,
}

impl<T: Scalar> Mul<T> {
    /// The product, and the node that remembers its factors.
    pub fn forward(x: T, y: T) -> (T, Self) {
        (x * y, Self { x, y })
    }

    /// The derivatives by `x` and `y`, from the derivative by the product.
    pub fn backward(self, dz: T) -> (T, T) {
        (dz * self.y, dz * self.x)
    }
}

/// A sum of two numbers, `z = x + y`; backward `dx = dy = dz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add;

impl Add {
    /// The sum, and the node; it has nothing to remember.
    pub fn forward<T: Scalar>(x: T, y: T) -> (T, Self) {
        (x + y, Self)
    }

    /// The derivatives by both summands, from the derivative by the sum.
    pub fn backward<T: Scalar>(self, dz: T) -> (T, T) {
        (dz, dz)
    }
}
