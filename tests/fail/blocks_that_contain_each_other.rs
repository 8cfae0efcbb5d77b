//! Two blocks that contain each other.
//@ Other | contains itself through `Other`
use typenet::prelude::*;

network! {
    block One = Affine<4, 4> -> Other;
    block Other = Affine<4, 4> -> One;
}

fn main() {
    let _ = One::<f32>::default();
}
