//! Batches in parts.

use typenet::data::{Augment, Table};
use typenet::prelude::*;
use typenet::training::{Place, Trainer, TrainingError};
use typenet::{DataFor, Samples};

use super::{Line, Net, Normal, Options, Pictures, Points, Weights, file, points, random, values};

/// Compares training with `parts` parts of each batch with training on whole batches.
fn parts_equal_whole<N: Network<Scalar = f64>, O: Optimizer<N>, D: DataFor<N>>(
    data: &D,
    optimizer: impl Fn() -> O,
    prepare: impl Fn(&mut N),
) {
    let train = |parts| {
        let mut net = random::<N>();
        prepare(&mut net);
        let trainer = Trainer::new(net, optimizer(), Schedule::constant(0.05), data).batch_size(20).accumulate(parts);
        let mut trainer = trainer.epochs(3).seed(4);
        trainer.run().unwrap();
        trainer.into_parts()
    };
    let (whole, history) = train(1);
    for parts in [2, 3, 7, 20, 1000] {
        let (net, of_parts) = train(parts);
        for (one, other) in values(&net).into_iter().zip(values(&whole)) {
            assert!((one - other).abs() < 1e-12, "{}, {parts} parts: {one} and {other}", N::NAME);
        }
        assert_eq!(of_parts.steps.len(), history.steps.len());
        for (one, other) in of_parts.steps.iter().zip(&history.steps) {
            assert!((one.loss - other.loss).abs() < 1e-12, "{}, {parts} parts, {one:?} and {other:?}", N::NAME);
        }
    }
}

#[test]
fn parts_of_a_batch_equal_the_whole_batch() {
    let data = points(66); // batches of 20, 20, 20 and 6
    parts_equal_whole::<Net<f64>, _, _>(&data, Adam::new, |_| ());
    parts_equal_whole::<Net<f64>, _, _>(&data, Sgd::new, |_| ());
    parts_equal_whole::<Net<f64>, _, _>(&data, || Momentum::new().clip_norm(0.1).weight_decay(0.1), |_| ());
    parts_equal_whole::<Net<f64>, _, _>(&data, AdamW::new, |net| net.freeze("affine1").unwrap());
    parts_equal_whole::<Options<f64>, _, _>(&data, Adam::new, |_| ());
    let weights = (0..66).map(|i| f64::from(i % 7)).collect();
    parts_equal_whole::<Weights<f64>, _, _>(&data.with_weights(weights).unwrap(), Adam::new, |_| ());
}

#[test]
fn batches_without_weight_change_nothing_in_parts() {
    let data: Points = Table::classification(&[0.5; 40], &[2; 10]).unwrap(); // the ignored class
    let trainer = Trainer::new(random::<Options<f64>>(), Sgd::new(), Schedule::constant(0.1), &data).accumulate(3);
    let net = values(trainer.network());
    let mut trainer = trainer.epochs(2);
    trainer.run().unwrap();
    assert_eq!((values(trainer.network()), trainer.history().steps[1].loss), (net, 0.0));
}

#[test]
fn parts_have_the_augmentation_of_the_whole_batch() {
    let (train, _) = digits::generate(50, 0, 1);
    let losses = |parts| {
        let trainer = Trainer::new(random::<Pictures<f64>>(), Sgd::new(), Schedule::constant(0.1), &train);
        let trainer = trainer.augment(Augment::<1, 28, 28>::new().shift(3)).batch_size(20).accumulate(parts);
        let mut trainer = trainer.epochs(2);
        trainer.run().unwrap();
        trainer.into_parts().1.steps
    };
    assert!(losses(1).iter().zip(losses(3)).all(|(one, other)| (one.loss - other.loss).abs() < 1e-12));
}

