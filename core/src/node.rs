//! The book's two scalar nodes, a product and a sum: teaching material that networks do not use.
//!
//! `forward` returns the result and the node, and only a node has `backward`: the wrong order does not compile. To
//! differentiate your own function, use `#[differentiable]`. The apples of the book's first computational graph:
//!
//! ```
//! # use typenet_core as typenet;
//! use typenet::node::Mul;
//!
//! let (price_of_apples, apples) = Mul::forward(100.0, 2.0);
//! let (price, tax) = Mul::forward(price_of_apples, 1.1);
//! assert_eq!(price, 220.00000000000003); // the same digits as in Python
//!
//! let (d_price_of_apples, d_tax) = tax.backward(1.0);
//! let (d_apple, d_number) = apples.backward(d_price_of_apples);
//! assert_eq!((d_apple, d_number, d_tax), (2.2, 110.00000000000001, 200.0));
//! ```

use crate::scalar::Scalar;

/// A product of two numbers, `z = x · y`; backward `dx = dz · y`, `dy = dz · x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mul<T> {
    x: T,
    y: T,
}

impl<T: Scalar> Mul<T> {
    /// Returns the product and the node, which stores its factors.
    pub fn forward(x: T, y: T) -> (T, Self) {
        (x * y, Self { x, y })
    }

    /// The derivatives with respect to `x` and `y`, from that with respect to the product.
    pub fn backward(self, dz: T) -> (T, T) {
        (dz * self.y, dz * self.x)
    }
}

/// A sum of two numbers, `z = x + y`; backward `dx = dy = dz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add;

impl Add {
    /// Returns the sum and the node, which stores nothing.
    pub fn forward<T: Scalar>(x: T, y: T) -> (T, Self) {
        (x + y, Self)
    }

    /// The derivatives with respect to both terms, from that with respect to the sum.
    pub fn backward<T: Scalar>(self, dz: T) -> (T, T) {
        (dz, dz)
    }
}
