//! A training step on a tape allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use typenet::data::Augment;
use typenet::data::mnist::Digits;
use typenet::nalgebra::SVector;
use typenet::prelude::*;
use typenet::training::Trainer;
use typenet::{Continuous, Labels, Samples};

/// Counts allocations of the system's allocator.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

#[allow(unsafe_code)] // implementing an allocator is unsafe; this one delegates to the system's
// SAFETY: every call is forwarded unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: forwarded unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: forwarded unchanged.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: forwarded unchanged.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

network! {
    struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
    struct Activated = Affine<4, 80> -> Softsign -> Gelu -> Bent(0.3) -> Affine<80, 3> -> Silu -> MeanSquaredError;
    struct Normalized = Input<784> -> BatchNorm<784> -> Affine<784, 40> -> BatchNorm<40> -> PRelu<40> -> Dropout(0.2)
        -> AffineWithoutBias<40, 30> -> LayerNorm<30> -> Relu -> RmsNorm<30> -> Dropout -> Affine<30, 10>
        -> SoftmaxWithLoss;
    block Unit<const F: usize> = Residual[BatchNorm<F> -> Tanh -> Affine<F, F> -> Dropout(0.2)] -> PRelu<F>;
    block Wide = Affine<784, 24> -> Concat[Identity | Unit<24> -> Affine<_, 8>] -> LayerNorm<_> -> Gelu;
    struct Nested = Wide -> Residual[Sum[Unit<32> | AffineWithoutBias<_, 32> -> Elu | Residual[Silu -> RmsNorm<32>]]]
        -> Concat[Affine<_, 10> -> LeakyRelu(0.1) | Sum[Softsign | Softplus] -> Affine<_, 20> -> Sigmoid | Bent(0.3)]
        -> Affine<_, 10> -> SoftmaxWithLoss;
    struct Words = Embedding<10, 16> -> Residual[Unit<16> -> Sum[Affine<16, 16> -> Relu | Dropout]] -> Affine<16, 10>
        -> SoftmaxWithLoss;
    struct Pictures = Input<1, 28, 28> -> Conv2d<1, 6, 5>(stride = 2, ignore_rest = true) -> Relu -> Conv2d<_, 6, 3>(groups = 3, padding = same)
        -> ConvTranspose2d<6, 3, 2>(stride = 2) -> MaxPool2d<3> -> AdaptiveAveragePool2d<3> -> Flatten -> Affine<_, 10>
        -> SoftmaxWithLoss;
    struct Signals = Input<4, 196> -> Conv1d<4, 6, 5> -> Relu -> MaxPool1d<3> -> Conv1d<_, 6, 3>(groups = 6)
        -> AveragePool1d<2> -> GlobalAveragePool -> Affine<_, 10> -> SoftmaxWithLoss;
    struct Regression = Affine<784, 30> -> Sigmoid -> Affine<30, 20> -> Tanh -> Affine<20, 3> -> MeanSquaredError;
}

#[activation]
fn softsign<T: Scalar>(x: T) -> T {
    x / (T::one() + x.abs())
}

#[activation]
fn bent<T: Scalar>(x: T, slope: T) -> T {
    x.max(slope * x) * softsign(x)
}

fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    work();
    ALLOCATIONS.load(Ordering::Relaxed) - before
}

/// Checks that an optimizer allocates nothing after its first step.
fn steps_allocate_nothing(
    mut optimizer: impl Optimizer<Regression>,
    net: &mut Regression,
    x: &Samples<f32, Const<100>, Const<784>>,
    target: &Batch<f32, Const<100>, Const<3>>,
) {
    let mut tape = Regression::tape(Const);
    optimizer.descend_with(net, x, target, 0.001, &mut tape);
    let count = allocations(|| {
        for _ in 0..20 {
            optimizer.descend_with(net, x, target, 0.001, &mut tape);
        }
    });
    assert_eq!(count, 0, "{}", optimizer.name());
}

