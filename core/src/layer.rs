//! What a layer is.

use nalgebra::allocator::Allocator;
use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, DefaultAllocator, Dim, DimName, Matrix, OVector, VectorView, VectorViewMut};

use crate::product::transposed;
use crate::{Batch, Parameters, Scalar, zeros};

/// A differentiable map from `In` features to [`Out`](Layer::Out) features, for batches of any size `N`.
///
/// ```text
/// forward    x   (N x In)   ->  y   (N x Out)
/// backward   dy  (N x Out)  ->  dx  (N x In)      dy and dx: the derivatives of the loss by y and x
/// gradient   x, dy          ->  dw                the derivative of the loss by the layer's parameters
/// ```
///
/// A layer of your own implements it and stands in `network!` beside the built-in ones. It implements
/// [`Parameters`] too, with an empty body if it has none, and `Default`, or `new` if it has hyperparameters.
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::nalgebra::{Dim, DimName, Matrix, RawStorage};
/// use typenet::{Batch, Layer, Parameters, Scalar};
///
/// /// `y = x / (1 + |x|)`: as wide as what comes before it.
/// #[derive(Default)]
/// struct Softsign;
///
/// impl<T: Scalar> Parameters<T> for Softsign {}
///
/// impl<T: Scalar, F: DimName> Layer<T, F> for Softsign {
///     type Out = F;
///     type Memory<N: Dim> = ();
///
///     fn forward<N: Dim, S: RawStorage<T, N, F>>(
///         &self,
///         x: &Matrix<T, N, F, S>,
///         y: &mut Batch<T, N, F>,
///         _: &mut (),
///     ) {
///         y.zip_apply(x, |y, x| *y = x / (T::of(1.0) + x.abs()));
///     }
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
    message = "`{Self}` cannot follow a layer that gives `{In}` features",
    label = "this layer does not take `{In}` features",
    note = "a layer of your own implements `typenet::Layer<T, In>` for every `T: Scalar`"
)]
pub trait Layer<T: Scalar, In: DimName>: Parameters<T> + Sync {
    /// How many features it gives.
    type Out: DimName;

    /// What forward keeps for backward beside its input and output: `()` for most, a mask for dropout.
    type Memory<N: Dim>: Memory<N>;

    /// Calculates `y` from `x`. What `y` and `memory` hold before is left over from another batch: all of it has to be
    /// replaced.
    fn forward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &mut Batch<T, N, Self::Out>,
        memory: &mut Self::Memory<N>,
    );

    /// Computes `dx` from `dy`, given the input and output of forward. All of `dx` has to be replaced too.
    ///
    /// It is called for every layer. For the first one in a network `dx` is `None`: the derivative by the network's
    /// input is not needed. A layer that fills `memory` here, such as one made of layers, does that in any case.
    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, In>>,
        memory: &mut Self::Memory<N>,
    );

    /// Adds the gradient, times `scale`, to `target`; a layer without parameters leaves this out.
    ///
    /// A gradient has its layer's own type. Added to a layer of zeros it is the gradient itself; added to
    /// the layer that it is the gradient of, with `scale = -learning_rate`, it is a step of gradient
    /// descent. So it depends on the parameters only by what forward kept in `memory`.
    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        x: &Matrix<T, N, In, S>,
        dy: &Batch<T, N, Self::Out>,
        memory: &Self::Memory<N>,
        scale: T,
        target: &mut Self,
    ) {
        let _ = (x, dy, memory, scale, target);
    }

    /// How many products of two numbers it adds up on the way forward, for one sample: the usual measure of what a layer
    /// costs. `IN · OUT` for [`Affine`](crate::layers::Affine), and nothing for what goes number by number.
    fn multiply_adds(&self) -> usize {
        0
    }

    /// Calculates the output for a single sample, as [`Network::infer`](crate::Network::infer) needs it: `x` of `In`
    /// numbers, `y` of [`Out`](Layer::Out) numbers.
    ///
    /// By default this is [`forward`](Layer::forward) for a batch of one, which allocates that batch. The built-in
    /// layers do without, and so can a layer of your own; a layer that only trains differently, such as dropout,
    /// leaves that out here.
    fn infer(&self, x: VectorView<'_, T, In>, mut y: VectorViewMut<'_, T, Self::Out>) {
        let (mut batch, one) = (zeros(Const::<1>, Self::Out::name()), Const::<1>);
        self.forward(&transposed(&x), &mut batch, &mut Self::Memory::new(one));
        y.copy_from_slice(batch.data.values());
    }
}

