//! Controls of a training run: parts of a batch, sampling, learning rates, callbacks that change the
//! network, metrics of one's own,
//! the range test.

use std::cell::Cell;
use std::ops::ControlFlow::{Break, Continue};

use typenet::data::{Augment, Table};
use typenet::losses::SampleWeighted;
use typenet::prelude::*;
use typenet::training::{Place, Sampling, Trainer, TrainingError};
use typenet::{DataFor, Samples};

network! {
    struct Net = Affine<4, 8> -> Dropout(0.3) -> Tanh -> Affine<8, 3> -> SoftmaxWithLoss;
    struct Options = Affine<4, 8> -> Tanh -> Dropout -> Affine<8, 3>
        -> SoftmaxWithLoss(class_weights = [1.0, 5.0, 0.5], ignore_class = 2);
    struct Weights = Affine<4, 8> -> Tanh -> Affine<8, 3> -> SampleWeighted<SoftmaxWithLoss>;
    struct Normal = BatchNorm<4> -> Affine<4, 3> -> SoftmaxWithLoss;
    struct Two = Affine<4, 1> -> SigmoidWithLoss;
    struct Line = Affine<4, 1> -> MeanSquaredError;
    struct Pictures = Affine<784, 10> -> SoftmaxWithLoss;
}

type Points = Table<f64, Const<4>, Labels<Dyn, Const<3>>>;

fn points(count: usize) -> Points {
    let x: Vec<f64> = (0..4 * count).map(|i| ((7 * i * i + 3 * i) as f64).sin()).collect();
    let classes: Vec<usize> = (0..count).map(|i| usize::from(i % 3 == 0) + usize::from(i % 5 == 0)).collect();
    Table::classification(&x, &classes).unwrap()
}

fn random<N: Network>() -> N {
    N::random(Xavier, &mut StdRng::seed_from_u64(1))
}

fn values<N: Network<Scalar = f64>>(net: &N) -> Vec<f64> {
    net.parameters().flat_map(|parameter| parameter.values.to_vec()).collect()
}

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
fn file(name: &str) -> std::path::PathBuf {
    std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("controls_{name}"))
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

#[test]
fn whole_batches_have_no_smaller_one_at_the_end() {
    let data = points(21);
    let trainer = |sampling| {
        let trainer = Trainer::new(random::<Normal<f64>>(), Sgd::new(), Schedule::constant(0.1), &data);
        trainer.batch_size(5).epochs(2).sampling(sampling)
    };
    let error = trainer(Sampling::Shuffled).run().unwrap_err().to_string();
    assert!(error.ends_with("the last batch of an epoch has 1: use `Sampling::WholeBatches` or another batch size"));
    let mut trainer = trainer(Sampling::WholeBatches);
    trainer.run().unwrap();
    assert_eq!(trainer.history().steps.len(), 8);
}

/// Without features, the predicted probability tends to the mean target.
#[test]
fn balanced_batches_learn_rare_classes() {
    let x = vec![0.0; 4 * 200];
    let y: Vec<f64> = (0..200).map(|i| f64::from(u8::from(i % 20 == 0))).collect();
    let data: Table<f64, Const<4>, Batch<f64, Dyn, Const<1>>> = Table::regression(&x, &y).unwrap();
    let probability = |sampling| {
        let trainer = Trainer::new(Two::<f64>::zeros(), Sgd::new(), Schedule::cosine(1.0, 400), &data);
        let mut trainer = trainer.sampling(sampling).validation_split(0.1).iterations(400);
        trainer.run().unwrap();
        trainer.network().infer_probabilities(&Matrix::default())[0]
    };
    assert!((probability(Sampling::Balanced) - 0.5).abs() < 0.02, "{}", probability(Sampling::Balanced));
    assert!((probability(Sampling::Shuffled) - 0.05).abs() < 0.02);
}

