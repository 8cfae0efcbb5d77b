//! One error for each function without the attribute, in any module and after any number of calls.
//@ square | `+ - * /` | `let` | exp ln sqrt | `#[differentiable]`
//@ half | `+ - * /` | `let` | exp ln sqrt | `#[differentiable]`
//@ part | `+ - * /` | `let` | exp ln sqrt | `#[differentiable]`
use typenet::prelude::*;

mod shapes {
    pub fn square(x: f64) -> f64 {
        x * x
    }

    pub mod parts {
        pub fn half<T: typenet::Scalar>(x: T) -> T {
            x * T::of(0.5)
        }

        pub fn third<T: typenet::Scalar>(x: T) -> T {
            x / T::of(3.0)
        }
    }
}

use shapes::parts::{self, third as part};

#[differentiable]
fn area(x: f64, y: f64) -> f64 {
    let area = shapes::square(x) + shapes::square(y);
    area * (-parts::half(x + y)).exp()
}

#[activation]
fn third<T: Scalar>(x: T) -> T {
    part(part::<T>(x).tanh())
}

fn main() {}
