//! Custom layers that behave differently in training: with noise, with running statistics, or made of layers.
//!
//! Each is tested in the first and in a middle position, for gradients, files, resuming and threads, bit for bit.

#[allow(dead_code)] // each test uses only part of it
#[path = "support/classifier.rs"]
mod classifier;

use classifier::{Classifier, check_gradient, check_same_bits, check_single_samples, random, samples};
use typenet::{LayerTape, prelude::*};

/// In training, multiplies each value by a random factor from 0.5 to 1.5.
#[derive(Clone, Default)]
struct Noise;

impl<T: Scalar> Parameters<T> for Noise {}

impl<T: Scalar, F: Shape> Infer<T, F> for Noise {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.copy_from_slice(x);
    }
}

impl<T: Scalar, F: Shape> Layer<T, F> for Noise {
    type Cache<N: Dim> = Batch<T, N, F>; // the factors

    fn forward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        x: &Matrix<T, N, F, S>,
        y: &mut Batch<T, N, F>,
        factors: &mut Batch<T, N, F>,
        mode: Mode,
    ) {
        for (feature, mut column) in factors.column_iter_mut().enumerate() {
            for (sample, factor) in column.iter_mut().enumerate() {
                *factor = T::of(mode.noise(sample, feature).map_or(1.0, |noise| 0.5 + noise));
            }
        }
        y.zip_zip_apply(x, factors, |y, x, factor| *y = x * factor);
    }

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        _: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        factors: &mut Batch<T, N, F>,
    ) {
        if let Some(dx) = dx {
            dx.zip_zip_apply(dy, factors, |dx, dy, factor| *dx = dy * factor);
        }
    }
}

/// Subtracts the batch mean in training, and the running mean in inference.
#[derive(Clone)]
struct Center<const F: usize, T: Scalar> {
    mean: SMatrix<T, 1, F>,
}

impl<const F: usize, T: Scalar> Default for Center<F, T> {
    fn default() -> Self {
        Self { mean: SMatrix::zeros() }
    }
}

impl<const F: usize, T: Scalar> Parameters<T> for Center<F, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::buffer("mean", 0.25, &self.mean))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then(|| PartMut::parameter(&mut self.mean))
    }
}

impl<const F: usize, T: Scalar> Infer<T, Const<F>> for Center<F, T> {
    type Out = Const<F>;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x).zip(&self.mean).for_each(|((y, &x), &mean)| *y = x - mean);
    }
}

impl<const F: usize, T: Scalar> Layer<T, Const<F>> for Center<F, T> {
    type Cache<N: Dim> = SMatrix<T, 1, F>; // the batch's means

    fn forward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        x: &Matrix<T, N, Const<F>, S>,
        y: &mut Batch<T, N, Const<F>>,
        means: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        for feature in 0..F {
            let sum = x.column(feature).iter().fold(T::of(0.0), |sum, &x| sum + x);
            means[feature] = if mode.is_training() { sum / T::of(x.nrows() as f64) } else { self.mean[feature] };
            y.column_mut(feature).zip_apply(&x.column(feature), |y, x| *y = x - means[feature]);
        }
    }

    fn backward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        _: &Matrix<T, N, Const<F>, S>,
        _: &Batch<T, N, Const<F>>,
        dy: &Batch<T, N, Const<F>>,
        dx: Option<&mut Batch<T, N, Const<F>>>,
        _: &mut Self::Cache<N>,
    ) {
        let Some(dx) = dx else { return };
        for feature in 0..F {
            let mean = dy.column(feature).sum() / T::of(dy.nrows() as f64);
            dx.column_mut(feature).zip_apply(&dy.column(feature), |dx, dy| *dx = dy - mean);
        }
    }

    fn add_statistics<N: Dim>(means: &SMatrix<T, 1, F>, weight: T, target: &mut Self) {
        target.mean.zip_apply(means, |mean, batch| *mean += weight * batch);
    }
}

/// A layer made of other layers: `y = Noise(A(x))`, centered.
#[derive(Clone, Default)]
struct Both<T: Scalar> {
    affine: Affine<4, 4, T>,
    noise: Noise,
    center: Center<4, T>,
}

