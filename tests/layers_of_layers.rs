//! A layer made of layers learns in every position, including the first.

use typenet::nalgebra::{Dim, Matrix, RawStorage};
use typenet::{Cache, LayerTape, prelude::*};

/// A residual block: `y = x + B(leaky_relu(A(x)))`. Its backward fills the cache that its gradient needs.
#[derive(Clone, Default)]
struct Residual<T: Scalar> {
    a: Affine<4, 4, T>,
    relu: LeakyRelu,
    b: Affine<4, 4, T>,
}

struct Inner<T: Scalar, N: Dim> {
    a: LayerTape<T, N, Const<4>, Affine<4, 4, T>>,
    relu: LayerTape<T, N, Const<4>, LeakyRelu>,
    b: LayerTape<T, N, Const<4>, Affine<4, 4, T>>,
}

impl<T: Scalar, N: Dim> Cache<N> for Inner<T, N> {
    fn new(samples: N) -> Self {
        Self { a: LayerTape::new(samples), relu: LayerTape::new(samples), b: LayerTape::new(samples) }
    }
}

impl<T: Scalar> Parameters<T> for Residual<T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        match index {
            0 => Some(Part::inside("a", &self.a)),
            1 => Some(Part::inside("relu", &self.relu)),
            2 => Some(Part::inside("b", &self.b)),
            _ => None,
        }
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::Inside(&mut self.a)),
            1 => Some(PartMut::Inside(&mut self.relu)),
            2 => Some(PartMut::Inside(&mut self.b)),
            _ => None,
        }
    }
}

impl<T: Scalar> Infer<T, Const<4>> for Residual<T> {
    type Out = Const<4>;

    const SCRATCH: usize = 8;

    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let (a, scratch) = scratch.split_at_mut(4);
        self.a.infer_into(x, a, scratch);
        let (relu, scratch) = scratch.split_at_mut(4);
        Infer::<T, Const<4>>::infer_into(&self.relu, a, relu, scratch);
        self.b.infer_into(relu, y, scratch);
        y.iter_mut().zip(x).for_each(|(y, &x)| *y += x);
    }
}

impl<T: Scalar> Layer<T, Const<4>> for Residual<T> {
    type Cache<N: Dim> = Inner<T, N>;

    fn forward<N: Dim, S: RawStorage<T, N, Const<4>>>(
        &self,
        x: &Matrix<T, N, Const<4>, S>,
        y: &mut Batch<T, N, Const<4>>,
        inner: &mut Inner<T, N>,
        mode: Mode,
    ) {
        inner.a.forward(&self.a, x, mode.inside(0));
        inner.relu.forward(&self.relu, &inner.a.y, mode.inside(1));
        inner.b.forward(&self.b, &inner.relu.y, mode.inside(2));
        y.zip_zip_apply(x, &*inner.b.y, |y, x, b| *y = x + b);
    }

    fn backward<N: Dim, S: RawStorage<T, N, Const<4>>>(
        &self,
        x: &Matrix<T, N, Const<4>, S>,
        _: &Batch<T, N, Const<4>>,
        dy: &Batch<T, N, Const<4>>,
        mut dx: Option<&mut Batch<T, N, Const<4>>>,
        inner: &mut Inner<T, N>,
    ) {
        inner.b.dy.copy_from(dy);
        inner.b.backward(&self.b, &inner.relu.y, Some(&mut inner.relu.dy));
        inner.relu.backward(&self.relu, &inner.a.y, Some(&mut inner.a.dy));
        inner.a.backward(&self.a, x, dx.as_deref_mut());
        if let Some(dx) = dx {
            **dx += &**dy;
        }
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, Const<4>>>(
        x: &Matrix<T, N, Const<4>, S>,
        _: &Batch<T, N, Const<4>>,
        inner: &Inner<T, N>,
        scale: T,
        target: &mut Self,
    ) {
        inner.a.add_gradient(x, scale, &mut target.a);
        inner.b.add_gradient(&inner.relu.y, scale, &mut target.b);
    }
}

network! {
    struct First = Input<4> -> block: self::Residual<T> -> Affine<4, 3> -> SoftmaxWithLoss;
    struct Middle = Affine<4, 4> -> Tanh -> block: self::Residual<T> -> Affine<4, 3> -> SoftmaxWithLoss;
}

/// Checks that a step changes every block of parameters and that the gradient agrees with finite differences.
fn check<Net>()
where
    Net: Network<Scalar = f64, Input = Const<4>, Output = Const<3>, Loss = SoftmaxWithLoss>,
{
    let mut net = Net::random(He, &mut StdRng::seed_from_u64(1));
    let x = SMatrix::<f64, 5, 4>::from_fn(|i, j| ((3 * i + 5 * j) % 7) as f64 / 3.0 - 0.9);
    let labels = [0, 1, 2, 1, 0].try_into().unwrap();
    net.gradient_check(&x, &labels).unwrap();

    let before: Vec<Vec<f64>> = net.parameters().map(|block| block.values.to_vec()).collect();
    let loss = net.loss(&x, &labels);
    net.descend(&x, &labels, 0.1);
    for (before, after) in before.iter().zip(net.parameters()) {
        assert_ne!(before, after.values, "`{after}` has not learned");
    }
    assert!(net.loss(&x, &labels) < loss);
}

#[test]
fn a_layer_of_layers_learns_in_every_position() {
    check::<First<f64>>();
    check::<Middle<f64>>();
}
