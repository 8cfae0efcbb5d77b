//! Compares the layers with PyTorch, and tests dropout and batch normalization in networks.

#[allow(dead_code)] // each test uses only part of it
#[path = "support/classifier.rs"]
mod classifier;

use std::collections::BTreeSet;
use std::path::PathBuf;

use classifier::{Classifier, check_gradient, check_same_bits, check_single_samples, points, random, samples};
use typenet::layers::BatchNorm;
use typenet::training::{Trainer, TrainingError};
use typenet::{LayerTape, prelude::*, with_threads};

/// PyTorch's numbers, written by `scripts/layer-numbers.py`.
const FIXTURE: &str = include_str!("fixtures/layers.txt");

/// Returns the numbers of the line with a name.
fn numbers(line: &str) -> Vec<f64> {
    let found = FIXTURE.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("no line `{line}`"));
    found.split(' ').map(|number| number.parse().unwrap()).collect()
}

/// Fills a batch from the numbers of the samples, one after the other.
fn batch<T: Scalar, const F: usize>(numbers: &[f64]) -> Batch<T, Dyn, Const<F>> {
    let of_sample = |sample: usize| &numbers[5 * sample..];
    Batch::from_fn(Dyn(numbers.len() / 5), Const, |sample, feature| T::of(of_sample(sample)[feature]))
}

fn row<T: Scalar>(name: &str) -> Batch<T, Const<1>, Const<5>> {
    let numbers = numbers(name);
    Batch::from_fn(Const, Const, |_, feature| T::of(numbers[feature]))
}

/// Compares values with a line, relative to the largest number of the line.
fn compare<T: Scalar>(line: &str, found: impl Iterator<Item = T>) {
    let line = format!("{line} {}", 8 * size_of::<T>());
    let expected = numbers(&line);
    let largest = expected.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    let found: Vec<f64> = found.map(T::as_f64).collect();
    assert_eq!(found.len(), expected.len(), "{line}");
    let difference =
        found.iter().zip(&expected).fold(0.0_f64, |largest, (found, expected)| largest.max((found - expected).abs()));
    let tolerance = if size_of::<T>() == 4 { 1e-6 } else { 1e-12 };
    println!("{line:<35}{:.1e}", difference / largest);
    assert!(difference <= tolerance * largest, "{line}: {found:?} instead of {expected:?}");
}

/// The values of a batch, one sample after the other.
fn by_samples<T: Scalar, N: Dim, F: Dim>(batch: &Batch<T, N, F>) -> impl Iterator<Item = T> {
    batch.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>())
}

/// Runs a layer forward and backward, and compares its output and derivatives with PyTorch's.
fn check<T: Scalar, const OUT: usize, L>(name: &str, layer: &L, mode: Mode)
where
    L: Layer<T, Const<5>, Out = Const<OUT>>,
{
    let (x, dy) = (batch::<T, 5>(&numbers("x")), batch::<T, OUT>(&numbers("dy")));
    let (mut tape, mut dx) = (LayerTape::<T, _, _, L>::new(Dyn(6)), Batch::zeros(Dyn(6), Const));
    tape.forward(layer, &x, mode);
    tape.dy = dy;
    tape.backward(layer, &x, Some(&mut dx));
    compare(&format!("{name} y"), by_samples(&tape.y));
    compare(&format!("{name} dx"), by_samples(&dx));
    let mut gradient = layer.clone();
    tape.add_gradient(&x, T::of(1.0), &mut gradient);
    for index in 0.. {
        // The gradient was added to the parameters.
        let Some(PartMut::Parameter(sums)) = gradient.part_mut(index) else { return };
        let mut before = layer.clone();
        let Some(PartMut::Parameter(before)) = before.part_mut(index) else { return };
        let part = ["scale", "shift"].get(index).copied().unwrap_or_default();
        let part = match name.split('-').next() {
            Some("PRelu") => "slope",
            Some("AffineWithoutBias") => "weight",
            _ => part,
        };
        if !part.is_empty() {
            compare(&format!("{name} d{part}"), sums.iter().zip(before).map(|(&sum, &mut before)| sum - before));
        }
    }
}

