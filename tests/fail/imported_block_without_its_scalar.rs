//! A block of another `network!` needs the scalar.
//@ Hidden | a layer for `f32` only: write `Hidden<T>`
use typenet::prelude::*;

mod blocks {
    use typenet::prelude::*;
    network! {
        pub block Hidden = Affine<4, 4> -> Relu;
    }
}
use blocks::Hidden;

network! {
    struct Net = Affine<2, 4> -> Hidden -> Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() {
    let _ = Net::<f32>::zeros();
}
