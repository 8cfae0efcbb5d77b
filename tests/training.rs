//! The trainer compared with a plain loop, and the conditions that end training.

use std::cell::RefCell;
use std::ops::ControlFlow::{Break, Continue};

use typenet::data::{Data, Table};
use typenet::metrics::{ConfusionMatrix, outputs, r_squared, score};
use typenet::optimizers::{Adam, Schedule, Sgd};
use typenet::prelude::*;
use typenet::training::{Place, Sampling, Stop, Trainer, TrainingError};

network! {
    struct Digits = Affine<784, 20> -> Relu -> Affine<20, 10> -> SoftmaxWithLoss;
    struct Line = Affine<1, 1> -> MeanSquaredError;
    struct Curve = Affine<1, 16> -> Tanh -> Affine<16, 1> -> MeanSquaredError;
}

type Numbers<T = f32> = Table<T, Const<1>, Batch<T, Dyn, Const<1>>>;

fn new_net() -> Digits {
    Digits::random(He, &mut StdRng::seed_from_u64(7))
}

fn values<Net: Network>(net: &Net) -> Vec<Net::Scalar> {
    net.parameters().flat_map(|block| block.values.to_vec()).collect()
}

/// Returns `y = 2 x + 1` at `count` points from 0 to 1.
fn line(count: u8) -> Numbers {
    let x: Vec<f32> = (0..count).map(|i| f32::from(i) / f32::from(count)).collect();
    let y: Vec<f32> = x.iter().map(|x| 2.0 * x + 1.0).collect();
    Table::regression(&x, &y).unwrap()
}

#[test]
fn the_trainer_equals_a_plain_loop_to_the_last_bit() {
    let (train, test) = digits::generate(250, 50, 1);
    let mut net = new_net();
    let (mut tape, mut rng) = (Digits::tape(Dyn(100)), StdRng::seed_from_u64(3));
    let mut losses = Vec::new();
    for _ in 0..30 {
        let (x, labels) = train.sample(Dyn(100), &mut rng);
        losses.push(f64::from(net.descend_with(&x, &labels, 0.1, &mut tape)));
    }

    let mut trainer = Trainer::new(new_net(), Sgd::new(), Schedule::constant(0.1), &train)
        .validation(&test)
        .sampling(Sampling::WithReplacement)
        .iterations(30)
        .seed(3);
    assert_eq!(trainer.run().unwrap(), Stop::Finished);
    let history = trainer.history();
    assert_eq!(history.steps.iter().map(|step| step.loss).collect::<Vec<_>>(), losses);
    // 250 samples make two full batches.
    assert_eq!(
        history.evaluations.iter().map(|e| e.steps).collect::<Vec<_>>(),
        (1..=15).map(|n| 2 * n).collect::<Vec<_>>()
    );
    let last = history.evaluations.last().unwrap();
    assert_eq!(last.train.unwrap().accuracy, Some(net.evaluate(&train)));
    assert_eq!(last.validation.unwrap().accuracy, Some(net.evaluate(&test)));
    assert_eq!(values(&trainer.into_parts().0), values(&net));
}

