//! A size must be known at compile time, unlike variables and function parameters.
//@ n | non-constant value
//@ width | attempt to use a non-constant value | would need to be a `const`
//@ hidden | attempt to use a non-constant value
use typenet::prelude::*;

fn train(width: usize) {
    let n = 784;
    let hidden = width;
    network! {
        struct Net = Affine<n, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
        struct Other = Input<width> -> Relu -> Affine<784, { hidden + 1 }> -> MeanSquaredError;
    }
    let net: Net = Net::zeros();
    println!("{}", net.summary());
}

fn main() {
    train(50);
}
