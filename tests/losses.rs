//! Compares the losses with PyTorch, and tests them in networks.

use std::path::PathBuf;

use typenet::data::{Table, Weighted};
use typenet::losses::SampleWeighted;
use typenet::metrics::score;
use typenet::prelude::*;
use typenet::training::{Trainer, TrainingError};

/// PyTorch's numbers, written by `scripts/loss-numbers.py`.
const FIXTURE: &str = include_str!("fixtures/losses.txt");

/// Returns the numbers of the line with a name.
fn numbers(line: &str) -> Vec<f64> {
    let found = FIXTURE.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("no line `{line}`"));
    found.split(' ').map(|number| number.parse().unwrap()).collect()
}

/// A batch from the numbers of a line, one sample after the other.
fn batch<T: Scalar>(line: &str) -> Batch<T, Dyn, Const<4>> {
    let numbers = numbers(line);
    Batch::from_fn(Dyn(6), Const, |sample, output| T::of(numbers[4 * sample + output]))
}

fn labels() -> Labels<Dyn, Const<4>> {
    vec![3, 0, 1, 1, 2, 3].try_into().unwrap()
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
    assert!(difference <= tolerance * largest, "{line}: {found:?} instead of {expected:?}");
}

/// Compares a loss with PyTorch's, in both precisions, for ordinary outputs and for outputs of up to ±1000.
macro_rules! check {
    ($name:literal, $loss:expr, $target:expr) => {
        check!(f32, $name, $loss, $target);
        check!(f64, $name, $loss, $target);
    };
    ($scalar:ty, $name:literal, $loss:expr, $target:expr) => {
        for size in ["", "-large"] {
            let y = batch::<$scalar>(&format!("y{size}"));
            let (loss, target, mut dy) = ($loss, $target, Batch::zeros(Dyn(6), Const));
            let mean: $scalar = Loss::<Const<4>>::backward(&loss, &y, &target, &mut dy);
            compare(&format!("{}{size} loss", $name), [mean].into_iter());
            compare(&format!("{}{size} loss", $name), [Loss::<Const<4>>::forward(&loss, &y, &target)].into_iter());
            compare(
                &format!("{}{size} dy", $name),
                dy.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>()),
            );
        }
    };
}

#[test]
fn losses_agree_with_pytorch() {
    const WEIGHTS: [f64; 4] = [1.0, 50.0, 0.25, 2.0];
    assert_eq!(numbers("weights"), WEIGHTS);
    check!("SigmoidWithLoss", SigmoidWithLoss, batch("fractions"));
    check!("SigmoidWithLoss-one", SigmoidWithLoss.pos_weight(3.0), batch("fractions"));
    check!("SigmoidWithLoss-each", SigmoidWithLoss.pos_weight(WEIGHTS), batch("fractions"));
    check!("Huber", Huber::default(), batch("numbers"));
    check!("Huber-settings", Huber::new(0.25), batch("numbers"));
    check!("MeanAbsoluteError", MeanAbsoluteError, batch("numbers"));
    check!("SoftmaxWithLoss", SoftmaxWithLoss, labels());
    check!("SoftmaxWithLoss-smoothing", SoftmaxWithLoss.label_smoothing(0.1), labels());
    check!("SoftmaxWithLoss-weights", SoftmaxWithLoss.class_weights(WEIGHTS), labels());
    check!("SoftmaxWithLoss-ignore", SoftmaxWithLoss.ignore_class(1), labels());
    let all = SoftmaxWithLoss.class_weights(WEIGHTS).label_smoothing(0.3).ignore_class(3);
    check!("SoftmaxWithLoss-all", all, labels());
    check!("SoftmaxWithSoftTargets", SoftmaxWithSoftTargets, batch("shares"));
}

const RARE: [f64; 2] = [1.0, 50.0];

