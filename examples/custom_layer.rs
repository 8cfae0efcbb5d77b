//! A custom layer in `network!`: `SmoothRelu`, with a learned sharpness.
//!
//! ```text
//! cargo run --release --example custom_layer
//! ```

use typenet::nalgebra::one;
use typenet::rand::Rng;
use typenet::{Initializer, Operand, Operation, Operator, prelude::*};

/// A smooth Relu with one sharpness `s` for the whole layer: `y = ln(1 + exp(s · x)) / s`.
///
/// ```text
/// backward   dx = dy · p            where p = 1 / (1 + exp(-s · x))
/// gradient   ds = Σ dy · (x · p - y) / s
/// ```
#[derive(Clone, Debug)]
struct SmoothRelu<T: Scalar> {
    sharpness: SMatrix<T, 1, 1>,
}

/// The values `(x · p - y) / s`, which the gradient needs in addition to `x` and `dy`.
///
/// The forward pass computes them, because `add_gradient` has no access to the layer: `target` may be the layer itself.
type Slopes<T, N, F> = Batch<T, N, F>;

impl<T: Scalar> SmoothRelu<T> {
    fn value(&self, x: T) -> T {
        let z = self.sharpness[0] * x;
        // ln(1 + exp(z)) = max(z, 0) + ln(1 + exp(-|z|)), which cannot overflow.
        (z.max(T::of(0.0)) + (-z.abs()).exp().ln_1p()) / self.sharpness[0]
    }
}

impl<T: Scalar> Default for SmoothRelu<T> {
    fn default() -> Self {
        Self { sharpness: SMatrix::repeat(one()) }
    }
}

impl<T: Scalar> Parameters<T> for SmoothRelu<T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::scale("sharpness", &self.sharpness))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then(|| PartMut::parameter(&mut self.sharpness))
    }

    fn initialize(&mut self, _: &dyn Initializer, _: &mut dyn Rng) {
        *self = Self::default();
    }
}

impl<T: Scalar, F: Shape> Infer<T, F> for SmoothRelu<T> {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = self.value(x));
    }
}

impl<T: Scalar, F: Shape> Layer<T, F> for SmoothRelu<T> {
    type Cache<N: Dim> = Slopes<T, N, F>;

    fn forward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        x: &Matrix<T, N, F, S>,
        y: &mut Batch<T, N, F>,
        slopes: &mut Slopes<T, N, F>,
        _: Mode,
    ) {
        let s = self.sharpness[0];
        y.zip_apply(x, |y, x| *y = self.value(x));
        slopes.zip_zip_apply(x, y, |slope, x, y| *slope = (x * sigmoid(s * x) - y) / s);
    }

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        x: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        _: &mut Slopes<T, N, F>,
    ) {
        let (s, Some(dx)) = (self.sharpness[0], dx) else { return };
        dx.zip_zip_apply(x, dy, |dx, x, dy| *dx = dy * sigmoid(s * x));
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, F>>(
        _: &Matrix<T, N, F, S>,
        dy: &Batch<T, N, F>,
        slopes: &Slopes<T, N, F>,
        scale: T,
        target: &mut Self,
    ) {
        for (&dy, &slope) in dy.iter().zip(slopes) {
            target.sharpness[0] += scale * dy * slope;
        }
    }

    /// For `to_onnx`, in the operators of ONNX.
    fn operation(&self) -> Option<Operation> {
        let sharpness = Operand::Parameter("sharpness");
        let mut operation = Operation::identity();
        let z = operation.push(Operator::new("Mul", [sharpness, Operand::Input]));
        let smooth = operation.push(Operator::new("Softplus", [z]));
        operation.push(Operator::new("Div", [smooth, sharpness]));
        Some(operation)
    }
}

fn sigmoid<T: Scalar>(z: T) -> T {
    T::of(1.0) / (T::of(1.0) + (-z).exp())
}

network! {
    /// The book's network, with `SmoothRelu` instead of `Relu`. `T` is the network's scalar.
    struct SmoothNet = Affine<784, 50> -> SmoothRelu<T> -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(1);
    let (train, test) = digits::generate(20_000, 2_000, 1);
    let mut net: SmoothNet = SmoothNet::random(He, &mut rng);

    let (x, labels) = train.sample(Const::<3>, &mut rng);
    let check = GradientCheck::new().at_most(100);
    println!("{}\n", check.run(&net, &x, &labels)?);

    let mut tape = SmoothNet::tape(Const::<100>);
    for step in 0..=2000 {
        let (x, labels) = train.sample(Const::<100>, &mut rng);
        let loss = net.descend_with(&x, &labels, 0.1, &mut tape);
        if step % 500 == 0 {
            let (accuracy, sharpness) = (net.evaluate(&test), net.smooth_relu1.sharpness[0]);
            println!("Step: {step:>5}   Loss: {loss:.4}   Test acc: {accuracy:.4}   Sharpness: {sharpness:.3}");
        }
    }
    Ok(())
}