/// Checks that steps, evaluations and inference allocate nothing after the first step.
fn all_layers_allocate_nothing<F: Shape, Net>(
    mut net: Net,
    x: &Samples<f32, Const<100>, F>,
    labels: &Labels<Const<100>, Const<10>>,
    infer: impl Fn(&Net) -> f32,
) where
    Net: Network<Scalar = f32, Input = F, Output = Const<10>, Loss = SoftmaxWithLoss>,
{
    let (mut tape, mut adam) = (Net::tape(Const), Adam::new());
    net.descend_with(x, labels, 0.1, &mut tape);
    adam.descend_with(&mut net, x, labels, 0.001, &mut tape);
    let count = allocations(|| {
        for _ in 0..20 {
            net.descend_with(x, labels, 0.1, &mut tape);
            adam.descend_with(&mut net, x, labels, 0.001, &mut tape);
            net.loss_with(x, labels, &mut tape);
            assert!(infer(&net).is_finite());
        }
    });
    assert_eq!(count, 0, "{}", Net::NAME);
}

type Training<'a> = Trainer<'a, Normalized, Adam<Normalized>, Digits>;

/// Counts the allocations of a training run of `steps` steps, in parts or in shards.
fn allocations_of_run(train: &Digits, steps: u64, divide: fn(Training<'_>) -> Training<'_>) -> usize {
    let net = Normalized::random(He, &mut StdRng::seed_from_u64(1));
    let trainer = divide(Trainer::new(net, Adam::new(), Schedule::constant(0.001), train));
    let mut trainer = trainer.batch_size(80).iterations(steps).evaluate_every(1000);
    allocations(|| assert!(trainer.run().is_ok()))
}

/// Checks that gradients with respect to the input allocate nothing after the first one, or `buffers` each.
fn input_gradients_allocate_nothing<Net>(
    net: &Net,
    x: &Samples<f32, Const<100>, Net::Input>,
    labels: &Labels<Const<100>, Const<10>>,
    buffers: usize,
) where
    Net: Network<Scalar = f32, Input: Continuous, Output = Const<10>, Loss = SoftmaxWithLoss>,
{
    let (mut tape, dy) = (Net::tape(Const), labels.one_hot());
    net.input_gradient_with(x, labels, &mut tape);
    let count = allocations(|| {
        for _ in 0..20 {
            net.input_gradient_with(x, labels, &mut tape);
            net.input_gradient_from_with(x, &dy, &mut tape);
        }
    });
    assert_eq!(count, 40 * buffers, "{}", Net::NAME);
}

// Keep a single test: tests on other threads would be counted too.
#[test]
fn steps_on_a_tape_allocate_nothing() {
    let mut rng = StdRng::seed_from_u64(1);
    let (train, _) = digits::generate(200, 0, 1);
    let mut net: TwoLayerNet = TwoLayerNet::random(He, &mut rng);
    let (mut x, mut labels) = (Samples::zeros(Const::<100>, Const), Labels::zeros(Const));
    let (mut tape, mut gradient, mut answers) = (TwoLayerNet::tape(Const), TwoLayerNet::zeros(), Labels::zeros(Const));

    // The first step grows the scratch memory of the products.
    train.sample_into(&mut x, &mut labels, &mut rng);
    let first = allocations(|| {
        net.descend_with(&x, &labels, 0.1, &mut tape);
    });
    assert!(first > 0);
    let count = allocations(|| {
        for _ in 0..100 {
            train.sample_into(&mut x, &mut labels, &mut rng);
            net.descend_with(&x, &labels, 0.1, &mut tape);
            net.gradient_with(&x, &labels, &mut tape, &mut gradient);
            net.update(&gradient, 0.1);
            net.loss_with(&x, &labels, &mut tape);
            net.accuracy_with(&x, &labels, &mut tape);
            net.classify_with(&x, &mut tape, &mut answers);
            net.predict_with(&x, &mut tape);
        }
    });
    assert_eq!(count, 0);

    let (augment, mut changed) = (Augment::<1, 28, 28>::new().shift(2).rotate(10.0), x.clone());
    let count = allocations(|| {
        for step in 0..20 {
            augment.apply_into(&x, &mut changed, step);
            net.descend_with(&changed, &labels, 0.1, &mut tape);
        }
    });
    assert_eq!(count, 0);

    let divisions: [fn(Training<'_>) -> Training<'_>; 2] =
        [|trainer| trainer.accumulate(3), |trainer| trainer.shards(3)];
    for divide in divisions {
        allocations_of_run(&train, 3, divide); // grows the scratch memory
        assert_eq!(allocations_of_run(&train, 10, divide), allocations_of_run(&train, 40, divide));
    }

    let sample = SVector::<f32, 784>::repeat(0.5);
    let infer = |net: &Normalized| net.infer(&sample)[0];
    all_layers_allocate_nothing(Normalized::random(He, &mut rng), &x, &labels, infer);
    all_layers_allocate_nothing(Nested::random(He, &mut rng), &x, &labels, |net| net.infer(&sample)[0]);
    all_layers_allocate_nothing(Pictures::random(He, &mut rng), &x, &labels, |net| net.infer(&sample)[0]);
    all_layers_allocate_nothing(Signals::random(He, &mut rng), &x, &labels, |net| net.infer(&sample)[0]);
    input_gradients_allocate_nothing(&Normalized::random(He, &mut rng), &x, &labels, 0);
    input_gradients_allocate_nothing(&Nested::random(He, &mut rng), &x, &labels, 0);
    input_gradients_allocate_nothing(&Pictures::random(He, &mut rng), &x, &labels, 1);
    input_gradients_allocate_nothing(&Signals::random(He, &mut rng), &x, &labels, 1);
    let words = Samples::from_classes(Const::<100>, &[3; 100]).unwrap();
    let infer = |net: &Words| net.infer_class(3).unwrap()[0];
    all_layers_allocate_nothing(Words::random(He, &mut rng), &words, &labels, infer);

    let mut net: Regression = Regression::random(Xavier, &mut rng);
    let mut target = Batch::zeros(Const::<100>, Const);
    target.fill(0.5);
    let mut tape = Regression::tape(Const);
    net.descend_with(&x, &target, 0.1, &mut tape);
    let count = allocations(|| {
        for _ in 0..100 {
            net.descend_with(&x, &target, 0.1, &mut tape);
        }
    });
    assert_eq!(count, 0);

    steps_allocate_nothing(Sgd::new().weight_decay(0.01), &mut net, &x, &target);
    steps_allocate_nothing(Sgd::new().weight_decay(0.01).clip_norm(1.0), &mut net, &x, &target);
    steps_allocate_nothing(Momentum::new(), &mut net, &x, &target);
    steps_allocate_nothing(Nesterov::new(), &mut net, &x, &target);
    steps_allocate_nothing(AdaGrad::new(), &mut net, &x, &target);
    steps_allocate_nothing(RmsProp::new(), &mut net, &x, &target);
    steps_allocate_nothing(Adam::new(), &mut net, &x, &target);
    steps_allocate_nothing(AdamW::new().clip_norm(1.0), &mut net, &x, &target);

    let (x, mut y) = (SVector::<f32, 784>::repeat(0.5), SVector::<f32, 3>::zeros());
    let count = allocations(|| {
        for _ in 0..100 {
            y += net.infer(&x);
        }
    });
    assert_eq!(count, 0);
    assert!(y.iter().all(|value| value.is_finite()));

    let net: Activated = Activated::random(Xavier, &mut rng);
    let (x, mut y) = (SVector::<f32, 4>::repeat(0.5), SVector::<f32, 3>::zeros());
    let mut sum = 0.0;
    let count = allocations(|| {
        for _ in 0..100 {
            y += net.infer(&x);
            let call = bent::forward(y[0], 0.3);
            sum += call.value() + call.backward(1.0).x;
        }
    });
    assert_eq!(count, 0);
    assert!(sum.is_finite());
}