#[test]
fn the_last_short_batch_counts() {
    let (train, _) = digits::generate(250, 1, 1);
    let seen = RefCell::new(Vec::new());
    let mut trainer = Trainer::new(new_net(), Adam::new(), Schedule::constant(0.001), &train)
        .epochs(2)
        .on_step(|step, _| {
            seen.borrow_mut().push(step.step);
            Continue(())
        })
        .on_epoch(|epoch, _| {
            assert_eq!(epoch.steps, 3 * epoch.number);
            Continue(())
        });
    trainer.run().unwrap();
    drop(trainer);
    assert_eq!(seen.into_inner(), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_batch_larger_than_the_data_is_the_whole_data() {
    let train = line(40);
    let steps = |size| {
        let trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(0.1), &train).batch_size(size);
        let mut trainer = trainer.epochs(3);
        trainer.run().unwrap();
        trainer.into_parts().1.steps
    };
    assert_eq!(steps(usize::MAX), steps(40));
}

#[test]
fn a_second_run_continues_the_first() {
    let (train, _) = digits::generate(250, 1, 1);
    for sampling in [Sampling::Shuffled, Sampling::WithReplacement] {
        let trainer = |steps| {
            Trainer::new(new_net(), Adam::new(), Schedule::constant(0.001), &train).sampling(sampling).iterations(steps)
        };
        let mut whole = trainer(20);
        whole.run().unwrap();
        let mut parts = trainer(4);
        parts.run().unwrap();
        let mut parts = parts.iterations(5);
        parts.run().unwrap();
        let mut parts = parts.iterations(20);
        parts.run().unwrap();
        assert_eq!(parts.history().steps, whole.history().steps);
        assert_eq!(values(parts.network()), values(whole.network()));
    }
}

#[test]
fn scores_and_outputs_cover_the_whole_data() {
    // More than one chunk, with a partial chunk at the end.
    let (_, test) = digits::generate(1, 333, 1);
    let net = new_net();
    let (x, labels) = test.range(0, Dyn(333));
    let whole = score(&net, &test);
    assert!((whole.loss - f64::from(net.loss(&x, &labels))).abs() < 1e-5);
    assert_eq!(whole.accuracy, Some(net.accuracy(&x, &labels)));
    assert_eq!(typenet::with_threads(3, || score(&net, &test)).unwrap(), whole);
    let outputs = outputs(&net, &test);
    assert_eq!(outputs.target, labels);
    assert!((&*outputs.y - &*net.predict(&x)).abs().max() < 1e-4);
    let matrix = ConfusionMatrix::new(&labels, &Labels::argmax(&outputs.y));
    assert_eq!(Some(matrix.accuracy()), whole.accuracy);
}

#[test]
fn regression_learns_from_tables() {
    let (train, test) = (line(40), line(7));
    let mut trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(0.5), &train)
        .validation(&test)
        .batch_size(8)
        .epochs(100);
    trainer.run().unwrap();
    let evaluation = trainer.history().evaluations.last().unwrap();
    assert_eq!(evaluation.validation.unwrap().accuracy, None);
    let all = outputs(trainer.network(), &test);
    assert!(r_squared(&all.y, &all.target) > 0.9999);
}

#[test]
fn early_stopping_restores_the_best_weights() {
    // From some point on, the training targets contradict the validation targets.
    let (train, opposite) = (line(40), Table::regression(&[0.0, 1.0], &[0.5, 0.5]).unwrap());
    let mut trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(0.05), &train)
        .validation(&opposite)
        .batch_size(8)
        .epochs(1000)
        .early_stopping(3);
    assert_eq!(trainer.run().unwrap(), Stop::NoImprovement);
    let losses: Vec<_> = trainer.history().evaluations.iter().map(|e| e.validation.unwrap().loss).collect();
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(losses.iter().position(|&loss| loss == best), Some(losses.len() - 4));
    assert_eq!(score(trainer.network(), &opposite).loss, best);
}

#[test]
fn callbacks_see_the_last_epoch_and_zero_patience_counts_as_one() {
    let (train, opposite) = (line(40), Table::regression(&[0.0, 1.0], &[0.5, 0.5]).unwrap());
    let train = |patience| {
        let last = RefCell::new(0);
        let trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(0.05), &train);
        let mut trainer =
            trainer.validation(&opposite).batch_size(8).epochs(1000).early_stopping(patience).on_epoch(|epoch, _| {
                *last.borrow_mut() = epoch.number;
                Continue(())
            });
        assert_eq!(trainer.run().unwrap(), Stop::NoImprovement);
        assert_eq!(*last.borrow(), trainer.history().evaluations.len() as u64);
        trainer.into_parts().1.steps
    };
    assert_eq!(train(0), train(1));
    assert!(train(1).len() > 5 && train(3).len() > train(1).len());
}

#[test]
fn a_callback_stops_after_its_step() {
    let train = line(40);
    let mut trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(0.05), &train)
        .batch_size(10)
        .on_step(|step, _| if step.step == 6 { Break(()) } else { Continue(()) });
    assert_eq!(trainer.run().unwrap(), Stop::Watcher);
    assert_eq!(trainer.history().steps.len(), 7);
    let last = trainer.history().evaluations.last().unwrap().clone();
    assert_eq!((last.steps, last.train), (7, Some(score(trainer.network(), &train))));
    assert!(last.seconds > 0.0 && last.seconds <= trainer.seconds());
    // The evaluation was not due, so a continued run removes it.
    trainer.run().unwrap();
    assert!(trainer.history().evaluations.iter().all(|evaluation| evaluation.steps != 7));
}

