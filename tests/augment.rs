//! Training on images that are changed at random.

use std::fs;
use std::ops::ControlFlow::{Break, Continue};
use std::path::PathBuf;

use typenet::data::Augment;
use typenet::data::mnist::Digits;
use typenet::prelude::*;
use typenet::training::{Stop, Trainer};

network! {
    struct Net = Input<1, 28, 28> -> Conv2d<1, 4, 5>(stride = 2, ignore_rest = true) -> Relu -> Flatten
        -> Affine<_, 10> -> SoftmaxWithLoss;
}

const CHANGES: Augment<1, 28, 28> = Augment::new().shift(2).rotate(10.0).flip_horizontal();

/// Trains for 12 steps: an epoch of 250 digits has four full batches and one of ten.
fn trainer(train: &Digits) -> Trainer<'_, Net, Adam<Net>, Digits> {
    let net = Net::random(He, &mut StdRng::seed_from_u64(1));
    Trainer::new(net, Adam::new(), Schedule::constant(0.001), train).batch_size(60).seed(3).iterations(12)
}

fn bits(net: &Net) -> Vec<u32> {
    net.parameters().flat_map(|parameter| parameter.values.iter().map(|value| value.to_bits())).collect()
}

fn trained(mut trainer: Trainer<'_, Net, Adam<Net>, Digits>) -> Vec<u32> {
    trainer.run().unwrap();
    bits(trainer.network())
}

#[test]
fn only_training_batches_are_changed() {
    let (train, _) = digits::generate(250, 0, 1);
    let plain = trained(trainer(&train));
    assert_eq!(trained(trainer(&train).augment(Augment::<1, 28, 28>::new())), plain);
    let mut changed = trainer(&train).augment(CHANGES);
    changed.run().unwrap();
    assert_ne!(bits(changed.network()), plain);
    let evaluation = changed.history().evaluations.last().unwrap();
    assert_eq!(evaluation.train.unwrap().accuracy, Some(changed.network().evaluate(&train)));
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (train, _) = digits::generate(250, 0, 1);
    let run = |threads| with_threads(threads, || trained(trainer(&train).augment(CHANGES))).unwrap();
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(3));
}

#[test]
fn a_resumed_run_has_the_same_changes() {
    let (train, _) = digits::generate(250, 0, 1);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("augment");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("run");
    let whole = trained(trainer(&train).augment(CHANGES));
    let mut first = trainer(&train)
        .augment(CHANGES)
        .checkpoint(&file, 100)
        .on_step(|step, _| if step.step == 6 { Break(()) } else { Continue(()) });
    assert_eq!(first.run().unwrap(), Stop::Watcher);
    assert_eq!(trained(trainer(&train).augment(CHANGES).resume(&file).unwrap()), whole);

    let other = trainer(&train).augment(CHANGES.shift(3)).resume(&file).unwrap().run().unwrap_err().to_string();
    let problem = "`augment` was shift 2, rotate 10, flip horizontal and is shift 3, rotate 10, flip horizontal";
    assert!(other.ends_with(problem), "{other}");
    let none = trainer(&train).resume(&file).unwrap().run().unwrap_err().to_string();
    assert!(none.ends_with("and is none"), "{none}");
}

#[test]
fn an_invalid_setting_is_an_error_of_the_run() {
    let (train, _) = digits::generate(250, 0, 1);
    let error = trainer(&train).augment(CHANGES.rotate(200.0)).run().unwrap_err();
    assert_eq!(error.to_string(), "a rotation of 200 degrees must be from 0 to 180");
}
