//! This loss takes no hyperparameters.
//@ ( | takes no hyperparameters | `MeanAbsoluteError`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> MeanAbsoluteError(0.1);
}

fn main() {}
