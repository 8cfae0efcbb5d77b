//! A public network whose output width depends on a private layer.
//@ Bent | private type `Bent` in public interface
#![allow(private_interfaces)]
use typenet::prelude::*;

#[activation]
fn bent<T: Scalar>(x: T) -> T {
    x.abs()
}

network! {
    pub struct Net = Affine<784, 10> -> Bent -> SoftmaxWithLoss;
}

fn main() {}
