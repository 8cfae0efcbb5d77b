//! The traits of layers.

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix, SMatrix};

use crate::layers::activations::Activations;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
use crate::parameters::Parameters;
use crate::parameters::Path;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// The output of a layer for a single sample, on slices: all that a program needs which only runs a network.
///
/// ```text
/// x   In numbers   ->   y   Out numbers
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot follow a layer that outputs `{In}` features",
    label = "this layer does not take `{In}` features",
    note = "to use your own layer, implement `typenet::Infer<T, In>` and `typenet::Layer<T, In>` for every `T: Scalar`"
)]
pub trait Infer<T: Scalar, In: Shape> {
    /// The shape of its output.
    type Out: Shape;

    /// How many numbers of scratch memory [`infer_into`](Self::infer_into) needs beside `x` and `y`: 0 for most layers.
    const SCRATCH: usize = 0;

    /// Computes all of `y`, of [`Out`](Self::Out) numbers, from `x`, of `In` numbers. `scratch` has at least
    /// [`SCRATCH`](Self::SCRATCH) numbers of any value.
    ///
    /// It allocates nothing, and gives what [`Layer::forward`] gives in [`Mode::Infer`].
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]);
}

/// A differentiable map from `In` features to [`Out`](Infer::Out) features, for batches of any size `N`.
///
/// ```text
/// forward    x   (N x In)   ->  y   (N x Out)
/// backward   dy  (N x Out)  ->  dx  (N x In)      dy and dx: the derivatives of the loss by y and x
/// gradient   x, dy          ->  dw                the derivative of the loss by the layer's parameters
/// ```
///
/// A layer of your own stands in `network!` beside the built-in ones. It implements [`Infer`], `Layer` and
/// [`Parameters`], the last with an empty body if it has none, and `Default`, or `new` if it has hyperparameters.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::{Dim, Matrix, RawStorage};
/// use typenet::{Batch, Infer, Layer, Parameters, Scalar, Shape};
///
/// /// `y = x / (1 + |x|)`, for any number of features.
/// #[derive(Clone, Default)]
/// struct Softsign;
///
/// impl<T: Scalar> Parameters<T> for Softsign {}
///
/// impl<T: Scalar, F: Shape> Infer<T, F> for Softsign {
///     type Out = F;
///
///     fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
///         y.iter_mut().zip(x).for_each(|(y, &x)| *y = x / (T::of(1.0) + x.abs()));
///     }
/// }
///
/// impl<T: Scalar, F: Shape> Layer<T, F> for Softsign {
///     type Cache<N: Dim> = ();
///
///     fn backward<N: Dim, S: RawStorage<T, N, F>>(
///         &self,
///         x: &Matrix<T, N, F, S>,
///         _: &Batch<T, N, F>,
///         dy: &Batch<T, N, F>,
///         dx: Option<&mut Batch<T, N, F>>,
///         _: &mut (),
///     ) {
///         let Some(dx) = dx else { return };
///         dx.zip_zip_apply(x, dy, |dx, x, dy| *dx = dy / (T::of(1.0) + x.abs()).powi(2));
///     }
/// }
/// ```
///
/// In `network!` it is `Affine<784, 50> -> Softsign -> ...`. The gradient check finds mistakes in it. A function of each
/// number on its own, as this one, is a line with `#[activation]`, which finds the derivative itself; the example
/// `custom_layer` has a layer with a parameter that is learned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot follow a layer that outputs `{In}` features",
    label = "this layer does not take `{In}` features",
    note = "to use your own layer, implement `typenet::Layer<T, In>` for every `T: Scalar`"
)]
pub trait Layer<T: Scalar, In: Shape>: Infer<T, In> + Parameters<T> + Clone + Send + Sync {
    /// What forward keeps for backward beside its input and output: `()` for most.
    type Cache<N: Dim>: Cache<N>;