network! {
    struct Plain = Affine<3, 2> -> SoftmaxWithLoss;
    struct Tuned = Affine<3, 2> -> SoftmaxWithLoss(label_smoothing = 0.125, class_weights = RARE, ignore_class = 0);
    struct Labeled = Affine<3, 2> -> SigmoidWithLoss(pos_weight = [3.0, 0.5]);
    struct Binary = Affine<3, 1> -> SigmoidWithLoss(pos_weight = 3.0);
    struct Robust = Affine<3, 2> -> Huber(0.75);
    struct Named<const OUT: usize> = Affine<3, OUT> -> Huber(delta = 2.0);
    struct Generic<const OUT: usize> = Affine<3, OUT> -> SigmoidWithLoss(pos_weight = 4.0);
    struct Absolute = Affine<3, 2> -> MeanAbsoluteError;
    struct Soft = Affine<3, 2> -> SoftmaxWithSoftTargets;
    struct Trusted = Affine<3, 2> -> SampleWeighted<SoftmaxWithLoss>;
    struct Curve = Affine<3, 1> -> SampleWeighted<Huber>(Huber::new(0.5));
}

fn x<T: Scalar>() -> SMatrix<T, 4, 3> {
    SMatrix::from_fn(|i, j| T::of((i as f64 * 1.3 + j as f64).sin()))
}

fn random<Net: Network>() -> Net {
    Net::random(He, &mut StdRng::seed_from_u64(1))
}

#[test]
fn hyperparameters_are_those_of_the_declaration() {
    let tuned = random::<Tuned>().loss;
    assert_eq!((tuned.label_smoothing, tuned.class_weights, tuned.ignore_class), (0.125, RARE, 0.0));
    assert_eq!(random::<Labeled>().loss.pos_weight, [3.0, 0.5]);
    assert_eq!(random::<Binary>().loss.pos_weight, [3.0]);
    assert_eq!(random::<Generic<3>>().loss.pos_weight, [4.0; 3]);
    assert_eq!((random::<Robust>().loss.delta, random::<Named<2>>().loss.delta), (0.75, 2.0));
    assert_eq!(Tuned::<f32>::LOSS, "SoftmaxWithLoss(label_smoothing = 0.125, class_weights = RARE, ignore_class = 0)");
}

#[test]
fn gradients_of_networks_agree_with_differences() {
    let targets: Batch<f64, Const<4>, Const<2>> = Batch::from([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.25, 0.75]]);
    let labels = [1, 0, 1, 1].try_into().unwrap();
    random::<Tuned<f64>>().gradient_check(&x(), &labels).unwrap();
    random::<Labeled<f64>>().gradient_check(&x(), &targets).unwrap();
    random::<Robust<f64>>().gradient_check(&x(), &targets).unwrap();
    random::<Absolute<f64>>().gradient_check(&x(), &targets).unwrap();
    random::<Soft<f64>>().gradient_check(&x(), &targets).unwrap();
    random::<Binary<f64>>().gradient_check(&x(), &Batch::from([[1.0], [0.0], [0.0], [1.0]])).unwrap();
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("losses-{name}"))
}

#[test]
fn files_and_copies_have_the_hyperparameters() {
    let (mut net, path) = (random::<Tuned>(), path("tuned"));
    net.loss.class_weights = [0.1, 0.2];
    net.loss.label_smoothing = 0.3;
    net.loss.ignore_class = -1.0;
    net.save(&path).unwrap();
    assert_eq!(Tuned::<f32>::load(&path).unwrap().loss, net.loss);
    assert_eq!((net.to_f64().loss, net.clone().loss), (net.loss, net.loss));
    let mut copy = random::<Tuned>();
    copy.copy_from(&net);
    assert_eq!(copy.loss, net.loss);
    let error = Plain::<f32>::load(&path).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("holds `network.loss.class_weights`, which is not part of this network"), "{error}");
}

type Change = fn(&mut Tuned);