#[test]
fn running_means_are_those_of_all_parts() {
    let data = points(50);
    let mean = |parts| {
        let trainer = Trainer::new(random::<Normal<f64>>(), Sgd::new(), Schedule::constant(0.1), &data);
        let mut trainer = trainer.batch_size(25).accumulate(parts).epochs(1);
        trainer.run().unwrap();
        trainer.into_parts().0.batch_norm1.mean
    };
    let (whole, parts) = (mean(1), mean(3)); // parts of 9, 9 and 7 samples
    assert!(whole.iter().zip(parts.iter()).all(|(one, other)| (one - other).abs() < 1e-15), "{whole:?} {parts:?}");
    let trainer = Trainer::new(random::<Normal<f64>>(), Sgd::new(), Schedule::constant(0.1), &data);
    let error = trainer.batch_size(25).accumulate(8).run().unwrap_err().to_string();
    assert!(
        error.starts_with("`batch_norm1` needs batches of at least 2 samples, but a part of a batch has 1"),
        "{error}"
    );
}

#[test]
fn a_divergence_in_a_part_is_reported() {
    let mut x = vec![0.5; 4 * 40];
    x[4 * 33] = 1e200; // its square overflows
    let data: Table<f64, Const<4>, Batch<f64, Dyn, Const<1>>> = Table::regression(&x, &[0.0; 40]).unwrap();
    let trainer = Trainer::new(random::<Line<f64>>(), Adam::new(), Schedule::constant(0.1), &data);
    let before = values(trainer.network());
    let mut trainer = trainer.batch_size(40).accumulate(4);
    let Err(TrainingError::Diverged(divergence)) = trainer.run() else { panic!("the loss is infinite") };
    assert_eq!((&divergence.place, divergence.step, divergence.restored), (&Place::Loss, 0, 0));
    assert_eq!((divergence.loss, divergence.largest_input), (f64::INFINITY, 1e200));
    assert_eq!(values(trainer.network()), before);
    let error = trainer.accumulate(0).run().unwrap_err().to_string();
    assert_eq!(error, "`accumulate` is 0, but a batch has at least one part");
}

#[cfg(feature = "checkpoint")]
#[test]
fn a_run_in_parts_resumes_with_the_same_parts() {
    let (data, file) = (points(50), file("parts"));
    let trainer = |parts| {
        let trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.1), &data);
        trainer.batch_size(20).accumulate(parts)
    };
    let mut whole = trainer(3).iterations(9);
    whole.run().unwrap();
    trainer(3).iterations(4).checkpoint(&file, 4).run().unwrap();
    let mut resumed = trainer(3).iterations(9).resume(&file).unwrap();
    resumed.run().unwrap();
    assert_eq!(values(resumed.network()), values(whole.network()));
    let error = trainer(2).resume(&file).unwrap().run().unwrap_err().to_string();
    assert!(error.ends_with("is from another training run: `accumulate` was 3 and is 2"), "{error}");
}

#[test]
fn accumulate_by_hand_on_a_tape() {
    let (net, data) = (random::<Net<f64>>(), points(10));
    let part = |start, samples| {
        let (mut x, mut labels) = (Samples::zeros(Dyn(samples), Const), Labels::zeros(Dyn(samples)));
        typenet::data::Data::range_into(&data, start, &mut x, &mut labels);
        (x, labels)
    };
    let (mut tape, mut gradient) = (Net::tape(Dyn(10)), Net::<f64>::zeros());
    tape.set_noise(3, 1);
    let (x, labels) = part(0, 10);
    net.gradient_with(&x, &labels, &mut tape, &mut gradient);
    let mut sum = Net::<f64>::zeros();
    for (start, samples) in [(0, 4), (4, 6)] {
        let (x, labels) = part(start, samples);
        tape.set_noise_from(3, 1, start);
        tape.forward(&net, &x).backward(&labels).add_gradient(samples as f64 / 10.0, &mut sum);
    }
    assert!(values(&sum).into_iter().zip(values(&gradient)).all(|(one, other)| (one - other).abs() < 1e-15));
}