struct BothCache<T: Scalar, N: Dim> {
    affine: LayerTape<T, N, Const<4>, Affine<4, 4, T>>,
    noise: LayerTape<T, N, Const<4>, Noise>,
    center: LayerTape<T, N, Const<4>, Center<4, T>>,
}

impl<T: Scalar, N: Dim> typenet::Cache<N> for BothCache<T, N> {
    fn new(samples: N) -> Self {
        Self { affine: LayerTape::new(samples), noise: LayerTape::new(samples), center: LayerTape::new(samples) }
    }
}

impl<T: Scalar> Parameters<T> for Both<T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        match index {
            0 => Some(Part::inside("affine", &self.affine)),
            1 => Some(Part::inside("noise", &self.noise)),
            2 => Some(Part::inside("center", &self.center)),
            _ => None,
        }
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::Inside(&mut self.affine)),
            1 => Some(PartMut::Inside(&mut self.noise)),
            2 => Some(PartMut::Inside(&mut self.center)),
            _ => None,
        }
    }
}

impl<T: Scalar> Infer<T, Const<4>> for Both<T> {
    type Out = Const<4>;
    const SCRATCH: usize = 4;

    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let (affine, scratch) = scratch.split_at_mut(4);
        self.affine.infer_into(x, affine, scratch);
        self.center.infer_into(affine, y, scratch);
    }
}

impl<T: Scalar> Layer<T, Const<4>> for Both<T> {
    type Cache<N: Dim> = BothCache<T, N>;

    fn forward<N: Dim, S: RawStorage<T, N, Const<4>>>(
        &self,
        x: &Matrix<T, N, Const<4>, S>,
        y: &mut Batch<T, N, Const<4>>,
        cache: &mut BothCache<T, N>,
        mode: Mode,
    ) {
        cache.affine.forward(&self.affine, x, mode.inside(0));
        cache.noise.forward(&self.noise, &cache.affine.y, mode.inside(1));
        cache.center.forward(&self.center, &cache.noise.y, mode.inside(2));
        y.copy_from(&cache.center.y);
    }