const TRAIN: Mode = Mode::train(0);

fn all_agree<T: Scalar>() {
    let (scale, shift) = (row::<T>("scale"), row::<T>("shift"));
    let mut norm = BatchNorm::<5, T> { scale: scale.clone(), shift: shift.clone(), ..BatchNorm::default() };
    check("BatchNorm", &norm, TRAIN);
    let step = |norm: &mut BatchNorm<5, T>, numbers: &[f64]| {
        let x = batch::<T, 5>(numbers);
        let mut tape = LayerTape::<T, _, _, BatchNorm<5, T>>::new(Dyn(6));
        tape.forward(norm, &x, TRAIN);
        let mut statistics = norm.clone();
        statistics.mean.fill(T::of(0.0));
        statistics.variance.fill(T::of(0.0));
        tape.add_statistics(T::of(1.0), &mut statistics);
        let momentum = T::of(norm.momentum);
        norm.mean.zip_apply(&statistics.mean, |mean, batch| *mean += momentum * (batch - *mean));
        norm.variance.zip_apply(&statistics.variance, |variance, batch| *variance += momentum * (batch - *variance));
    };
    for numbers in numbers("batches").chunks(30) {
        step(&mut norm, numbers);
    }
    compare("BatchNorm mean", norm.mean.iter().copied());
    compare("BatchNorm variance", norm.variance.iter().copied());
    check("BatchNorm-evaluation", &norm, Mode::Infer);
    let mut norm = BatchNorm::<5, T>::default().momentum(0.25).epsilon(0.5);
    (norm.scale, norm.shift) = (scale.clone(), shift.clone());
    check("BatchNorm-settings", &norm, TRAIN);
    step(&mut norm, &numbers("x"));
    compare("BatchNorm-settings mean", norm.mean.iter().copied());
    compare("BatchNorm-settings variance", norm.variance.iter().copied());

    let norm = LayerNorm::<5, T> { scale: scale.clone(), shift, ..LayerNorm::default() };
    check("LayerNorm", &norm, TRAIN);
    check("LayerNorm-settings", &norm.epsilon(0.5), Mode::Infer);
    let norm = RmsNorm::<5, T> { scale: scale.clone(), ..RmsNorm::default() };
    check("RmsNorm", &norm, TRAIN);
    check("RmsNorm-settings", &norm.epsilon(0.5), Mode::Infer);
    check("PRelu", &PRelu::<5, T>::default(), TRAIN);
    check("PRelu-settings", &PRelu::<5, T> { slope: scale }, TRAIN);
    let mut weights = numbers("weight").into_iter();
    let mut affine = AffineWithoutBias::<5, 3, T>::default();
    affine.weight.iter_mut().for_each(|weight| *weight = T::of(weights.next().unwrap()));
    check("AffineWithoutBias", &affine, TRAIN);
}

/// PyTorch has the weight by rows.
fn embedding_agrees<T: Scalar>() {
    let weights = numbers("weight");
    let weight = Batch::from_fn(Const, Const, |class, feature| T::of(weights[3 * class + feature]));
    let embedding = Embedding::<5, 3, T> { weight };
    let x = Samples::from_classes(Dyn(6), &[2, 0, 4, 2, 3, 2]).unwrap();
    let mut tape = LayerTape::<T, _, _, Embedding<5, 3, T>>::new(Dyn(6));
    tape.forward(&embedding, &x, TRAIN);
    tape.dy = batch::<T, 3>(&numbers("dy"));
    compare("Embedding y", by_samples(&tape.y));
    let mut gradient = Embedding::default();
    tape.add_gradient(&x, T::of(1.0), &mut gradient);
    compare("Embedding dweight", by_samples(&gradient.weight));
}

#[test]
fn layers_agree_with_pytorch() {
    embedding_agrees::<f32>();
    embedding_agrees::<f64>();
    all_agree::<f32>();
    all_agree::<f64>();
}