#[test]
fn hyperparameters_out_of_range_are_errors() {
    let x: Vec<f32> = (0..12).map(|number| (number as f32).sin()).collect();
    let data: Table<f32, Const<3>, Labels<Dyn, Const<2>>> = Table::classification(&x, &[0, 1, 1, 0]).unwrap();
    let changes: [(Change, &str); 4] = [
        (|net| net.loss.label_smoothing = 1.5, "`loss.label_smoothing` must be at least 0 and at most 1, not 1.5"),
        (|net| net.loss.class_weights[1] = -2.0, "`loss.class_weights[1]` must be at least 0 and finite, not -2.0"),
        (|net| net.loss.class_weights[0] = f64::NAN, "`loss.class_weights[0]` must be at least 0 and finite, not NaN"),
        (|net| net.loss.ignore_class = 2.0, "`loss.ignore_class` must be at least -1 and less than 2, not 2.0"),
    ];
    for (change, message) in changes {
        let mut net = random::<Tuned>();
        change(&mut net);
        let error = net.save(path("unwritten")).unwrap_err().to_string();
        assert!(error.ends_with(message), "{error}");
        let error = Trainer::new(net, Sgd::new(), Schedule::constant(0.1), &data).run().unwrap_err();
        assert!(matches!(error, TrainingError::Setting(_)) && error.to_string() == message, "{error}");
    }
}

#[test]
fn probabilities_of_classes_and_labels() {
    let (net, x) = (random::<Plain>(), x());
    let p = net.probabilities(&x);
    assert_eq!(p, SoftmaxWithLoss.softmax(&net.predict(&x)));
    assert!(p.row_iter().all(|row| (row.sum() - 1.0).abs() < 1e-6));
    let (mut tape, mut again) = (Plain::tape(Const), Batch::zeros(Const, Const));
    net.probabilities_with(&x, &mut tape, &mut again);
    assert_eq!(again, p);
    let one = net.infer_probabilities(&x.row(2).transpose());
    assert!((one.transpose() - p.row(2)).amax() < 1e-6);

    let net = random::<Labeled>();
    let (p, y) = (net.probabilities(&x), net.predict(&x));
    assert!(p.iter().zip(y.iter()).all(|(p, y)| (p - 1.0 / (1.0 + (-y).exp())).abs() < 1e-6));
    let one = net.infer_probabilities(&x.row(2).transpose());
    assert!((one.transpose() - p.row(2)).amax() < 1e-6);
}

/// Two classes and two labels, learned from a table, with their accuracies.
#[test]
fn binary_and_multi_label_networks_learn() {
    let points: Vec<f32> = (0..300).map(|number| (number as f32 * 1.7).sin()).collect();
    let labels: Vec<f32> =
        points.chunks(3).flat_map(|x| [x[0] > x[1], x[2] > 0.0].map(|is| f32::from(u8::from(is)))).collect();
    let data: Table<f32, Const<3>, Batch<f32, Dyn, Const<2>>> = Table::regression(&points, &labels).unwrap();
    let mut trainer = Trainer::new(random::<Labeled>(), Adam::new(), Schedule::constant(0.05), &data).epochs(100);
    trainer.run().unwrap();
    let accuracy = score(trainer.network(), &data).accuracy.unwrap();
    assert!(accuracy > 0.9, "{accuracy}");

    let first: Vec<f32> = labels.chunks(2).map(|labels| labels[0]).collect();
    let data: Table<f32, Const<3>, Batch<f32, Dyn, Const<1>>> = Table::regression(&points, &first).unwrap();
    let mut trainer = Trainer::new(random::<Binary>(), Adam::new(), Schedule::constant(0.05), &data).epochs(100);
    trainer.run().unwrap();
    let accuracy = score(trainer.network(), &data).accuracy.unwrap();
    assert!(accuracy > 0.9, "{accuracy}");
}

/// The loss of whole data is weighted by the classes of all samples, however these are divided into chunks.
#[test]
fn scores_of_weighted_losses_do_not_depend_on_chunks() {
    let count = 5_000;
    let x: Vec<f32> = (0..3 * count).map(|number| (number as f32 * 0.7).sin()).collect();
    let classes: Vec<usize> = (0..count).map(|sample| usize::from(sample > 4_900 || sample == 3)).collect();
    let data: Table<f32, Const<3>, Labels<Dyn, Const<2>>> = Table::classification(&x, &classes).unwrap();
    let mut net = random::<Tuned>();
    net.loss.ignore_class = -1.0;
    let whole = net.loss(&Samples::from_slice(Dyn(count), &x).unwrap(), &classes.clone().try_into().unwrap());
    let loss = score(&net, &data).loss;
    assert!((loss / f64::from(whole) - 1.0).abs() < 1e-5, "{loss} and {whole}");
    net.loss.ignore_class = 0.0;
    let correct =
        net.classify(data.samples()).classes().iter().zip(&classes).filter(|(y, t)| **t == 1 && **y == 1).count();
    assert_eq!(score(&net, &data).accuracy, Some(correct as f64 / 100.0));
}

