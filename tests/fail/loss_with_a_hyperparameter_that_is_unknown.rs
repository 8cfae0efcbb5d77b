//! The hyperparameter is called `label_smoothing`.
//@ smoothing | no hyperparameter `smoothing` | `label_smoothing`
use typenet::prelude::*;

network! {
    pub struct Net = Affine<784, 10> -> SoftmaxWithLoss(smoothing = 0.1);
}

fn main() {}
