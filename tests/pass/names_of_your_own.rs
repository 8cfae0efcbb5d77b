//! A name in scope is the user's own, whatever it resembles: another library's name, a misspelling, or a layer that the
//! library has too, which an explicit import or a declaration hides.
#![deny(warnings)]
use typenet::prelude::*;

mod mine {
    use typenet::prelude::*;

    #[activation]
    pub fn linear<T: Scalar>(x: T) -> T {
        x
    }

    #[activation]
    pub fn dense<T: Scalar>(x: T, scale: T) -> T {
        scale * x
    }

    #[activation]
    pub fn relu<T: Scalar>(x: T, slope: T) -> T {
        x.max(slope * x)
    }
}

mod all {
    use typenet::prelude::*;

    #[activation]
    pub fn softmax<T: Scalar>(x: T) -> T {
        x
    }

    pub type CrossEntropyLoss = SoftmaxWithLoss;
}

use all::*;
use mine::{Dense, Linear, Relu};

#[activation]
fn refine<T: Scalar>(x: T) -> T {
    x
}

#[activation]
fn define<T: Scalar>(x: T) -> T {
    x
}

#[activation]
fn offline<T: Scalar>(x: T) -> T {
    x
}

type MSELoss = MeanSquaredError;
type MeanSquareError = MeanSquaredError;

const HIDDEN: usize = 3;

network! {
    struct Net = Affine<4, HIDDEN> -> Refine -> Define -> Offline -> Linear -> Dense(2.0) -> Softmax -> Relu(0.5)
        -> Affine<HIDDEN, 2> -> CrossEntropyLoss;
    struct Begun = Input<4> -> Linear -> Refine -> MSELoss;
    struct Generic<const H: usize> = Affine<4, H> -> Linear -> Refine -> Affine<H, 2> -> MeanSquareError;
}

fn main() {
    let net: Net<f64> = Net::random(Xavier, &mut StdRng::seed_from_u64(1));
    assert_eq!((net.dense1.scale, net.relu1.slope), (2.0, 0.5));
    let x = SMatrix::<f64, 2, 4>::from_fn(|i, j| i as f64 - j as f64 - 0.5);
    net.gradient_check(&x, &[0, 1].try_into().unwrap()).unwrap();
    assert_eq!(Begun::<f32>::zeros().parameter_count(), 0);
    assert_eq!(Generic::<5>::zeros().parameter_count(), 4 * 5 + 5 + 5 * 2 + 2);
}
