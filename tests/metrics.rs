//! Scores with values that are not finite, and means over batches and chunks of unequal size.

use std::cell::RefCell;
use std::ops::ControlFlow::Continue;

use typenet::data::Table;
use typenet::metrics::{ConfusionMatrix, outputs, score, top_k};
use typenet::optimizers::{Schedule, Sgd};
use typenet::prelude::*;
use typenet::training::{Sampling, Trainer};

network! {
    struct Digits = Affine<784, 10> -> SoftmaxWithLoss;
    struct Line = Affine<1, 1> -> MeanSquaredError;
}

const NAN: f32 = f32::NAN;
const INF: f32 = f32::INFINITY;

/// Outputs, their label, and two flags: the label is the prediction, and it is among the two largest outputs.
const ROWS: [([f32; 3], usize, [bool; 2]); 14] = [
    ([NAN, 5.0, 1.0], 0, [false, false]),
    ([NAN, 5.0, 1.0], 1, [false, false]),
    ([1.0, NAN, 0.5], 0, [false, false]),
    ([1.0, NAN, 0.5], 1, [false, false]),
    ([1.0, 2.0, NAN], 1, [false, false]),
    ([1.0, 2.0, NAN], 2, [false, false]),
    ([NAN, NAN, NAN], 0, [false, false]),
    ([INF, NAN, 0.0], 0, [false, false]),
    ([INF, 5.0, -INF], 0, [true, true]),
    ([INF, 5.0, -INF], 1, [false, true]),
    ([INF, 5.0, -INF], 2, [false, false]),
    ([-INF, -INF, -INF], 0, [true, true]),
    ([-INF, -3.0, -INF], 0, [false, true]),
    ([INF, 1.0, INF], 2, [false, true]),
];

/// Repeats the rows, so that they fill vectors and chunks.
fn rows(times: usize) -> (Batch<f32, Dyn, Const<3>>, Labels<Dyn, Const<3>>) {
    let mut y = Batch::zeros(Dyn(times * ROWS.len()), Const);
    for (index, (values, _, _)) in ROWS.iter().cycle().take(y.nrows()).enumerate() {
        (0..3).for_each(|column| y[(index, column)] = values[column]);
    }
    let labels = ROWS.iter().cycle().take(y.nrows()).map(|(_, label, _)| *label).collect::<Vec<_>>();
    (y, labels.try_into().expect("they are classes"))
}

#[test]
fn all_scores_treat_nan_and_infinities_alike() {
    for times in [1, 9, 200] {
        let (y, labels) = rows(times);
        let share = |right: fn(&[bool; 2]) -> bool| {
            ROWS.iter().filter(|(_, _, found)| right(found)).count() as f64 / ROWS.len() as f64
        };
        assert_eq!(labels.accuracy(&*y), share(|found| found[0]), "accuracy");
        assert_eq!(top_k(&y, &labels, 1), share(|found| found[0]), "top 1");
        assert_eq!(top_k(&y, &labels, 2), share(|found| found[1]), "top 2");
        let numbers = ROWS.iter().filter(|(values, ..)| !values.iter().any(|value| value.is_nan())).count() as f64;
        assert_eq!(top_k(&y, &labels, 3), numbers / ROWS.len() as f64, "top 3 of 3");
        let matrix = ConfusionMatrix::new(&labels, &Labels::argmax(&*y));
        assert_eq!(matrix.accuracy(), share(|found| found[0]), "confusion matrix");
    }
}

/// Checks the column of the largest output, in a column-major and a row-major matrix.
#[test]
fn each_row_has_its_own_argmax() {
    for (values, label, [found, _]) in ROWS {
        let y = SMatrix::<f32, 1, 3>::from_row_slice(&values);
        let labels: Labels<Const<1>, Const<3>> = Labels::try_from([label]).expect("it is a class");
        let answers = Labels::argmax(&y);
        assert_eq!(labels.accuracy(&y), f64::from(u8::from(found)), "{values:?}, label {label}");
        assert_eq!(ConfusionMatrix::new(&labels, &answers).accuracy(), f64::from(u8::from(found)), "{values:?}");
        let wide = SMatrix::<f32, 3, 3>::from_fn(|_, column| values[column]);
        let row = wide.fixed_rows::<1>(1);
        assert_eq!((labels.accuracy(&row), Labels::argmax(&row)), (f64::from(u8::from(found)), answers));
    }
}