#[test]
fn the_initial_network_is_evaluated_once() {
    let train = line(40);
    let trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(0.05), &train);
    let mut first = true;
    let mut trainer = trainer
        .evaluate_every(5)
        .evaluate_at_start()
        .iterations(10)
        .on_evaluation(move |_, _| if std::mem::take(&mut first) { Break(()) } else { Continue(()) });
    assert_eq!(trainer.run().unwrap(), Stop::Watcher);
    trainer.run().unwrap();
    let evaluations = &trainer.history().evaluations;
    assert_eq!(evaluations.iter().map(|e| (e.steps, e.epochs)).collect::<Vec<_>>(), [(0, 0.0), (5, 5.0), (10, 10.0)]);
    assert_eq!(evaluations[0].train, Some(score(&Line::<f32>::zeros(), &train)));
}

#[test]
fn the_validation_split_is_not_used_for_training() {
    let train = line(40);
    let mut trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(0.05), &train)
        .validation_split(0.25)
        .batch_size(10)
        .epochs(1);
    trainer.run().unwrap();
    assert_eq!(trainer.history().steps.len(), 3);
    let evaluation = &trainer.history().evaluations[0];
    let mean = 0.25 * evaluation.validation.unwrap().loss + 0.75 * evaluation.train.unwrap().loss;
    assert!((mean - score(trainer.network(), &train).loss).abs() < 1e-6);
}

#[test]
fn a_too_large_rate_is_reported_and_the_weights_stay_finite() {
    let (train, _) = digits::generate(500, 1, 1);
    let mut trainer = Trainer::new(new_net(), Sgd::new(), Schedule::constant(1e6), &train);
    let Err(TrainingError::Diverged(divergence)) = trainer.run() else { panic!("it cannot learn") };
    assert_eq!(divergence.step, 1);
    assert!(matches!(&divergence.place, Place::Nothing(layer, _) if layer == "affine2"), "{divergence}");
    let text = divergence.to_string();
    for part in [
        "the loss of step 1 is ",
        "all values are still finite; the largest output is ",
        "too large (it is 1e6; try a tenth)",
        "(the largest input is 1)",
        "the network has its weights from before step 0",
    ] {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
    assert_eq!(values(trainer.network()), values(&new_net()));

    let mut trainer = Trainer::new(new_net(), Sgd::new(), Schedule::constant(1e30), &train);
    let Err(TrainingError::Diverged(divergence)) = trainer.run() else { panic!("it cannot learn") };
    assert!(matches!(&divergence.place, Place::Output(layer) if layer.starts_with("affine")), "{divergence}");
    assert!(divergence.to_string().contains("the first NaN or infinite value is in the output of `affine"));
}

#[test]
fn weights_that_diverge_in_the_last_step_are_reported() {
    let train: Numbers = Table::regression(&[1e30], &[1e30]).unwrap();
    let mut trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(1e30), &train).iterations(1);
    let Err(TrainingError::Diverged(divergence)) = trainer.run() else { panic!("its loss is infinite") };
    assert_eq!((divergence.place, divergence.step), (Place::Loss, 0));
    let train: Numbers = Table::regression(&[1e18], &[1e18]).unwrap();
    let mut trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(1e10), &train).iterations(1);
    let Err(TrainingError::Diverged(divergence)) = trainer.run() else { panic!("its weight is infinite") };
    assert_eq!(divergence.place, Place::Parameter("affine1.weight".to_owned()));
    assert_eq!(values(trainer.network()), [0.0, 0.0]);
}

#[test]
fn large_targets_are_not_divergence() {
    // The first batch has a loss of 0, some later ones have a loss of about 1e17.
    let x: Vec<f32> = (0..60).map(|i| (i % 7) as f32 / 7.0).collect();
    let y: Vec<f32> = (0..60).map(|i| if i % 10 == 9 { 1e9 } else { 0.0 }).collect();
    let train: Numbers = Table::regression(&x, &y).unwrap();
    let mut trainer = Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(0.1), &train).batch_size(2).epochs(9);
    assert_eq!(trainer.run().unwrap(), Stop::Finished);
    let steps = &trainer.history().steps;
    assert!(steps[0].loss == 0.0 && steps.iter().any(|step| step.loss > 1e16));
}