    /// Computes `y` from `x`. What `y` and `cache` hold before is left over from another batch: all of it has to be
    /// replaced.
    ///
    /// By default this is [`infer_into`](Infer::infer_into) for each sample, which allocates memory for one and is the same in
    /// training. The built-in layers compute whole batches, and so can a layer of your own.
    fn forward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &mut Batch<T, N, Self::Out>,
        cache: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        let _ = (cache, mode);
        let [mut input, mut output, mut scratch] =
            [In::DIM, Self::Out::DIM, Self::SCRATCH].map(|length| vec![T::zero(); length]);
        for (from, mut to) in x.row_iter().zip(y.row_iter_mut()) {
            input.iter_mut().zip(from.iter()).for_each(|(input, &x)| *input = x);
            self.infer_into(&input, &mut output, &mut scratch);
            to.iter_mut().zip(&output).for_each(|(y, &output)| *y = output);
        }
    }

    /// Computes `dx` from `dy`, given the input and output of forward. All of `dx` has to be replaced too.
    ///
    /// It is called for every layer. For the first one in a network `dx` is `None`: the derivative by the network's
    /// input is not needed. A layer that fills `cache` here, such as one made of layers, does that in any case.
    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, In>>,
        cache: &mut Self::Cache<N>,
    );

    /// Adds the gradient, times `scale`, to `target`; a layer without parameters leaves this out.
    ///
    /// A gradient has its layer's own type. Added to a layer of zeros it is the gradient itself; added to
    /// the layer that it is the gradient of, with `scale = -learning_rate`, it is a step of gradient
    /// descent. So it depends on the parameters only by what forward kept in `cache`.
    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        x: &Matrix<T, N, In, S>,
        dy: &Batch<T, N, Self::Out>,
        cache: &Self::Cache<N>,
        scale: T,
        target: &mut Self,
    ) {
        let _ = (x, dy, cache, scale, target);
    }

    /// Adds the statistics of the batch, times `weight`, to the [buffers](crate::Kind::Buffer) of `target`; a layer
    /// without running statistics leaves this out.
    ///
    /// They travel with the gradient, so several parts of a batch are added up as its gradient is. A step moves the
    /// buffers of the network towards them.
    fn add_statistics<N: Dim>(cache: &Self::Cache<N>, weight: T, target: &mut Self) {
        let _ = (cache, weight, target);
    }

    /// Adds the outputs of the layers inside to a list; a layer that is not made of layers leaves this out.
    #[doc(hidden)] // `network!` writes it
    fn list_activations<'a, N: Dim>(cache: &'a Self::Cache<N>, at: Path<'_>, list: &mut Vec<Activations<'a, T>>) {
        let _ = (cache, at, list);
    }

    /// The number of products that it adds up on the way forward, for one sample: the usual measure of what a layer
    /// costs. `IN · OUT` for [`Affine`](crate::layers::Affine), and nothing for what goes number by number.
    fn multiply_adds(&self) -> usize {
        0
    }
}

/// What a layer keeps between forward and backward for a batch of `N` samples.
pub trait Cache<N: Dim>: Send {
    /// A cache for that many samples.
    fn new(samples: N) -> Self;
}

impl<N: Dim> Cache<N> for () {
    fn new(_: N) -> Self {}
}

/// Numbers of the batch as a whole, such as its means.
impl<T: Scalar, N: Dim, const R: usize, const C: usize> Cache<N> for SMatrix<T, R, C> {
    fn new(_: N) -> Self {
        Self::zeros()
    }
}

