//! Methods are not supported.
//@ self | `self`
use typenet::prelude::*;

struct Line {
    slope: f64,
}

impl Line {
    #[differentiable]
    fn at(&self, x: f64) -> f64 {
        self.slope * x
    }
}

fn main() {}
