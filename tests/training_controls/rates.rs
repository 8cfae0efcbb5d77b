//! Learning rates.

use std::cell::Cell;
use std::ops::ControlFlow::Continue;

use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::Trainer;

use super::{Net, Pictures, Points, file, points, random, values};

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