network! {
    struct NamedActivations = Affine<4, 6> -> LeakyRelu(negative_slope = 0.2) -> Elu(alpha = 0.5) -> Dropout(p = 0.1)
        -> Affine<6, 3> -> SoftmaxWithLoss;
    struct Dropped = Affine<4, 6> -> Dropout -> Tanh -> Dropout(0.25) -> Affine<6, 3> -> SoftmaxWithLoss;
    struct DroppedInput = Input<4> -> Dropout(0.2) -> Affine<4, 6> -> Tanh -> Affine<6, 3> -> SoftmaxWithLoss;
    struct Normalized = Input<4> -> AffineWithoutBias<4, 6> -> BatchNorm<6> -> Relu -> AffineWithoutBias<6, 3>
        -> BatchNorm<3> -> SoftmaxWithLoss;
    struct NormalizedInput = Input<4> -> BatchNorm<4> -> Affine<4, 6> -> Tanh -> Affine<6, 3> -> SoftmaxWithLoss;
    struct Rows = Affine<4, 6> -> LayerNorm<6> -> Tanh -> RmsNorm<6> -> Affine<6, 3> -> SoftmaxWithLoss;
    struct RowsInput = Input<4> -> LayerNorm<4> -> RmsNorm<4> -> Affine<4, 3> -> SoftmaxWithLoss;
    struct Learned = Input<4> -> PRelu<4> -> AffineWithoutBias<4, 6> -> PRelu<6> -> Affine<6, 3> -> SoftmaxWithLoss;
    struct Everything = Input<4> -> AffineWithoutBias<4, 8> -> BatchNorm<8> -> PRelu<8> -> Dropout(0.2) -> AffineWithoutBias<8, 8>
        -> LayerNorm<8> -> Tanh -> RmsNorm<8> -> Affine<8, 3> -> SoftmaxWithLoss;
    struct Large = Input<64> -> BatchNorm<64> -> Affine<64, 512> -> BatchNorm<512> -> PRelu<512> -> Dropout(0.2)
        -> AffineWithoutBias<512, 512> -> LayerNorm<512> -> Relu -> RmsNorm<512> -> Dropout -> Affine<512, 3>
        -> SoftmaxWithLoss;
}

network! {
    struct Named = Affine<4, 6> -> BatchNorm<6>(momentum = 0.2, epsilon = 1e-4) -> LayerNorm<6>(epsilon = 1e-3)
        -> Scaled<T>(factor = 3.0) -> RmsNorm<{ 2 * 3 }>(epsilon = 1e-2) -> Dropout(0.2) -> Affine<6, 3> -> SoftmaxWithLoss;
    struct Sized<const F: usize> = BatchNorm<F> -> PRelu<F> -> AffineWithoutBias<F, 3> -> SoftmaxWithLoss;
}

/// A layer whose hyperparameter has a name: `y = factor · x`.
#[derive(Clone, Default)]
struct Scaled<T: Scalar> {
    factor: f64,
    kind: std::marker::PhantomData<T>,
}

impl<T: Scalar> Scaled<T> {
    fn factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }
}

impl<T: Scalar> Parameters<T> for Scaled<T> {}

impl<T: Scalar, F: Shape> Infer<T, F> for Scaled<T> {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = T::of(self.factor) * x);
    }
}

impl<T: Scalar, F: Shape> Layer<T, F> for Scaled<T> {
    type Cache<N: Dim> = ();

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        _: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        (): &mut (),
    ) {
        let Some(dx) = dx else { return };
        dx.zip_apply(dy, |dx, dy| *dx = T::of(self.factor) * dy);
    }
}

#[test]
fn named_hyperparameters_are_builder_methods() {
    let net = Named::<f32>::default();
    assert_eq!((net.batch_norm1.momentum, net.batch_norm1.epsilon), (0.2, 1e-4));
    assert_eq!((net.layer_norm1.epsilon, net.rms_norm1.epsilon), (1e-3, 1e-2));
    assert_eq!((net.scaled1.factor, net.dropout1.p), (3.0, 0.2));
    let net = NamedActivations::<f32>::default();
    assert_eq!((net.leaky_relu1.negative_slope, net.elu1.alpha, net.dropout1.p), (0.2, 0.5, 0.1));
    assert_eq!(Sized::<7>::default().batch_norm1, BatchNorm::default());
    assert_eq!(Sized::<7>::default().parameter_count(), 2 * 7 + 7 + 21);
}