#[test]
fn ignored_classes_are_not_drawn() {
    let classes: Vec<usize> = (0..30).map(|i| if i < 20 { 2 } else { i % 2 }).collect();
    let data: Points = Table::classification(&[0.5; 120], &classes).unwrap();
    let trainer = Trainer::new(random::<Options<f64>>(), Sgd::new(), Schedule::constant(0.01), &data);
    let mut trainer = trainer.sampling(Sampling::Balanced).batch_size(1).iterations(50);
    trainer.run().unwrap();
    assert!(trainer.history().steps.iter().all(|step| step.loss > 0.0)); // 0 if it is ignored
}

#[test]
fn balanced_sampling_needs_classes() {
    let data: Table<f64, Const<4>, Batch<f64, Dyn, Const<1>>> = Table::regression(&[0.0; 40], &[1.0; 10]).unwrap();
    let trainer = Trainer::new(Line::<f64>::zeros(), Sgd::new(), Schedule::constant(0.1), &data);
    let error = trainer.sampling(Sampling::Balanced).run().unwrap_err().to_string();
    assert!(error.starts_with("`Sampling::Balanced` needs samples with a class: labels"), "{error}");
    let ignored: Points = Table::classification(&[0.0; 40], &[2; 10]).unwrap();
    let trainer = Trainer::new(random::<Options<f64>>(), Sgd::new(), Schedule::constant(0.1), &ignored);
    assert!(trainer.sampling(Sampling::Balanced).run().is_err());
}

#[cfg(feature = "checkpoint")]
#[test]
fn a_balanced_run_resumes_bit_for_bit() {
    for sampling in [Sampling::Balanced, Sampling::WholeBatches] {
        let (data, file) = (points(53), file("sampling"));
        let trainer = |steps| {
            let trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.1), &data);
            trainer.batch_size(10).validation_split(0.2).sampling(sampling).iterations(steps)
        };
        let mut whole = trainer(11);
        whole.run().unwrap();
        trainer(6).checkpoint(&file, 100).run().unwrap();
        let mut resumed = trainer(11).resume(&file).unwrap();
        resumed.run().unwrap();
        assert_eq!(values(resumed.network()), values(whole.network()));
        let other = trainer(11).sampling(Sampling::Shuffled).resume(&file).unwrap().run().unwrap_err().to_string();
        assert!(other.contains("`sampling` was "), "{other}");
    }
}

#[test]
fn a_closure_is_a_schedule() {
    let data = points(20);
    let trainer = |rate: fn(u64) -> f64| {
        let schedule = Schedule::custom(rate).with_warm_up(2);
        Trainer::new(random::<Net<f64>>(), Adam::new(), schedule, &data).iterations(6)
    };
    let mut falling = trainer(|step| 0.1 / (step + 1) as f64);
    falling.run().unwrap();
    let rates: Vec<f64> = falling.history().steps.iter().map(|step| step.learning_rate).collect();
    assert_eq!(rates, [0.05, 0.1, 0.1, 0.05, 0.1 / 3.0, 0.025]);
    for (rate, text) in [(f64::NAN, "NaN"), (-0.5, "-0.5"), (f64::INFINITY, "inf")] {
        let schedule = Schedule::custom(move |step| if step < 3 { 0.1 } else { rate });
        let mut trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), schedule, &data).iterations(6);
        let error = trainer.run().unwrap_err().to_string();
        assert_eq!(error, format!("the learning rate of step 3 is {text}, but should be 0 or a positive number"));
        assert_eq!(trainer.history().steps.len(), 3);
        assert!(values(trainer.network()).iter().all(|value| value.is_finite()));
    }
}

#[cfg(feature = "checkpoint")]
#[test]
fn a_run_resumes_with_the_same_function() {
    let (data, file) = (points(20), file("schedule"));
    let trainer = |decay: f64| {
        let schedule = Schedule::custom(move |step| 0.1 * decay.powf(step as f64));
        Trainer::new(random::<Net<f64>>(), Adam::new(), schedule, &data).iterations(6)
    };
    let mut whole = trainer(0.9);
    whole.run().unwrap();
    trainer(0.9).iterations(3).checkpoint(&file, 100).run().unwrap();
    let mut resumed = trainer(0.9).resume(&file).unwrap();
    resumed.run().unwrap();
    assert_eq!(values(resumed.network()), values(whole.network()));
    let error = trainer(0.8).resume(&file).unwrap().run().unwrap_err().to_string();
    assert!(error.contains("`schedule` was custom, with the checksum "), "{error}");
}

