//! A macro's own name is another than that of its caller. In derivatives names are texts, so these have to differ.
//@ a | `a` is two names here
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
