//! A hyperparameter out of range is an error that names it, wherever its layer is.

use std::fs;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::{Trainer, TrainingError};

#[allow(dead_code)] // each test uses only part of it
#[path = "support/damage.rs"]
mod damage;

network! {
    block Inner = Affine<4, 4> -> BatchNorm<4>(momentum = 0.375) -> Dropout(0.125);
    block Outer = Input<4> -> inner: Inner -> Elu;

    struct Net = Affine<2, 4> -> LayerNorm<4> -> RmsNorm<4> -> LeakyRelu -> Dropout -> outer: Outer
        -> Residual[Affine<4, 4> -> Inner] -> Sum[Identity | BatchNorm<4> -> Elu] -> Concat[Dropout | Affine<4, 2>]
        -> Affine<_, 3> -> SoftmaxWithLoss;
}

type Data = Table<f32, Const<2>, Labels<Dyn, Const<3>>>;

fn data() -> Data {
    let x: Vec<f32> = (0..12).map(|number| (number as f32).sin()).collect();
    Table::classification(&x, &[0, 1, 2, 2, 1, 0]).unwrap()
}

fn random() -> Net {
    Net::random(He, &mut StdRng::seed_from_u64(1))
}

fn trainer(net: Net, data: &Data) -> Trainer<'_, Net, Adam<Net>, Data> {
    Trainer::new(net, Adam::new(), Schedule::constant(0.01), data).batch_size(6).epochs(3)
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("settings-{name}"))
}

/// Checks the error of a training run, a gradient check, a bare step and `save`.
#[track_caller]
fn check(change: impl Fn(&mut Net), message: &str) {
    let (data, mut net) = (data(), random());
    change(&mut net);
    let x = SMatrix::<f32, 5, 2>::from_fn(|sample, feature| ((sample * 2 + feature) as f32).cos());
    let labels = [0, 1, 2, 0, 1].try_into().unwrap();

    let mut trainer = trainer(net.clone(), &data);
    let error = trainer.run().unwrap_err();
    assert!(matches!(error, TrainingError::Setting(_)), "{error:?}");
    assert_eq!(error.to_string(), message);
    assert!(trainer.history().steps.is_empty());

    assert_eq!(net.gradient_check(&x, &labels).unwrap_err().to_string(), message);

    let (mut adam, mut tape) = (Adam::new(), Net::tape(Const));
    for panic in [
        catch_unwind(AssertUnwindSafe(|| _ = net.clone().descend(&x, &labels, 0.1))),
        catch_unwind(AssertUnwindSafe(|| _ = net.gradient(&x, &labels))),
        catch_unwind(AssertUnwindSafe(|| _ = adam.descend_with(&mut net.clone(), &x, &labels, 0.1, &mut tape))),
    ] {
        assert_eq!(panic.unwrap_err().downcast_ref::<String>().unwrap(), message);
    }

    let file = path("unwritten");
    let error = net.save(&file).unwrap_err().to_string();
    assert_eq!(error, format!("`{}` was not written: {message}", file.display()));
    assert!(!file.exists());
}

#[test]
fn each_hyperparameter_has_a_range() {
    for p in [1.0, 1.5, -0.1, f64::INFINITY, f64::NAN] {
        let message = format!("`dropout1.p` must be at least 0 and less than 1, not {p:?}");
        check(|net| net.dropout1 = Dropout::new(p), &message);
        check(|net| net.dropout1 = Dropout::default().p(p), &message);
    }
    for epsilon in [0.0, -1e-5, f64::INFINITY, f64::NAN] {
        let message = |layer| format!("`{layer}.epsilon` must be greater than 0 and finite, not {epsilon:?}");
        check(|net| net.layer_norm1 = LayerNorm::default().epsilon(epsilon), &message("layer_norm1"));
        check(|net| net.rms_norm1 = RmsNorm::default().epsilon(epsilon), &message("rms_norm1"));
        let batch_norm = || BatchNorm::default().epsilon(epsilon);
        check(|net| net.outer.inner.batch_norm1 = batch_norm(), &message("outer.inner.batch_norm1"));
    }
    for momentum in [-0.1, 1.1, f64::NAN] {
        let message = format!("`outer.inner.batch_norm1.momentum` must be at least 0 and at most 1, not {momentum:?}");
        check(|net| net.outer.inner.batch_norm1 = BatchNorm::default().momentum(momentum), &message);
    }
    for number in [f64::NEG_INFINITY, f64::NAN] {
        let message = format!("`leaky_relu1.negative_slope` must be finite, not {number:?}");
        check(|net| net.leaky_relu1 = LeakyRelu::new(number), &message);
        check(|net| net.outer.elu1 = Elu::new(number), &format!("`outer.elu1.alpha` must be finite, not {number:?}"));
    }
}

