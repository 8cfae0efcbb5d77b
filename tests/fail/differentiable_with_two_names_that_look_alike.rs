//! A macro's own variable has the name of its caller's variable. Derivatives compare names as text, so the names must differ.
//@ a | `a` refers to two variables
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

fn main() {}
