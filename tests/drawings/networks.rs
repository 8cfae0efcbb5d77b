//! Networks for the drawing tests.

use typenet::nalgebra::one;
use typenet::prelude::*;

/// Scales each feature: `y = x · factor`. Has an unused hyperparameter.
#[derive(Clone)]
pub struct Scale<const F: usize, T: Scalar> {
    factors: SMatrix<T, 1, F>,
}

impl<const F: usize, T: Scalar> Scale<F, T> {
    pub fn new(_: &str) -> Self {
        Self { factors: SMatrix::repeat(one()) }
    }
}

impl<const F: usize, T: Scalar> Parameters<T> for Scale<F, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::scale("factors", &self.factors))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then(|| PartMut::parameter(&mut self.factors))
    }
}

impl<const F: usize, T: Scalar> Infer<T, Const<F>> for Scale<F, T> {
    type Out = Const<F>;
    const MULTIPLY_ADDS: usize = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x).zip(&self.factors).for_each(|((y, &x), &factor)| *y = x * factor);
    }
}

impl<const F: usize, T: Scalar> Layer<T, Const<F>> for Scale<F, T> {
    type Cache<N: Dim> = ();

    fn backward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        _: &Matrix<T, N, Const<F>, S>,
        _: &Batch<T, N, Const<F>>,
        dy: &Batch<T, N, Const<F>>,
        dx: Option<&mut Batch<T, N, Const<F>>>,
        cache: &mut (),
    ) {
        if let Some(dx) = dx {
            self.forward(dy, dx, cache, Mode::Infer);
        }
    }
}

/// The mean of the outputs.
#[derive(Clone, Default)]
pub struct Mean;

impl<F: Shape> Loss<F> for Mean {
    type Target<T: Scalar, N: Dim> = ();

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, (): &()) -> T {
        y.sum() / T::of(y.len() as f64)
    }

    fn backward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, (): &(), dy: &mut Batch<T, N, F>) -> T {
        dy.fill(T::one() / T::of(y.len() as f64));
        self.forward(y, &())
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>((): &()) {}
}

network! {
    /// The two-layer network of the book's chapter on backpropagation.
    pub struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;

    /// Six layers.
    pub struct Deep = Affine<784, 100> -> Relu -> Affine<100, 100> -> Tanh -> Affine<100, 10> -> Sigmoid -> MeanSquaredError;

    /// A network with a const parameter, a custom layer and loss, a hyperparameter and a name.
    pub struct Own<const HIDDEN: usize> =
        Input<6> -> Scale<6, T>("a \"name\"") -> hidden: Affine<6, HIDDEN> -> Tanh -> Affine<HIDDEN, { 1 + 1 }> -> self::Mean;

    /// A block with a size.
    pub block Hidden<const F: usize> = Affine<F, F> -> Tanh;

    /// A block of a block and brackets.
    pub block Tower<const F: usize> = Input<F> -> first: Hidden<F> -> Residual[Affine<_, 4> -> Relu -> Affine<_, F>];

    /// Blocks and brackets in each other.
    pub struct Nested =
        Affine<3, 8>
        -> Tower<8>
        -> Tower<8>
        -> Hidden<8>
        -> Concat[Affine<_, 2> | Residual[Hidden<8>] -> Affine<_, 1>]
        -> Affine<_, 2>
        -> SoftmaxWithLoss;

    /// A residual block over images, and pooling in its shortcut.
    pub block Down<const IN: usize, const OUT: usize> = Input<IN, 8, 8> -> Sum[
        Conv2d<IN, OUT, 3>(padding = 1) -> BatchNorm<OUT> -> Relu -> MaxPool2d<2>
        | Conv2d<IN, OUT, 1>(stride = 2, ignore_rest = true)
    ] -> Relu;

    /// Images, with brackets and blocks over them.
    pub struct Images = Input<1, 8, 8>
        -> Conv2d<1, 4, 3>(padding = same)
        -> Residual[Conv2d<4, 4, 3>(padding = same) -> BatchNorm<4> -> Tanh]
        -> Down<4, 8>
        -> Concat[Identity | MaxPool2d<3>(stride = 1, padding = 1)]
        -> Flatten
        -> Affine<_, 10>
        -> SoftmaxWithLoss;
}
