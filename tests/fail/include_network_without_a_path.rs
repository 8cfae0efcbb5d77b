//! An embedded network needs a path.
//@ include_network!(NET: Net) | expected `=`
use typenet::prelude::*;

network! { struct Net = Affine<2, 3> -> SoftmaxWithLoss; }

include_network!(NET: Net);

fn main() {}