/// Only the biases matter: each sample has the same outputs.
#[test]
fn networks_follow_the_rule_on_whole_data() {
    let (data, _) = digits::generate(3_000, 1, 1);
    let of_class = |class: usize| data.labels().classes().iter().filter(|&&label| label == class).count() as f64;
    for (biases, right) in [([NAN, 1.0], 0.0), ([1.0, NAN], 0.0), ([INF, 1.0], of_class(0)), ([-INF, 1.0], of_class(1))]
    {
        let mut net: Digits = Digits::zeros();
        net.affine1.bias.as_mut_slice()[..2].copy_from_slice(&biases);
        let (expected, found) = (right / data.len() as f64, outputs(&net, &data));
        assert_eq!(net.evaluate(&data), expected, "evaluate, biases {biases:?}");
        assert_eq!(score(&net, &data).accuracy, Some(expected), "score, biases {biases:?}");
        assert_eq!(top_k(&found.y, &found.target, 1), expected, "top 1, biases {biases:?}");
        let (x, labels) = data.range(0, Dyn(3_000));
        assert_eq!(net.accuracy(&x, &labels), expected, "accuracy, biases {biases:?}");
        for answers in [Labels::argmax(&*found.y), net.classify(&x), net.classify_all(&data)] {
            assert_eq!(ConfusionMatrix::new(&labels, &answers).accuracy(), expected, "matrix, biases {biases:?}");
        }
    }
}

/// Returns each epoch's mean loss for a network that outputs 0, on ten targets: one is 100, the others are 0.
fn epochs(batch: usize, sampling: Sampling, steps: [u64; 2]) -> Vec<f64> {
    let targets = [0.0, 0.0, 0.0, 0.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let data: Table<f32, Const<1>, Batch<f32, Dyn, Const<1>>> =
        Table::regression(&[0.0; 10], &targets).expect("10 samples");
    let seen = RefCell::new(Vec::new());
    let trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(1e-30), &data).batch_size(batch);
    let mut trainer = trainer.sampling(sampling).on_epoch(|epoch, _| {
        seen.borrow_mut().push(epoch.loss);
        Continue(())
    });
    for steps in steps {
        trainer = trainer.iterations(steps);
        trainer.run().expect("it trains");
    }
    drop(trainer);
    seen.into_inner()
}

#[test]
fn a_short_batch_is_weighted_by_its_samples() {
    for batch in [1, 3, 4, 9, 10, 11] {
        let per_epoch = 10_u64.div_ceil(batch as u64);
        for loss in epochs(batch, Sampling::Shuffled, [1, 8 * per_epoch]) {
            assert!((loss - 500.0).abs() < 1e-3, "{loss} with batches of {batch}");
        }
    }
    // With replacement, all batches are full.
    let drawn = epochs(3, Sampling::WithReplacement, [4, 30]);
    assert_eq!(drawn.len(), 10);
    let mut hits = drawn.iter().map(|loss| loss * 9.0 / 5_000.0);
    assert!(hits.all(|hits| (hits - hits.round()).abs() < 1e-3), "{drawn:?}");
}

/// Uses one sample more than a chunk holds.
#[test]
fn a_short_chunk_is_weighted_by_its_samples() {
    let mut targets = vec![0.0; 1025];
    targets[1024] = 100.0;
    let data: Table<f32, Const<1>, Batch<f32, Dyn, Const<1>>> =
        Table::regression(&[0.0; 1025], &targets).expect("1025 samples");
    let loss = score(&Line::<f32>::zeros(), &data).loss;
    assert!((loss - 5_000.0 / 1025.0).abs() < 1e-6, "{loss}");
}
