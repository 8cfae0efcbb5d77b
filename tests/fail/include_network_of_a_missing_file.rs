//! The file of an embedded network does not exist.
//@ "weights/missing.safetensors" | `weights/missing.safetensors`
use typenet::prelude::*;

network! { struct Net = Affine<2, 3> -> SoftmaxWithLoss; }

include_network!(NET: Net = "weights/missing.safetensors");

fn main() {}