    fn backward<N: Dim, S: RawStorage<T, N, Const<4>>>(
        &self,
        x: &Matrix<T, N, Const<4>, S>,
        _: &Batch<T, N, Const<4>>,
        dy: &Batch<T, N, Const<4>>,
        dx: Option<&mut Batch<T, N, Const<4>>>,
        cache: &mut BothCache<T, N>,
    ) {
        cache.center.dy.copy_from(dy);
        cache.center.backward(&self.center, &cache.noise.y, Some(&mut cache.noise.dy));
        cache.noise.backward(&self.noise, &cache.affine.y, Some(&mut cache.affine.dy));
        cache.affine.backward(&self.affine, x, dx);
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, Const<4>>>(
        x: &Matrix<T, N, Const<4>, S>,
        _: &Batch<T, N, Const<4>>,
        cache: &BothCache<T, N>,
        scale: T,
        target: &mut Self,
    ) {
        cache.affine.add_gradient(x, scale, &mut target.affine);
    }

    fn add_statistics<N: Dim>(cache: &BothCache<T, N>, weight: T, target: &mut Self) {
        cache.center.add_statistics(weight, &mut target.center);
    }
}

network! {
    struct NoiseFirst = Input<4> -> Noise -> Affine<4, 5> -> Tanh -> Affine<5, 3> -> SoftmaxWithLoss;
    struct NoiseMiddle = Affine<4, 5> -> Noise -> Tanh -> Noise -> Affine<5, 3> -> SoftmaxWithLoss;
    struct CenterFirst = Input<4> -> Center<4, T> -> Affine<4, 5> -> Tanh -> Affine<5, 3> -> SoftmaxWithLoss;
    struct CenterMiddle = Affine<4, 5> -> Center<5, T> -> Tanh -> Affine<5, 3> -> SoftmaxWithLoss;
    struct BothFirst = Input<4> -> Both<T> -> Tanh -> Affine<4, 3> -> SoftmaxWithLoss;
    struct BothMiddle = Affine<4, 4> -> Tanh -> Both<T> -> Both<T> -> Affine<4, 3> -> SoftmaxWithLoss;
    struct Plain = Affine<4, 5> -> Tanh -> Affine<5, 3> -> SoftmaxWithLoss;
}

/// Runs a generic function for each network.
macro_rules! for_all {
    ($function:ident) => {
        $function::<NoiseFirst<f64>>("noise-first");
        $function::<NoiseMiddle<f64>>("noise-middle");
        $function::<CenterFirst<f64>>("center-first");
        $function::<CenterMiddle<f64>>("center-middle");
        $function::<BothFirst<f64>>("both-first");
        $function::<BothMiddle<f64>>("both-middle");
    };
}

fn batch<N: Dim>(count: N) -> (Batch<f64, N, Const<4>>, Labels<N, Const<3>>) {
    let (x, labels) = samples::<f64, N, 4>(count);
    (Batch::from_matrix(&x), labels)
}

#[test]
fn gradients_agree_with_differences() {
    for_all!(check_gradient);
}

#[test]
fn one_sample_is_a_batch_of_one() {
    fn check<Net: Classifier>(name: &str) {
        check_single_samples::<Net>(name, 1e-14);
    }
    for_all!(check);
}

#[test]
fn files_resumption_and_threads_give_the_same_bits() {
    for_all!(check_same_bits);
}

#[test]
fn noise_differs_between_steps_and_layers_but_not_between_repeated_passes() {
    let (net, (x, labels)) = (random::<NoiseMiddle<f64>>(), batch(Const::<7>));
    let mut tape = NoiseMiddle::tape(Const::<7>);
    let losses: Vec<f64> = (0..4).map(|_| tape.forward(&net, &x).loss(&labels)).collect();
    assert!((1..4).all(|step| losses[step] != losses[0]), "{losses:?}");
    tape.set_noise(0, 0);
    let again: Vec<f64> = (0..4).map(|_| tape.forward(&net, &x).loss(&labels)).collect();
    assert_eq!(again, losses);
    let mode = Mode::train(9);
    assert_eq!(
        tape.forward_in(mode, &net, &x).loss(&labels),
        NoiseMiddle::tape(Const::<7>).forward_in(mode, &net, &x).loss(&labels)
    );
    // Steps without a tape have their own noise too.
    let mut net = net;
    let gradients = [net.gradient(&x, &labels), {
        net.descend(&x, &labels, 0.0);
        net.affine1.bias[0] += 1e-12;
        net.gradient(&x, &labels)
    }];
    assert!((gradients[0].affine1.weight[0] - gradients[1].affine1.weight[0]).abs() > 1e-6);
    assert_eq!(net.predict(&x), net.predict(&x));
}

/// Each kind of step updates `r += 0.25 (b - r)`.
#[test]
fn running_statistics_follow_the_batches() {
    let (x, labels) = batch(Const::<7>);
    let mean: Vec<f64> = x.column_iter().map(|column| column.sum() / 7.0).collect();
    let check = |net: &CenterFirst<f64>, steps: i32| {
        for (running, mean) in net.center1.mean.iter().zip(&mean) {
            assert!((running - mean * (1.0 - 0.75_f64.powi(steps))).abs() < 1e-15, "{running} of {mean}");
        }
    };
    let mut net = random::<CenterFirst<f64>>();
    let mut tape = CenterFirst::tape(Const::<7>);
    net.descend(&x, &labels, 0.1);
    check(&net, 1);
    net.descend_with(&x, &labels, 0.1, &mut tape);
    check(&net, 2);
    Sgd::new().descend_with(&mut net, &x, &labels, 0.1, &mut tape);
    check(&net, 3);
    Adam::new().descend_with(&mut net, &x, &labels, 0.1, &mut tape);
    check(&net, 4);
    let gradient = net.gradient(&x, &labels);
    net.update(&gradient, 0.1);
    check(&net, 5);
    net.freeze("center1").unwrap();
    net.descend_with(&x, &labels, 0.1, &mut tape);
    Adam::new().descend_with(&mut net, &x, &labels, 0.1, &mut tape);
    check(&net, 5);
}

/// The weighted gradients of four quarters add up to that of the whole batch.
#[test]
fn accumulated_gradients_equal_that_of_the_whole_batch() {
    let (net, (x, labels)) = (random::<Plain<f64>>(), batch(Dyn(20)));
    let whole = net.gradient(&x, &labels);
    let (mut sum, mut tape) = (Plain::zeros(), Plain::tape(Dyn(5)));
    for quarter in 0..4 {
        let part = Batch::from_matrix(&x.rows(5 * quarter, 5));
        let labels = Labels::new(Dyn(5), &labels.classes()[5 * quarter..][..5]).unwrap();
        tape.forward(&net, &part).backward(&labels).add_gradient(0.25, &mut sum);
    }
    for (sum, whole) in sum.parameters().zip(whole.parameters()) {
        assert!(sum.values.iter().zip(whole.values).all(|(sum, whole)| (sum - whole).abs() < 1e-12), "{whole}");
    }
    let [mut one, mut other] = [net.clone(), net.clone()];
    Adam::new().step(&mut one, &sum, 0.01);
    Adam::new().step(&mut other, &whole, 0.01);
    let distance = one.parameters().zip(other.parameters()).flat_map(|(one, other)| {
        one.values.iter().zip(other.values).map(|(one, other)| (one - other).abs()).collect::<Vec<_>>()
    });
    assert!(distance.fold(0.0, f64::max) < 1e-9);
}

/// Covers weight decay, clipping and momentum.
#[test]
fn frozen_parameters_keep_their_bits_with_every_optimizer() {
    fn check(mut optimizer: impl Optimizer<Plain<f64>>) {
        let (mut net, (x, labels)) = (random::<Plain<f64>>(), batch(Const::<7>));
        let mut tape = Plain::tape(Const::<7>);
        optimizer.descend_with(&mut net, &x, &labels, 0.01, &mut tape);
        net.freeze("affine1").unwrap();
        net.freeze("affine2.bias").unwrap();
        let before = net.clone();
        for _ in 0..3 {
            optimizer.descend_with(&mut net, &x, &labels, 0.01, &mut tape);
            let gradient = net.gradient(&x, &labels);
            optimizer.step(&mut net, &gradient, 0.01);
            net.descend(&x, &labels, 0.01);
            net.update(&gradient, 0.01);
        }
        assert_eq!(net.affine1, before.affine1, "{}", optimizer.name());
        assert_eq!(net.affine2.bias, before.affine2.bias, "{}", optimizer.name());
        assert_ne!(net.affine2.weight, before.affine2.weight, "{}", optimizer.name());
        net.thaw("affine1.weight").unwrap();
        optimizer.descend_with(&mut net, &x, &labels, 0.01, &mut tape);
        assert_ne!(net.affine1.weight, before.affine1.weight, "{}", optimizer.name());
        assert_eq!(net.affine1.bias, before.affine1.bias, "{}", optimizer.name());
    }
    check(Sgd::new().weight_decay(0.1));
    check(Sgd::new().weight_decay(0.1).clip_norm(1.0));
    check(Momentum::new().weight_decay(0.1));
    check(Nesterov::new().weight_decay(0.1));
    check(AdaGrad::new().weight_decay(0.1));
    check(RmsProp::new().weight_decay(0.1));
    check(Adam::new().weight_decay(0.1).clip_norm(1.0));
    check(AdamW::new());
}

#[test]
fn an_unknown_parameter_name_is_an_error() {
    let mut net = Plain::<f64>::default();
    for name in ["affine", "affine1.", "affine1.weights", ""] {
        let error = net.freeze(name).unwrap_err().to_string();
        let names = "affine1.weight, affine1.bias, affine2.weight, affine2.bias";
        assert_eq!(error, format!("`Plain` has no parameter `{name}`; it has {names}"));
    }
}