/// Runs a generic function for each network.
macro_rules! for_all {
    ($function:ident) => {
        $function::<Dropped<f64>>("dropped");
        $function::<DroppedInput<f64>>("dropped-input");
        $function::<Normalized<f64>>("normalized");
        $function::<NormalizedInput<f64>>("normalized-input");
        $function::<Rows<f64>>("rows");
        $function::<RowsInput<f64>>("rows-input");
        $function::<Learned<f64>>("learned");
        $function::<Everything<f64>>("everything");
    };
}

#[test]
fn gradients_agree_with_differences() {
    for_all!(check_gradient);
}

#[test]
fn one_sample_is_a_batch_of_one() {
    fn check<Net: Classifier>(name: &str) {
        check_single_samples::<Net>(name, 1e-13);
    }
    for_all!(check);
}

#[test]
fn every_parameter_changes_in_a_step() {
    fn check<Net: Classifier>(name: &str) {
        let (mut net, (x, labels)) = (random::<Net>(), samples(Const::<7>));
        let before: Vec<_> = net.parameters().map(|parameter| parameter.values.to_vec()).collect();
        for _ in 0..20 {
            net.descend(&x, &labels, 0.1);
        }
        for (after, before) in net.parameters().zip(before) {
            let change =
                after.values.iter().zip(before).fold(0.0_f64, |most, (one, other)| most.max((one - other).abs()));
            assert!(change > 1e-9, "{name}: {after}");
        }
    }
    for_all!(check);
}

#[test]
fn files_resumption_and_threads_give_the_same_bits() {
    for_all!(check_same_bits);
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let trained = |threads| {
        with_threads(threads, || {
            let (mut net, (x, labels)) = (random::<Large>(), samples::<f32, _, 64>(Dyn(300)));
            let mut tape = Large::tape(Dyn(300));
            for _ in 0..3 {
                net.descend_with(&x, &labels, 0.1, &mut tape);
            }
            let learned = net.parameters().flat_map(|parameter| parameter.values.to_vec());
            learned.chain(net.predict(&x).iter().copied()).map(f32::to_bits).collect::<Vec<_>>()
        })
        .unwrap()
    };
    let one = trained(1);
    for threads in [2, 3] {
        assert!(trained(threads) == one, "{threads} threads");
    }
}

#[test]
fn settings_and_statistics_stay_in_files() {
    let mut net = random::<Normalized<f64>>();
    net.batch_norm1 = BatchNorm::default().momentum(0.5).epsilon(0.25);
    let (x, labels) = samples(Const::<7>);
    net.descend(&x, &labels, 0.1);
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("normalization-settings");
    net.save(&file).unwrap();
    let loaded = Normalized::<f64>::load(&file).unwrap();
    assert_eq!(loaded.batch_norm1, net.batch_norm1);
    assert_eq!(loaded.batch_norm1.momentum, 0.5);
    assert_ne!(loaded.batch_norm1.variance, BatchNorm::<6, f64>::default().variance);
    assert_eq!(random::<Normalized<f64>>().batch_norm1, BatchNorm::default());
}

/// The values that two dropout layers drop in one pass.
fn masks(mode: Mode, samples: usize) -> [Vec<bool>; 2] {
    let ones = Batch::filled(Dyn(samples), Const::<40>, 1.0);
    [0, 1].map(|layer| {
        let mut tape = LayerTape::<f64, Dyn, Const<40>, Dropout>::new(Dyn(samples));
        tape.forward(&Dropout::default(), &ones, mode.inside(layer));
        tape.y.iter().map(|&y| y == 0.0).collect()
    })
}

