//! The traits of layers.

#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix, SMatrix};

#[cfg(feature = "alloc")]
use crate::layers::activations::Activations;
#[cfg(feature = "alloc")]
use crate::layers::layer_info::LayerInfo;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
use crate::parameters::Parameters;
#[cfg(feature = "alloc")]
use crate::parameters::{Operation, Path};
use crate::scalar::Scalar;
use crate::shape::Shape;
#[cfg(feature = "alloc")]
use typenet_graph::Inside;

/// The output of a layer for a single sample, on slices; enough for a program that only runs a network.
///
/// ```text
/// x   In values   ->   y   Out values
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot follow a layer that outputs `{In}`",
    label = "this layer does not take `{In}`",
    note = "to use your own layer, implement `typenet::Infer<T, In>` and `typenet::Layer<T, In>` for every `T: Scalar`"
)]
pub trait Infer<T: Scalar, In: Shape> {
    /// The shape of the output.
    type Out: Shape;

    /// The number of scratch values that [`infer_into`](Self::infer_into) needs; 0 for most layers.
    const SCRATCH: usize = 0;

    /// The number of multiply-adds for one sample, the usual measure of cost.
    ///
    /// `IN · OUT` for [`Affine`](crate::layers::Affine), and 0 for elementwise layers.
    const MULTIPLY_ADDS: usize = 0;

    /// Computes `y` from `x`, without allocating.
    ///
    /// The result equals that of [`Layer::forward`] in [`Mode::Infer`].
    ///
    /// # Shapes
    ///
    /// `x` has `In` values and `y` has [`Out`](Self::Out); all of `y` must be written. `scratch` has at least
    /// [`SCRATCH`](Self::SCRATCH) unspecified values.
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]);
}

/// A differentiable map from `In` features to [`Out`](Infer::Out) features, for batches of any size `N`.
///
/// ```text
/// forward    x   (N x In)   ->  y   (N x Out)
/// backward   dy  (N x Out)  ->  dx  (N x In)      dy, dx: the derivatives of the loss with respect to y, x
/// gradient   x, dy          ->  dw                dw: the derivative with respect to the layer's parameters
/// ```
///
/// Your own layer works in `network!` like the built-in ones. Implement [`Infer`], `Layer` and [`Parameters`], the last
/// with an empty body if the layer has no parameters. Also implement `Clone`, and `Default`, or `new` if it has
/// hyperparameters.
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
/// In `network!`, write `Affine<784, 50> -> Softsign -> ...`. The gradient check finds mistakes in `backward`. For an
/// elementwise function such as this one, `#[activation]` generates the layer, with its derivative, from one line. The
/// example `custom_layer` shows a layer with a learned parameter.
#[cfg(feature = "alloc")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot follow a layer that outputs `{In}`",
    label = "this layer does not take `{In}`",
    note = "to use your own layer, implement `typenet::Layer<T, In>` for every `T: Scalar`"
)]
pub trait Layer<T: Scalar, In: Shape>: Infer<T, In> + Parameters<T> + Clone + Send + Sync {
    /// The values that forward stores for backward, besides the input and the output; `()` for most layers.
    type Cache<N: Dim>: Cache<N>;

    /// Computes `y` from `x`.
    ///
    /// `y` and `cache` hold values of an earlier batch; an implementation must overwrite all of them.
    ///
    /// The default implementation calls [`infer_into`](Infer::infer_into) for each sample, also in training, and
    /// allocates memory for one sample. The built-in layers compute whole batches; your own layer can do so too.
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