impl<T: Scalar, N: Dim, F: Shape> Cache<N> for Batch<T, N, F> {
    fn new(samples: N) -> Self {
        Batch::zeros(samples, F::name())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::parameters::{nth_mut, parameters};
    use nalgebra::{Const, Dyn};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    const MODE: Mode = Mode::Train { seed: 1 };

    /// Checks a layer against central differences in `f64`, for static and dynamic batches of several sizes.
    ///
    /// The loss is a sum of the outputs with random weights, so its derivatives by the outputs are those
    /// weights. No input lies within 0.01 of zero, where some layers have a kink.
    pub(crate) fn check_gradients<F: Shape, L: Layer<f64, F>>(layer: &L, zeroed: &L) {
        check_batch(layer, zeroed, Const::<1>);
        check_batch(layer, zeroed, Const::<3>);
        check_batch(layer, zeroed, Dyn(2));
        check_batch(layer, zeroed, Dyn(17));
        check_infer(layer);
    }

    /// Checks a single sample's output against that of a batch of one.
    fn check_infer<F: Shape, L: Layer<f64, F>>(layer: &L) {
        let mut rng = StdRng::seed_from_u64(7);
        for zeros_from in [F::DIM, F::DIM / 2, 0] {
            let mut x = Batch::<f64, Const<1>, F>::zeros(Const, F::name());
            x.iter_mut().take(zeros_from).for_each(|value| *value = rng.random_range(-2.0..2.0));
            let mut y = Batch::zeros(Const, L::Out::name());
            layer.forward(&x, &mut y, &mut L::Cache::new(Const), Mode::Infer);
            let mut single = vec![f64::NAN; L::Out::DIM];
            layer.infer_into(x.data.values(), &mut single, &mut vec![f64::NAN; L::SCRATCH]);
            for (single, batch) in single.iter().zip(&y) {
                assert!((single - batch).abs() <= 1e-13 * (1.0 + batch.abs()), "{single}, not {batch}");
            }
        }
    }

    fn check_batch<F: Shape, L: Layer<f64, F>, N: Dim>(layer: &L, zeroed: &L, n: N) {
        let mut rng = StdRng::seed_from_u64(n.value() as u64);
        let mut x = Batch::<f64, N, F>::zeros(n, F::name());
        x.apply(|value| {
            *value = rng.random_range(0.01..2.0) * if rng.random() { 1.0 } else { -1.0 };
        });
        let mut dy = Batch::<f64, N, L::Out>::zeros(n, L::Out::name());
        dy.apply(|value| *value = rng.random_range(-1.0..1.0));

        let (mut y, mut cache) = (Batch::zeros(n, L::Out::name()), L::Cache::new(n));
        layer.forward(&x, &mut y, &mut cache, MODE);
        let mut dx = Batch::zeros(n, F::name());
        dx.fill(f64::NAN); // backward has to write all of it
        layer.backward(&x, &y, &dy, Some(&mut dx), &mut cache);
        let mut gradient = zeroed.clone();
        // In two parts, so that adding and scaling are checked too.
        L::add_gradient(&x, &dy, &cache, 0.25, &mut gradient);
        L::add_gradient(&x, &dy, &cache, 0.75, &mut gradient);

        let loss = |layer: &L, x: &Batch<f64, N, F>| {
            let (mut y, mut cache) = (Batch::zeros(n, L::Out::name()), L::Cache::new(n));
            layer.forward(x, &mut y, &mut cache, MODE);
            y.iter().zip(&dy).map(|(y, dy)| y * dy).sum::<f64>()
        };
        for element in 0..x.len() {
            let numerical = slope(|step| {
                let mut moved = x.clone();
                moved[element] += step;
                loss(layer, &moved)
            });
            assert_close(dx[element], numerical, &format!("dx, element {element}, of {} samples", n.value()));
        }
        for (index, block) in parameters(&gradient, Path::root("")).into_iter().enumerate() {
            for (element, &analytic) in block.values.iter().enumerate() {
                let numerical = slope(|step| {
                    let mut moved = layer.clone();
                    nth_mut(&mut moved, index).unwrap()[element] += step;
                    loss(&moved, &x)
                });
                assert_close(analytic, numerical, &format!("{block}, element {element}, of {} samples", n.value()));
            }
        }
    }

    fn slope(f: impl Fn(f64) -> f64) -> f64 {
        (f(1e-5) - f(-1e-5)) / 2e-5
    }

    fn assert_close(analytic: f64, numerical: f64, place: &str) {
        let error = (analytic - numerical).abs();
        assert!(error <= 1e-7 * (1.0 + numerical.abs()), "{place}: backward {analytic}, differences {numerical}");
    }
}
