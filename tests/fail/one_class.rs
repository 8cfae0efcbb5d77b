//! Softmax over one output is always 1: as a literal, as a const, and by any name of the loss.
//@ 1 | softmax over one output is always 1 | 2 for yes and no | `MeanSquaredError`
//@ ONE | softmax over one output is always 1
//@ 1 | softmax over one output is always 1
//@ ONE | softmax over one output is always 1
//@ 1 | softmax over one output is always 1
//@ SoftmaxWithLoss | softmax over one output is always 1
use typenet::losses;
use typenet::prelude::*;

const ONE: usize = 1;

mod mine {
    pub use typenet::losses::SoftmaxWithLoss as Cross;
}

#[derive(Default)]
struct Sum;

impl<T: Scalar> Parameters<T> for Sum {}

impl<T: Scalar, In: DimName> Layer<T, In> for Sum {
    type Out = Const<1>;
    type Memory<N: Dim> = ();

    fn forward<N: Dim, S: RawStorage<T, N, In>>(&self, _: &Matrix<T, N, In, S>, _: &mut Batch<T, N, Const<1>>, _: &mut ()) {}

    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        _: &Matrix<T, N, In, S>,
        _: &Batch<T, N, Const<1>>,
        _: &Batch<T, N, Const<1>>,
        _: &mut Batch<T, N, In>,
        _: &mut (),
    ) {
    }
}

network! {
    struct Literal = Affine<8, 1> -> SoftmaxWithLoss;
    struct Named = Affine<8, 4> -> Relu -> Affine<4, ONE> -> losses::SoftmaxWithLoss;
    struct Passed = Input<1> -> Relu -> mine::Cross;
    struct Expression = Affine<8, {ONE * 1}> -> SoftmaxWithLoss;
    struct OfItsOwn<const HIDDEN: usize> = Affine<8, HIDDEN> -> Affine<HIDDEN, 1> -> SoftmaxWithLoss;
    struct Given = Affine<8, 4> -> Sum -> SoftmaxWithLoss;
}

fn main() {}