/// The Huber loss as a formula, and a squared error without hyperparameters.
#[loss]
fn smooth<T: Scalar>(y: T, t: T, delta: T) -> T {
    let error = (y - t).abs();
    let small = error.min(delta);
    small * (error - T::of(0.5) * small)
}

#[loss]
fn square<T: Scalar>(output: T, target: T) -> T {
    (output - target).powi(2)
}

network! {
    struct Formula = Affine<3, 2> -> Smooth(0.75);
    struct Squares = Affine<3, 2> -> Square;
}

#[test]
fn a_formula_is_a_loss() {
    let y = Batch::from_fn(Dyn(70), Const::<4>, |row, column| ((row * 4 + column) as f64 * 0.7).sin() * 3.0);
    let t = Batch::from_fn(Dyn(70), Const::<4>, |row, column| ((row + column) as f64 * 1.1).cos());
    let (mut dy, mut by_hand) = (y.clone(), y.clone());
    let loss: f64 = Smooth::new(0.75).backward(&y, &t, &mut dy);
    assert!((loss - Huber::new(0.75).backward(&y, &t, &mut by_hand)).abs() < 1e-14);
    assert!((&*dy - &*by_hand).amax() < 1e-16);
    let loss: f64 = Square.backward(&y, &t, &mut dy);
    let by_hand = MeanSquaredError.backward(&y, &t, &mut by_hand) * 2.0 / 4.0;
    assert!((loss - by_hand).abs() < 1e-14);
    assert_eq!(smooth::forward(2.0, 0.5, 1.0).backward(1.0).y, 1.0);
}

#[test]
fn networks_with_a_formula_train_and_keep_its_hyperparameters() {
    let (mut net, targets) = (random::<Formula>(), Batch::from([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.25, 0.75]]));
    net.gradient_check(&x(), &targets).unwrap();
    random::<Squares>().gradient_check(&x(), &targets).unwrap();
    let before = net.loss(&x(), &targets);
    for _ in 0..100 {
        net.descend(&x(), &targets, 0.5);
    }
    assert!(net.loss(&x(), &targets) < 0.5 * before);
    net.loss.delta = 0.5;
    net.save(path("formula")).unwrap();
    assert_eq!(Formula::<f32>::load(path("formula")).unwrap().loss, Smooth::new(0.5));
    assert_eq!(net.to_f64().loss.delta, 0.5);
}

/// Samples of weight 0 do not count in training or in the score; other weights count as copies.
#[test]
fn samples_have_weights() {
    let points: Vec<f32> = (0..300).map(|number| (number as f32 * 1.7).sin()).collect();
    let classes: Vec<usize> = points.chunks(3).map(|x| usize::from(x[0] > x[1])).collect();
    // Every third label is wrong, and has no weight.
    let given: Vec<usize> = (0..100).map(|sample| classes[sample] ^ usize::from(sample % 3 == 0)).collect();
    let weights = (0..100).map(|sample| f64::from(u8::from(sample % 3 != 0))).collect();
    let table: Table<f32, Const<3>, Labels<Dyn, Const<2>>> = Table::classification(&points, &given).unwrap();
    let data: Weighted<_> = table.with_weights(weights).unwrap();
    let mut trainer = Trainer::new(random::<Trusted>(), Adam::new(), Schedule::constant(0.05), &data).epochs(100);
    trainer.run().unwrap();
    let net = trainer.network();
    let answers = net.classify(data.data().samples());
    let correct = answers.classes().iter().zip(&classes).filter(|(answer, class)| answer == class).count();
    assert!(correct > 95, "{correct} of 100");
    let found = score(net, &data);
    assert!(found.loss < 0.2 && found.accuracy < Some(0.7), "{found:?}");
    assert_eq!(net.probabilities(data.data().samples()).nrows(), 100);
    assert_eq!((random::<Curve>().loss.loss.delta, Curve::<f64>::default().loss.loss.delta), (0.5, 0.5));
}