#[test]
fn layers_in_brackets_and_blocks_are_checked() {
    let dropout = "must be at least 0 and less than 1, not 2.0";
    check(|net| net.outer.inner.dropout1.p = 2.0, &format!("`outer.inner.dropout1.p` {dropout}"));
    check(|net| net.residual1.inner1.dropout1.p = 2.0, &format!("`residual1.inner1.dropout1.p` {dropout}"));
    check(|net| net.concat1.0.dropout1.p = 2.0, &format!("`concat1.0.dropout1.p` {dropout}"));
    check(|net| net.sum1.1.elu1.alpha = f64::INFINITY, "`sum1.1.elu1.alpha` must be finite, not inf");
    check(
        |net| net.sum1.1.batch_norm1.momentum = 1.5,
        "`sum1.1.batch_norm1.momentum` must be at least 0 and at most 1, not 1.5",
    );
}

#[test]
fn the_ends_of_the_ranges_train() {
    let (data, mut net) = (data(), random());
    net.dropout1.p = 0.0;
    net.outer.inner.batch_norm1.momentum = 0.0;
    net.sum1.1.batch_norm1.momentum = 1.0;
    net.layer_norm1.epsilon = 1e-300;
    net.outer.elu1.alpha = 0.0;
    net.leaky_relu1.negative_slope = -1.0;
    trainer(net, &data).run().unwrap();
}

/// Replaces the only `f64` of this value in a file.
fn replace(file: &PathBuf, old: f64, new: f64) {
    let mut bytes = fs::read(file).unwrap();
    let places: Vec<_> = (0..bytes.len() - 7).filter(|&at| bytes[at..at + 8] == old.to_le_bytes()).collect();
    let [place] = places[..] else { panic!("{old} is in the file {} times", places.len()) };
    bytes[place..place + 8].copy_from_slice(&new.to_le_bytes());
    damage::repair(&mut bytes, 0);
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_file_with_a_setting_out_of_range_is_an_error() {
    let (file, mut net) = (path("loaded"), random());
    net.concat1.0.dropout1.p = 0.625;
    for (old, new, problem) in [
        (0.625, 1.5, "holds `network.concat1.0.dropout1.p` as 1.5, but it should be at least 0 and less than 1"),
        (1e-7, -1.0, "holds `network.rms_norm1.epsilon` as -1.0, but it should be greater than 0 and finite"),
        (0.2, f64::NAN, "holds `network.leaky_relu1.negative_slope` as NaN, but it should be finite"),
    ] {
        net.rms_norm1.epsilon = 1e-7;
        net.leaky_relu1.negative_slope = 0.2;
        net.save(&file).unwrap();
        Net::<f32>::load(&file).unwrap();
        replace(&file, old, new);
        let error = Net::<f32>::load(&file).map(|_| ()).unwrap_err().to_string();
        assert_eq!(error, format!("`{}` {problem}", file.display()));
    }
}

#[test]
fn a_training_run_with_a_setting_out_of_range_does_not_resume() {
    let (file, data, mut net) = (path("resumed"), data(), random());
    net.dropout1.p = 0.625;
    let mut run = trainer(net, &data).checkpoint(&file, 1).on_step(|_, _| ControlFlow::Break(()));
    run.run().unwrap();
    replace(&file, 0.625, 1.0);
    let error = trainer(random(), &data).resume(&file).map(|_| ()).unwrap_err().to_string();
    let problem = "holds `network.dropout1.p` as 1.0, but it should be at least 0 and less than 1";
    assert_eq!(error, format!("`{}` {problem}", file.display()));
}
