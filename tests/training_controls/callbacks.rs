//! Callbacks that change the network, and metrics of the user's own.

use std::ops::ControlFlow::{Break, Continue};

use typenet::prelude::*;
use typenet::training::{Trainer, TrainingError};

use super::{Net, Points, file, points, random, values};

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
