//! A block has no training methods.
//@ random | no function or associated item named `random`
use typenet::prelude::*;

network! {
    pub block Hidden = Affine<4, 4> -> Relu;
}

fn main() {
    let _ = Hidden::<f32>::random(He, &mut StdRng::seed_from_u64(1));
}