/// A layer's output for a single sample, on the stack.
#[doc(hidden)] // `network!` writes calls of it
#[inline]
pub fn infer<T: Scalar, In: DimName, L: Layer<T, In>>(layer: &L, x: &OVector<T, In>) -> OVector<T, L::Out>
where
    DefaultAllocator: Allocator<In> + Allocator<L::Out>,
{
    let mut y = OVector::from_element_generic(L::Out::name(), Const, T::zero());
    let to = VectorViewMut::from_slice_generic(y.as_mut_slice(), L::Out::name(), Const);
    layer.infer(VectorView::from_slice_generic(x.as_slice(), In::name(), Const), to);
    y
}

/// What a layer keeps between forward and backward for a batch of `N` samples.
pub trait Memory<N: Dim> {
    /// Memory for that many samples.
    fn new(samples: N) -> Self;
}

impl<N: Dim> Memory<N> for () {
    fn new(_: N) -> Self {}
}

impl<T: Scalar, N: Dim, F: DimName> Memory<N> for Batch<T, N, F> {
    fn new(samples: N) -> Self {
        zeros(samples, F::name())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::parameters::{Path, nth_mut, parameters};
    use nalgebra::Dyn;
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    /// Checks a layer against central differences in `f64`, for static and dynamic batches of several sizes.
    ///
    /// The loss is a sum of the outputs with random weights, so its derivatives by the outputs are those
    /// weights. No input lies within 0.01 of zero, where some layers have a kink.
    pub(crate) fn check_gradients<F: DimName, L: Layer<f64, F> + Clone>(layer: &L, zeroed: &L) {
        check_batch(layer, zeroed, Const::<1>);
        check_batch(layer, zeroed, Const::<3>);
        check_batch(layer, zeroed, Dyn(2));
        check_batch(layer, zeroed, Dyn(17));
        check_infer(layer);
    }

    /// Checks a single sample's output against that of a batch of one.
    fn check_infer<F: DimName, L: Layer<f64, F>>(layer: &L) {
        let mut rng = StdRng::seed_from_u64(7);
        for zeros_from in [F::DIM, F::DIM / 2, 0] {
            let mut x = zeros::<f64, Const<1>, F>(Const, F::name());
            x.iter_mut().take(zeros_from).for_each(|value| *value = rng.random_range(-2.0..2.0));
            let mut y = zeros(Const, L::Out::name());
            layer.forward(&x, &mut y, &mut L::Memory::new(Const));
            let mut single = vec![f64::NAN; L::Out::DIM];
            layer.infer(
                VectorView::from_slice_generic(x.data.values(), F::name(), Const),
                VectorViewMut::from_slice_generic(&mut single, L::Out::name(), Const),
            );
            for (single, batch) in single.iter().zip(&y) {
                assert!((single - batch).abs() <= 1e-13 * (1.0 + batch.abs()), "{single}, not {batch}");
            }
        }
    }

    fn check_batch<F: DimName, L: Layer<f64, F> + Clone, N: Dim>(layer: &L, zeroed: &L, n: N) {
        let mut rng = StdRng::seed_from_u64(n.value() as u64);
        let mut x = zeros::<f64, N, F>(n, F::name());
        x.apply(|value| {
            *value = rng.random_range(0.01..2.0) * if rng.random() { 1.0 } else { -1.0 };
        });
        let mut dy = zeros::<f64, N, L::Out>(n, L::Out::name());
        dy.apply(|value| *value = rng.random_range(-1.0..1.0));

        let (mut y, mut memory) = (zeros(n, L::Out::name()), L::Memory::new(n));
        layer.forward(&x, &mut y, &mut memory);
        let mut dx = zeros(n, F::name());
        dx.fill(f64::NAN); // backward has to write all of it
        layer.backward(&x, &y, &dy, Some(&mut dx), &mut memory);
        let mut gradient = zeroed.clone();
        // In two parts, so that adding and scaling are checked too.
        L::add_gradient(&x, &dy, &memory, 0.25, &mut gradient);
        L::add_gradient(&x, &dy, &memory, 0.75, &mut gradient);

        let loss = |layer: &L, x: &Batch<f64, N, F>| {
            let (mut y, mut memory) = (zeros(n, L::Out::name()), L::Memory::new(n));
            layer.forward(x, &mut y, &mut memory);
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