/// Evaluates after each step on constant features, where the loss soon stays the same.
#[cfg(feature = "checkpoint")]
#[test]
fn the_rate_falls_on_a_plateau() {
    let data: Points = Table::classification(&[0.0; 40], &[0, 1, 2, 1, 0, 0, 1, 2, 1, 0]).unwrap();
    let trainer = |steps| {
        let trainer = Trainer::new(random::<Net<f64>>(), Sgd::new(), Schedule::constant(2.0), &data);
        trainer.iterations(steps).evaluate_every(1).reduce_on_plateau(0.5, 2)
    };
    let (mut whole, file) = (trainer(40), file("plateau"));
    whole.run().unwrap();
    let rates: Vec<f64> = whole.history().steps.iter().map(|step| step.learning_rate).collect();
    assert_eq!(rates[0], 2.0);
    assert!(rates.iter().all(|rate| (2.0 / rate).log2().fract() == 0.0));
    let falls = rates.windows(2).filter(|pair| pair[1] < pair[0]).count();
    assert!(falls >= 3 && rates.is_sorted_by(|one, other| one >= other), "{rates:?}");
    for steps in [1, 17, 30] {
        trainer(steps).checkpoint(&file, 100).run().unwrap();
        let mut resumed = trainer(40).resume(&file).unwrap();
        resumed.run().unwrap();
        assert_eq!(resumed.history().steps, whole.history().steps);
    }
    let other = trainer(40).reduce_on_plateau(0.5, 3).resume(&file).unwrap().run().unwrap_err().to_string();
    assert!(
        other.ends_with("`reduce_on_plateau` was 0.5 after 2 evaluations and is 0.5 after 3 evaluations"),
        "{other}"
    );
    for factor in [0.0, 1.0, -1.0, f64::NAN] {
        let error = trainer(1).reduce_on_plateau(factor, 2).run().unwrap_err().to_string();
        let expected = format!("the factor of `reduce_on_plateau` is {factor}, but should be between 0 and 1");
        assert_eq!(error, expected);
    }
    let error = trainer(1).without_training_scores().run().unwrap_err().to_string();
    assert!(error.starts_with("`reduce_on_plateau` needs `validation`"), "{error}");
}

#[test]
fn a_callback_clips_weights() {
    let data = points(30);
    let trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.1), &data);
    let mut trainer = trainer.iterations(20).on_step(|_, net| {
        net.affine1.weight.iter_mut().for_each(|weight| *weight = weight.clamp(-0.2, 0.2));
        Continue(())
    });
    trainer.run().unwrap();
    let weights = &trainer.network().affine1.weight;
    assert!(weights.iter().all(|weight| weight.abs() <= 0.2) && weights.iter().any(|weight| *weight == 0.2));
}

#[test]
fn a_callback_thaws_layers() {
    let (data, mut net) = (points(30), random::<Net<f64>>());
    net.freeze("affine1").unwrap();
    let before = net.affine1.weight.clone();
    let trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.1), &data);
    let mut frozen = Vec::new();
    let mut trainer = trainer.epochs(4).on_epoch(|epoch, net: &mut Net<f64>| {
        frozen.push(net.affine1.weight == before);
        if epoch.number == 2 {
            net.thaw("affine1").unwrap();
        }
        Continue(())
    });
    trainer.run().unwrap();
    drop(trainer);
    assert_eq!(frozen, [true, true, false, false]);
}

