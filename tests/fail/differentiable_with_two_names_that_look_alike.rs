//! A macro's own name is another than that of its caller. In derivatives names are texts, so these have to differ.
//@ a | `a` is two names here
//@ x | parameter `x` before this one
use typenet::prelude::*;

macro_rules! scaled {
    ($name:ident, $parameter:ident, $value:expr) => {
        #[differentiable]
        fn $name($parameter: f64) -> f64 {
            let a = 10.0;
            $value * a
        }
    };
}

scaled!(twenty, x, x * 2.0);
scaled!(thirty, a, a * 3.0);

macro_rules! sum {
    ($name:ident, $parameter:ident) => {
        #[differentiable]
        fn $name(x: f64, $parameter: f64) -> f64 {
            x + $parameter
        }
    };
}

sum!(both, y);
sum!(same, x);

fn main() {}
