//! Networks and functions that macros write, with what their callers give them.
#![deny(warnings)]

use typenet::prelude::*;

const HIDDEN: usize = 3;

#[activation]
fn half<T: Scalar>(x: T) -> T {
    x * T::of(0.5)
}

macro_rules! network_of {
    ($name:ident, $hidden:expr) => {
        network! { struct $name = Affine<4, $hidden> -> Half -> Affine<$hidden, HIDDEN> -> Half -> Affine<3, 2> -> SoftmaxWithLoss; }
    };
}

network_of!(Small, 3);
network_of!(Same, HIDDEN);
network_of!(Large, { HIDDEN + 5 });

macro_rules! many {
    ($name:ident, $width:tt: $($layer:ident)*) => {
        network! { struct $name = Affine<2, $width> -> $($layer ->)* Affine<3, 1> -> MeanSquaredError; }
    };
}

// Each width follows from all layers before, and is asked for once.
many!(Deep, HIDDEN: Half Half Half Half Half Half Half Half Half Half Half Half Half Half Half Half Half Half Half Half);

fn main() {
    assert_eq!(<Small>::default().parameter_count(), 15 + 12 + 8);
    assert_eq!(<Same>::default().parameter_count(), 15 + 12 + 8);
    assert_eq!(<Large>::default().parameter_count(), 40 + 27 + 8);
    assert_eq!(<Deep>::default().summary().layers.len(), 22);
}
