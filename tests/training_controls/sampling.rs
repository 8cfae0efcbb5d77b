//! The selection of samples.

use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::{Sampling, Trainer};

use super::{Line, Net, Normal, Options, Points, Two, file, points, random, values};

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