/// Early stopping keeps the network that was evaluated, not the one that a callback made of it.
#[test]
fn the_best_network_is_that_of_its_evaluation() {
    let data = points(30);
    let trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.01), &data);
    let mut trainer = trainer.epochs(4).early_stopping(2).on_evaluation(|evaluation, net| {
        if evaluation.steps >= 2 {
            net.set_to_zero();
        }
        Continue(())
    });
    trainer.run().unwrap();
    let best = trainer.history().evaluations.iter().map(|e| e.train.unwrap().loss).fold(f64::INFINITY, f64::min);
    assert_eq!(typenet::metrics::score(trainer.network(), &data).loss, best);
    assert!(values(trainer.network()).iter().any(|value| *value != 0.0));
}

#[test]
fn values_that_a_callback_ruins_are_found() {
    let data = points(30);
    for last in [1, 5] {
        let trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.01), &data);
        let mut trainer = trainer.iterations(5).evaluate_every(100).on_step(move |step, net| {
            if step.step + 1 == last {
                net.affine2.bias[0] = f64::NAN;
            }
            Continue(())
        });
        assert!(matches!(trainer.run(), Err(TrainingError::Diverged(_))));
        assert!(values(trainer.network()).iter().all(|value| value.is_finite()));
    }
    let trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.01), &data);
    let mut trainer = trainer.on_step(|_, net: &mut Net<f64>| {
        net.dropout1.p = 1.5;
        Continue(())
    });
    let error = trainer.run().unwrap_err().to_string();
    assert!(error.contains("dropout1.p"), "{error}");
}

#[cfg(feature = "checkpoint")]
#[test]
fn a_checkpoint_holds_the_changed_network() {
    let (data, file) = (points(30), file("changed"));
    let trainer = |stop: u64| {
        let trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.1), &data).iterations(9);
        trainer.on_step(move |step, net| {
            net.affine1.weight.iter_mut().for_each(|weight| *weight = weight.clamp(-0.2, 0.2));
            if step.step + 1 == stop { Break(()) } else { Continue(()) }
        })
    };
    let mut whole = trainer(u64::MAX);
    whole.run().unwrap();
    let mut stopped = trainer(5).checkpoint(&file, 5);
    stopped.run().unwrap();
    assert_eq!(values(&Net::<f64>::load(&file).unwrap()), values(stopped.network()));
    let mut resumed = trainer(u64::MAX).resume(&file).unwrap();
    resumed.run().unwrap();
    assert_eq!(values(resumed.network()), values(whole.network()));
}

#[test]
fn metrics_are_in_the_history() {
    let data = points(30);
    let trainer = || {
        let trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.1), &data).epochs(2);
        trainer.metric("bias", |net: &Net<f64>| net.affine1.bias[0])
    };
    let mut both = trainer().metric("none", |_| f64::NAN);
    both.run().unwrap();
    let (net, history) = both.into_parts();
    assert_eq!(history.metric_names(), ["bias", "none"]);
    assert_eq!(history.evaluations[0].metrics.len(), 2);
    assert_eq!(history.evaluations[1].metric("bias"), Some(net.affine1.bias[0]));
    assert!(history.evaluations[1].metric("none").unwrap().is_nan());
    let error = trainer().metric("bias", |_| 0.0).run().unwrap_err().to_string();
    assert_eq!(error, "two metrics have the name `bias`, but names should differ");
    assert_eq!(trainer().metric("", |_| 0.0).run().unwrap_err().to_string(), "a `metric` has an empty name");
}