#[test]
fn a_diverging_regression_stops_while_values_are_finite() {
    let train = line(40);
    let mut trainer =
        Trainer::new(Line::zeros(), Sgd::new(), Schedule::constant(9.0), &train).batch_size(40).epochs(99);
    let Err(TrainingError::Diverged(divergence)) = trainer.run() else { panic!("it cannot learn") };
    assert!(
        matches!(&divergence.place, Place::Nothing(layer, largest) if layer == "affine1" && *largest < 1e9),
        "{divergence}"
    );
}

#[test]
fn initial_nan_weights_are_reported() {
    let (train, mut net) = (line(40), Line::zeros());
    net.affine1.weight[(0, 0)] = f32::NAN;
    let error = Trainer::new(net, Sgd::new(), Schedule::constant(0.1), &train).run().unwrap_err().to_string();
    assert_eq!(error, "`affine1.weight` is not finite before the first step");
}

/// Data with a NaN in the third sample or in its target.
struct Broken {
    x: f64,
    target: f64,
}

impl<T: Scalar> Data<T, Const<1>, Const<1>> for Broken {
    type Target = Batch<T, Dyn, Const<1>>;

    fn len(&self) -> usize {
        4
    }

    fn gather_into(&self, indices: &[usize], x: &mut Samples<T, Dyn, Const<1>>, target: &mut Batch<T, Dyn, Const<1>>) {
        for (row, index) in indices.iter().enumerate() {
            x[row] = T::of(if *index == 2 { self.x } else { 0.5 });
            target[row] = T::of(if *index == 2 { self.target } else { 0.0 });
        }
    }
}

#[test]
fn nan_data_is_reported() {
    let check = |data: &Broken, place, text| {
        let mut trainer = Trainer::new(Curve::<f32>::zeros(), Adam::new(), Schedule::constant(0.1), data).batch_size(4);
        let Err(TrainingError::Diverged(divergence)) = trainer.run() else { panic!("there is a NaN in the data") };
        assert_eq!(divergence.place, place);
        assert!(divergence.to_string().contains(text), "{divergence}");
        assert!(!divergence.to_string().contains("learning rate"), "{divergence}");
        assert!(values(trainer.network()).iter().all(|value| value.is_finite()));
    };
    check(&Broken { x: f64::NAN, target: 0.0 }, Place::Input, "the input has a NaN or infinite value");
    check(&Broken { x: 0.5, target: f64::NAN }, Place::Target, "the target has a NaN or infinite value");
    check(&Broken { x: 0.5, target: f64::INFINITY }, Place::Target, "the target has a NaN or infinite value");
}

#[test]
fn invalid_settings_are_reported_before_training() {
    let (some, none): (Numbers, Numbers) = (line(40), Table::regression(&[], &[]).unwrap());
    let rate = || Schedule::constant(0.1);
    let trainer = || Trainer::new(Line::zeros(), Sgd::new(), rate(), &some);
    let problem = |result: Result<Stop, TrainingError>| result.unwrap_err().to_string();
    assert!(
        problem(Trainer::new(Line::zeros(), Sgd::new(), rate(), &none).run())
            .contains("the training data has no samples")
    );
    assert!(problem(trainer().batch_size(0).run()).contains("the batch size is 0"));
    let replaced = || trainer().sampling(Sampling::WithReplacement);
    assert!(problem(replaced().batch_size(usize::MAX).run()).contains("not enough memory for a batch of"));
    assert!(
        problem(replaced().batch_size(1 << 62).run()).contains("not enough memory for a batch of 4611686018427387904")
    );
    assert!(problem(trainer().evaluate_every(0).run()).contains("`evaluate_every` is 0 steps"));
    assert!(problem(trainer().epochs(0).run()).contains("`epochs` is 0, but a training run needs at least one epoch"));
    assert!(
        problem(trainer().iterations(0).run())
            .contains("`iterations` is 0, but a training run needs at least one step")
    );
    assert!(problem(trainer().validation(&none).run()).contains("the validation data has no samples"));
    assert!(
        problem(trainer().validation(&some).validation_split(0.1).run())
            .contains("`validation` and `validation_split` are both set")
    );
    assert!(problem(trainer().validation_split(1.5).run()).contains("a fraction of 1.5 of 40 samples"));
    assert!(problem(trainer().without_training_scores().early_stopping(1).run()).contains("early stopping needs"));
}