#[test]
fn masks_differ_between_layers_and_steps() {
    let all: Vec<_> = (0..50).flat_map(|seed| masks(Mode::train(seed), 10)).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 100);
    for (one, other) in all.iter().zip(&all[1..]) {
        let same = one.iter().zip(other).filter(|(one, other)| one == other).count();
        assert!((130..270).contains(&same), "{same} of 400 values agree");
    }
    assert_eq!(masks(Mode::train(3), 10), masks(Mode::train(3), 10));
    assert!(masks(Mode::Infer, 10).concat().iter().all(|is_dropped| !is_dropped));
}

/// The zeros that each dropout layer of a network outputs.
fn zeros_of(tape: &typenet::Tape<Dropped<f64>, Dyn>) -> Vec<Vec<bool>> {
    let activations = tape.activations();
    let dropped = activations.iter().filter(|layer| layer.layer.starts_with("dropout"));
    dropped.map(|layer| layer.y.iter().map(|&y| y == 0.0).collect()).collect()
}

#[test]
fn parts_of_an_accumulated_batch_have_their_own_masks() {
    let (net, (x, labels)) = (random::<Dropped<f64>>(), samples(Dyn(12)));
    let (mut tape, mut sum) = (Dropped::tape(Dyn(12)), Dropped::zeros());
    let mut parts = Vec::new();
    for _ in 0..4 {
        tape.forward(&net, &x).backward(&labels).add_gradient(0.25, &mut sum);
        parts.extend(zeros_of(&tape));
    }
    assert_eq!(parts.iter().collect::<BTreeSet<_>>().len(), 8);
    tape.set_noise(0, 0); // repeats the passes
    for part in parts.chunks(2) {
        tape.forward(&net, &x).loss(&labels);
        assert_eq!(zeros_of(&tape), part);
    }
}

#[test]
fn the_trainer_rejects_batches_of_one_sample() {
    fn run<Net: Classifier>(count: usize, batch: usize, epochs: u64) -> Result<(), TrainingError> {
        let data = points(count);
        let mut trainer = Trainer::new(random::<Net>(), Sgd::new(), Schedule::constant(0.01), &data);
        trainer = trainer.batch_size(batch).epochs(epochs);
        trainer.run().map(|_| ())
    }
    let error = |count, batch| run::<Normalized<f64>>(count, batch, 1).unwrap_err().to_string();
    let message = "`batch_norm1` needs batches of at least 2 samples, but";
    assert_eq!(
        error(11, 5),
        format!("{message} the last batch of an epoch has 1: use `Sampling::WholeBatches` or another batch size")
    );
    assert_eq!(error(10, 1), format!("{message} a batch has 1: use another batch size"));
    assert_eq!(error(1, 5), format!("{message} a batch has 1: use another batch size"));
    run::<Normalized<f64>>(12, 5, 2).unwrap();
    run::<Rows<f64>>(11, 5, 1).unwrap();
    let data = points(11);
    // The last batch of an epoch is not reached.
    let trainer = Trainer::new(random::<Normalized<f64>>(), Sgd::new(), Schedule::constant(0.01), &data);
    trainer.batch_size(5).iterations(2).run().unwrap();
}

#[test]
fn learned_factors_do_not_decay() {
    let (mut net, (x, labels)) = (random::<Everything<f64>>(), samples(Const::<7>));
    let before = net.clone();
    Sgd::new().weight_decay(1e8).descend_with(&mut net, &x, &labels, 1e-9, &mut Everything::tape(Const));
    assert!((net.p_relu1.slope[0] - before.p_relu1.slope[0]).abs() < 1e-6);
    assert!((net.batch_norm1.scale[0] - before.batch_norm1.scale[0]).abs() < 1e-6);
    assert!((net.layer_norm1.shift[0] - before.layer_norm1.shift[0]).abs() < 1e-6);
    assert!((net.rms_norm1.scale[0] - before.rms_norm1.scale[0]).abs() < 1e-6);
    assert!((net.affine_without_bias1.weight[0] / before.affine_without_bias1.weight[0] - 0.9).abs() < 1e-6);
}