#[cfg(feature = "checkpoint")]
#[test]
fn metrics_survive_a_resume() {
    let (data, file) = (points(30), file("metrics"));
    let trainer =
        |epochs| Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.1), &data).epochs(epochs);
    let bias = |net: &Net<f64>| net.affine1.bias[0];
    let mut whole = trainer(4).metric("a, \"b\"\n", bias).metric("inf", |_| f64::INFINITY);
    whole.run().unwrap();
    trainer(2).metric("a, \"b\"\n", bias).metric("inf", |_| f64::INFINITY).checkpoint(&file, 100).run().unwrap();
    let resumed = trainer(4).metric("a, \"b\"\n", bias).metric("inf", |_| f64::INFINITY).resume(&file).unwrap();
    let mut resumed = resumed.checkpoint(&file, 100);
    resumed.run().unwrap();
    let metrics = |trainer: &Trainer<'_, Net<f64>, Adam<Net<f64>>, Points>| -> Vec<_> {
        trainer.history().evaluations.iter().map(|evaluation| evaluation.metrics.clone()).collect()
    };
    assert_eq!(metrics(&resumed), metrics(&whole));
    // Without the metrics, or with another one, the old values stay.
    let mut other = trainer(5).metric("other", |_| f64::NAN).resume(&file).unwrap().checkpoint(&file, 100);
    other.run().unwrap();
    let last = trainer(5).resume(&file).unwrap();
    assert_eq!(last.history().metric_names(), ["a, \"b\"\n", "inf", "other"]);
    assert_eq!(metrics(&last)[..4], metrics(&whole));
    assert_eq!(last.history().evaluations[4].metrics.len(), 1);
    assert!(last.history().evaluations[4].metric("other").unwrap().is_nan());
}

#[test]
fn fit_returns_the_trained_network() {
    let (data, net) = (points(30), random::<Net<f64>>());
    let net = Trainer::new(net, Adam::new(), Schedule::constant(0.01), &data).fit().unwrap();
    let mut trainer = Trainer::new(random::<Net<f64>>(), Adam::new(), Schedule::constant(0.01), &data);
    trainer.run().unwrap();
    assert_eq!(values(&net), values(trainer.network()));
}

#[test]
fn a_range_test_finds_a_rate_and_changes_nothing() {
    let (train, _) = digits::generate(1_000, 0, 1);
    let trainer = || {
        let trainer = Trainer::new(random::<Pictures<f64>>(), Momentum::new(), Schedule::constant(0.01), &train);
        trainer.batch_size(50).epochs(1).early_stopping(3)
    };
    let calls = Cell::new(0);
    let (mut plain, tested) = (trainer(), trainer());
    let mut tested = tested.on_step(|_, _| {
        calls.set(calls.get() + 1);
        Continue(())
    });
    plain.run().unwrap();
    let found = tested.range_test(1e-6, 100.0, 200).unwrap();
    tested.run().unwrap();
    assert!(found.rates.len() < 200 && found.rates.len() == found.losses.len());
    let suggestion = found.suggestion.unwrap();
    assert!((1e-4..1.0).contains(&suggestion), "{suggestion}");
    assert!(found.losses.iter().all(|loss| loss.is_finite()));
    assert_eq!(found.rates[0], 1e-6);
    assert!((found.rates[1] / found.rates[0] - 1e8_f64.powf(1.0 / 199.0)).abs() < 1e-12);
    // A second test of the trained network begins at its loss.
    assert!(tested.range_test(1e-6, 100.0, 200).unwrap().losses[0] < found.losses[0]);
    assert_eq!(values(tested.network()), values(plain.network()));
    assert_eq!(tested.history().steps, plain.history().steps);
    assert_eq!(calls.get(), 20);
}

#[test]
fn wrong_ranges_are_reported() {
    let data = points(30);
    let mut trainer = Trainer::new(random::<Net<f64>>(), Sgd::new(), Schedule::constant(0.1), &data);
    for (low, high, steps) in [(0.0, 1.0, 9), (1.0, 1.0, 9), (0.1, f64::INFINITY, 9), (f64::NAN, 1.0, 9), (0.1, 1.0, 1)]
    {
        let error = trainer.range_test(low, high, steps).unwrap_err().to_string();
        let expected =
            format!("a range test from a rate of {low} to {high} in {steps} steps should have 0 < low < high");
        assert!(error.starts_with(&expected), "{error}");
    }
    let error = trainer.batch_size(0).range_test(0.1, 1.0, 9).unwrap_err().to_string();
    assert!(error.starts_with("the batch size is 0"));
}
