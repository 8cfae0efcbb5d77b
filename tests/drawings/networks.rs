//! The networks that are drawn.

use typenet::nalgebra::{Dim, DimName, Matrix, RawStorage, one};
use typenet::prelude::*;

/// `y = x · factor`, a factor for each feature, and a hyperparameter that nobody reads.
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

impl<const F: usize, T: Scalar> Layer<T, Const<F>> for Scale<F, T> {
    type Out = Const<F>;
    type Memory<N: Dim> = ();

    fn forward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        x: &Matrix<T, N, Const<F>, S>,
        y: &mut Batch<T, N, Const<F>>,
        (): &mut (),
    ) {
        for j in 0..F {
            y.column_mut(j).zip_apply(&x.column(j), |y, x| *y = x * self.factors[j]);
        }
    }

    fn backward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        _: &Matrix<T, N, Const<F>, S>,
        _: &Batch<T, N, Const<F>>,
        dy: &Batch<T, N, Const<F>>,
        dx: Option<&mut Batch<T, N, Const<F>>>,
        memory: &mut (),
    ) {
        if let Some(dx) = dx {
            self.forward(dy, dx, memory);
        }
    }

    fn multiply_adds(&self) -> usize {
        F
    }
}

/// The mean of the outputs themselves.
#[derive(Default)]
pub struct Mean;

impl<F: DimName> Loss<F> for Mean {
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

    /// A size of its own, a layer and a loss from elsewhere, a hyperparameter and a name.
    pub struct Own<const HIDDEN: usize> =
        Input<6> -> Scale<6, T>("a \"name\"") -> hidden: Affine<6, HIDDEN> -> Tanh -> Affine<HIDDEN, { 1 + 1 }> -> self::Mean;
}
