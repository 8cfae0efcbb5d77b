//! What the macro writes disturbs nobody: not a strict crate, and not one whose names are unusual.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic, clippy::nursery)]

use ::typenet::Network;
use ::typenet::layers::{Affine, Relu};
use ::typenet::losses::SoftmaxWithLoss;
use ::typenet::network;

/// Names that the standard library and the expansion use otherwise.
#[allow(dead_code, non_camel_case_types)]
mod unusual {
    pub struct Vec;
    pub struct Option;
    pub struct Result;
    pub struct Box;
    pub struct String;
    pub struct Matrix;
    pub struct Const;
    pub struct Layer;
    pub struct Tape;
    pub struct Record;
    pub struct f32;
    pub struct f64;
    pub struct usize;
    pub trait Iterator {}
    pub trait Default {}
    pub trait IntoIterator {}
}
#[allow(unused_imports)]
use self::unusual::*;

/// A module with the name of a crate.
#[allow(dead_code)]
mod core {}

network! {
    /// A documented network.
    #[derive(::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Net = Affine<4, 3> -> Relu -> Affine<3, 2> -> SoftmaxWithLoss;
    struct Private = hidden: Affine<4, 3> -> SoftmaxWithLoss;
}

#[::core::prelude::v1::test]
fn networks_work_among_unusual_names() {
    let net = <Net as ::core::default::Default>::default();
    ::std::assert_eq!(net.parameter_count(), 4 * 3 + 3 + 3 * 2 + 2);
    let net = <Private as ::core::default::Default>::default();
    ::std::assert_eq!(net.hidden.weight.shape(), (4, 3));
}
