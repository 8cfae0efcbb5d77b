//! Images of 4 channels reach a convolution of 8, without the macro.
//@ _ | cannot follow a layer that outputs `Image<typenet::prelude::Const<4>
use typenet::layers::Conv2d;
use typenet::prelude::*;
use typenet::{Image, LayerInfo};

fn main() {
    let conv = Conv2d::<8, 16, 3, f32>::default();
    let _ = LayerInfo::new::<Image<Const<4>, Const<8>, Const<8>>, _>("conv1", "Conv2d", &conv);
}
