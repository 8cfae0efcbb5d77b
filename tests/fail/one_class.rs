//! Softmax over one output is always 1: as a literal, as a const, and under any name of the loss.
//@ 1 | softmax over one output is always 1 | `SigmoidWithLoss` for yes and no | `MeanSquaredError`
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

#[derive(Clone, Default)]
struct Sum;

impl<T: Scalar> Parameters<T> for Sum {}

impl<T: Scalar, In: Shape> Infer<T, In> for Sum {
    type Out = Const<1>;

    fn infer_into(&self, _: &[T], _: &mut [T], _: &mut [T]) {}
}

impl<T: Scalar, In: Shape> Layer<T, In> for Sum {
    type Cache<N: Dim> = ();

    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        _: &Matrix<T, N, In, S>,
        _: &Batch<T, N, Const<1>>,
        _: &Batch<T, N, Const<1>>,
        _: Option<&mut Batch<T, N, In>>,
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
    struct Given = Affine<8, 4> -> self::Sum -> SoftmaxWithLoss;
}

fn main() {}