    /// Computes `dx` from `dy` and the input and output of forward. An implementation must overwrite all of `dx`.
    ///
    /// Networks call it for every layer. For the first layer `dx` is `None`, since the derivative with respect to the
    /// input is not needed. A layer that fills `cache` here, such as one with inner layers, must do so for the first layer
    /// too.
    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, In>>,
        cache: &mut Self::Cache<N>,
    );

    /// Adds `scale` times the gradient to `target`; a layer without parameters omits this method.
    ///
    /// A gradient has the type of its layer. Added to a layer of zeros, the result is the gradient itself. Added to the
    /// layer with `scale = -learning_rate`, it is a step of gradient descent. The parameters may change during such a
    /// step, so the gradient may depend on them only through `cache`.
    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        x: &Matrix<T, N, In, S>,
        dy: &Batch<T, N, Self::Out>,
        cache: &Self::Cache<N>,
        scale: T,
        target: &mut Self,
    ) {
        let _ = (x, dy, cache, scale, target);
    }

    /// Adds `weight` times the batch's statistics to the [buffers](crate::Kind::Buffer) of `target`.
    ///
    /// Statistics are stored with the gradient, so the statistics of several parts of a batch add up like their gradients.
    /// A step moves the network's buffers toward them. A layer without running statistics omits this method.
    fn add_statistics<N: Dim>(cache: &Self::Cache<N>, weight: T, target: &mut Self) {
        let _ = (cache, weight, target);
    }

    /// Adds the outputs of inner layers to a list; a layer without inner layers omits this method.
    #[doc(hidden)] // `network!` generates it
    fn list_activations<'a, N: Dim>(cache: &'a Self::Cache<N>, at: Path<'_>, list: &mut Vec<Activations<'a, T>>) {
        let _ = (cache, at, list);
    }

    /// The layer's computation in inference, in the operators of ONNX, or `None` if it has no such form.
    ///
    /// [`Files::to_onnx`](crate::Files::to_onnx) writes them, and those of the inner layers for a layer of layers, which
    /// omits this method.
    fn operation(&self) -> Option<Operation> {
        None
    }

    /// The inner layers, which tables and drawings show; a layer without inner layers omits this method.
    ///
    /// In a layer that adds its input to the output of `self.inner`, it returns
    /// `Some(Inside::Sum(vec![LayerInfo::branch::<In, _>(&self.inner), vec![]]))`.
    fn inside(&self) -> Option<Inside<LayerInfo<'_, T>>> {
        None
    }
}

/// The values that a layer stores between forward and backward, for a batch of `N` samples.
#[cfg(feature = "alloc")]
pub trait Cache<N: Dim>: Send {
    /// A cache for `samples` samples.
    fn new(samples: N) -> Self;
}

#[cfg(feature = "alloc")]
impl<N: Dim> Cache<N> for () {
    fn new(_: N) -> Self {}
}

/// The mode of forward, from which backward computes the same noise again.
#[cfg(feature = "alloc")]
impl<N: Dim> Cache<N> for Mode {
    fn new(_: N) -> Self {
        Self::Infer
    }
}

/// For an index of each sample, such as its class.
#[cfg(feature = "alloc")]
impl<N: Dim> Cache<N> for Vec<usize> {
    fn new(samples: N) -> Self {
        vec![0; samples.value()]
    }
}

/// For values of the batch as a whole, such as its means.
#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim, const R: usize, const C: usize> Cache<N> for SMatrix<T, R, C> {
    fn new(_: N) -> Self {
        Self::zeros()
    }
}

#[cfg(feature = "alloc")]
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

    const MODE: Mode = Mode::train(1);

    /// Checks a layer against central differences in `f64`, for static and dynamic batches of several sizes.
    ///
    /// The loss is a sum of the outputs with random weights, so these weights are its derivatives. No input is within
    /// 0.01 of zero, where some layers have a kink.
    pub(crate) fn check_gradients<F: Shape, L: Layer<f64, F>>(layer: &L, zeroed: &L) {
        if layer.min_samples() == 1 {
            check_batch(layer, zeroed, Const::<1>);
        }
        check_batch(layer, zeroed, Const::<3>);
        check_batch(layer, zeroed, Dyn(2));
        check_batch(layer, zeroed, Dyn(17));
        check_infer(layer);
    }

    /// Checks `infer_into` against a batch of one sample.
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
        dx.fill(f64::NAN); // backward must overwrite all of it
        layer.backward(&x, &y, &dy, Some(&mut dx), &mut cache);
        let mut gradient = zeroed.clone();
        // In two parts, to check adding and scaling too.
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
