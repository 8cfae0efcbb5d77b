//! A resumed training run equals an uninterrupted one, and files that do not fit are rejected.

use std::fs;
use std::ops::ControlFlow::{self, Break, Continue};
use std::path::{Path, PathBuf};

use typenet::data::Table;
use typenet::metrics::Score;
use typenet::nalgebra::Const;
use typenet::optimizers::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Schedule, Sgd};
use typenet::prelude::*;
use typenet::training::{Evaluation, History, Sampling, Step, Stop, Trainer, TrainingError};

#[path = "support/damage.rs"]
mod damage;

network! {
    struct Small = Affine<2, 5> -> Tanh -> Affine<5, 3> -> SoftmaxWithLoss;
    struct Wider = Affine<2, 6> -> Tanh -> Affine<6, 3> -> SoftmaxWithLoss;
    struct Longer = Affine<2, 5> -> Tanh -> Affine<5, 3> -> Tanh -> Affine<3, 3> -> SoftmaxWithLoss;
    struct Shorter = Affine<2, 5> -> Tanh -> SoftmaxWithLoss;
    struct Bent = Affine<2, 5> -> Relu -> Affine<5, 3> -> SoftmaxWithLoss;
    struct Judged = Affine<2, 5> -> Tanh -> Affine<5, 3> -> MeanSquaredError;
}

network! {
    struct Leaky = Affine<2, 5> -> act: LeakyRelu(0.2) -> SoftmaxWithLoss;
    struct Squeezed = Affine<2, 5> -> act: Sigmoid -> SoftmaxWithLoss;
    struct Leakier = Affine<2, 5> -> act: LeakyRelu(0.9) -> SoftmaxWithLoss;
    struct LeastLeaky = Affine<2, 5> -> act: LeakyRelu -> SoftmaxWithLoss;
    struct Bending = Affine<2, 5> -> act: Bend(0.2, 1.0) -> SoftmaxWithLoss;
    struct Owning = Affine<2, 5> -> act: own::Own<3>(0.2) -> SoftmaxWithLoss;
    struct OwningMore = Affine<2, 5> -> act: own::Own<4>(0.2) -> SoftmaxWithLoss;
}

/// An activation with two hyperparameters.
#[activation]
fn bend<T: Scalar>(x: T, slope: T, shift: T) -> T {
    slope * x + shift
}

mod own {
    use typenet::nalgebra::{Dim, Matrix, RawStorage};
    use typenet::{Batch, Infer, Layer, Parameters, Scalar, Shape};

    /// A layer that does not expose its hyperparameters.
    #[derive(Clone)]
    pub struct Own<const N: usize>;

    impl<const N: usize> Own<N> {
        pub fn new(_: f64) -> Self {
            Self
        }
    }

    impl<T: Scalar, const N: usize> Parameters<T> for Own<N> {}

    impl<T: Scalar, F: Shape, const N: usize> Infer<T, F> for Own<N> {
        type Out = F;

        fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
            y.copy_from_slice(x);
        }
    }

    impl<T: Scalar, F: Shape, const N: usize> Layer<T, F> for Own<N> {
        type Cache<S: Dim> = ();

        fn backward<D: Dim, S: RawStorage<T, D, F>>(
            &self,
            _: &Matrix<T, D, F, S>,
            _: &Batch<T, D, F>,
            dy: &Batch<T, D, F>,
            dx: Option<&mut Batch<T, D, F>>,
            (): &mut (),
        ) {
            if let Some(dx) = dx {
                dx.copy_from(dy);
            }
        }
    }
}

type Points<T> = Table<T, Const<2>, Labels<Dyn, Const<3>>>;

/// Draws points of the plane in three classes.
fn points<T: Scalar>(count: u32) -> Points<T> {
    let places = (0..count).flat_map(|i| [f64::from(i * 7 % 11) / 11.0, f64::from(i * 5 % 13) / 13.0]);
    let classes: Vec<usize> = (0..count as usize).map(|i| i * 7 % 11 / 4).collect();
    Table::classification(&places.map(T::of).collect::<Vec<_>>(), &classes).unwrap()
}

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("checkpoint");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

fn random<T: Scalar>(seed: u64) -> Small<T> {
    Small::random(Xavier, &mut StdRng::seed_from_u64(seed))
}

/// Returns the bits of all parameters.
fn bits<Net: Network>(net: &Net) -> Vec<u64> {
    net.parameters().flat_map(|block| block.values.iter().map(|value| value.as_f64().to_bits())).collect()
}

/// Trains on 18 points: an epoch has three full batches and one of three points.
fn trainer<T: Scalar, O: Optimizer<Small<T>>>(
    net: Small<T>,
    optimizer: O,
    sampling: Sampling,
    points: &Points<T>,
) -> Trainer<'_, Small<T>, O, Points<T>> {
    Trainer::new(net, optimizer, Schedule::cosine(0.05, 60).with_warm_up(5), points)
        .validation_split(0.2)
        .batch_size(5)
        .sampling(sampling)
        .seed(3)
        .evaluate_every(6)
        .evaluate_at_start()
        .early_stopping(100)
        .iterations(41)
}

/// Returns a callback that stops training after `steps` steps.
fn until<Net>(steps: u64) -> impl FnMut(&Step, &mut Net) -> ControlFlow<()> {
    move |step, _| if step.step + 1 == steps { Break(()) } else { Continue(()) }
}

/// Returns the evaluations without their times.
fn timeless(evaluations: &[Evaluation]) -> Vec<Evaluation> {
    let without_time = |e: &Evaluation| Evaluation::new(e.steps, e.epochs, e.train, e.validation, 0.0);
    evaluations.iter().map(without_time).collect()
}

fn goes_on_as_if_unbroken<T: Scalar, O: Optimizer<Small<T>>>(new: impl Fn() -> O) {
    let points = points::<T>(23);
    for sampling in [Sampling::Shuffled, Sampling::WithReplacement] {
        let file = path(&format!("resume-{}-{}-{sampling:?}", new().name(), size_of::<T>()));
        let mut whole = trainer(random(7), new(), sampling, &points);
        assert_eq!(whole.run().unwrap(), Stop::Finished);
        // Stop twice in the middle of an epoch, the second time shortly before the next checkpoint.
        let mut first = trainer(random(7), new(), sampling, &points).checkpoint(&file, 4).on_step(until(7));
        assert_eq!(first.run().unwrap(), Stop::Watcher);
        let second = trainer(Small::zeros(), new(), sampling, &points).checkpoint(&file, 4).on_step(until(18));
        assert_eq!(second.resume(&file).unwrap().run().unwrap(), Stop::Watcher);
        let mut third = trainer(Small::zeros(), new(), sampling, &points).resume(&file).unwrap();
        assert_eq!((third.history().steps.len(), third.history().evaluations.len()), (18, 4));
        third.run().unwrap();

        assert_eq!(bits(third.network()), bits(whole.network()), "{}", file.display());
        assert_eq!(third.history().steps, whole.history().steps);
        assert_eq!(timeless(&third.history().evaluations), timeless(&whole.history().evaluations));
        assert_eq!(third.optimizer().common(), whole.optimizer().common());
        let states = |optimizer: &O| optimizer.states().iter().map(bits).collect::<Vec<_>>();
        assert_eq!(states(third.optimizer()), states(whole.optimizer()));
    }
}

#[test]
fn every_optimizer_resumes_to_the_same_bits() {
    goes_on_as_if_unbroken::<f32, _>(|| Sgd::new().weight_decay(0.01));
    goes_on_as_if_unbroken::<f32, _>(|| Sgd::new().clip_norm(0.1));
    goes_on_as_if_unbroken::<f32, _>(Momentum::new);
    goes_on_as_if_unbroken::<f32, _>(Nesterov::new);
    goes_on_as_if_unbroken::<f32, _>(AdaGrad::new);
    goes_on_as_if_unbroken::<f32, _>(RmsProp::new);
    goes_on_as_if_unbroken::<f32, _>(Adam::new);
    goes_on_as_if_unbroken::<f32, _>(|| AdamW::new().betas(0.8, 0.9));
    goes_on_as_if_unbroken::<f64, _>(Sgd::new);
    goes_on_as_if_unbroken::<f64, _>(Adam::new);
    goes_on_as_if_unbroken::<f64, _>(|| RmsProp::new().clip_norm(0.5));
}

/// Creates a trainer that overfits its few points, so that the validation loss rises.
fn overfitting(points: &Points<f64>, patience: usize) -> Trainer<'_, Small<f64>, Adam<Small<f64>>, Points<f64>> {
    Trainer::new(random(7), Adam::new(), Schedule::constant(0.1), points)
        .validation_split(0.5)
        .batch_size(5)
        .seed(3)
        .evaluate_every(6)
        .early_stopping(patience)
        .iterations(400)
}

#[test]
fn early_stopping_resumes_with_its_best_network() {
    let points = points(23);
    let file = path("early");
    let mut whole = overfitting(&points, 3);
    assert_eq!(whole.run().unwrap(), Stop::NoImprovement);
    let end = whole.history().steps.len() as u64;
    assert!(end < 400 - 6 * 3);
    // Stop between the best evaluation and the end.
    let mut first = overfitting(&points, 3).checkpoint(&file, 1000).on_step(until(end - 7));
    assert_eq!(first.run().unwrap(), Stop::Watcher);
    let mut second = overfitting(&points, 3).checkpoint(&file, 1000).resume(&file).unwrap();
    assert_eq!(second.run().unwrap(), Stop::NoImprovement);
    assert_eq!(bits(second.network()), bits(whole.network()));
    assert_eq!(second.history().steps, whole.history().steps);
    assert_eq!(bits(&Small::<f64>::load(&file).unwrap()), bits(whole.network()));
    // A finished run stays finished, with the same network.
    let mut third = overfitting(&points, 3).resume(&file).unwrap();
    assert_ne!(bits(third.network()), bits(whole.network()));
    assert_eq!(third.run().unwrap(), Stop::NoImprovement);
    assert_eq!(third.history().steps.len() as u64, end);
    assert_eq!(bits(third.network()), bits(whole.network()));
    // With more patience it continues from the last network, not from the best.
    let (mut patient, mut unbroken) = (overfitting(&points, 8).resume(&file).unwrap(), overfitting(&points, 8));
    assert_eq!((patient.run().unwrap(), unbroken.run().unwrap()), (Stop::NoImprovement, Stop::NoImprovement));
    assert!(patient.history().steps.len() as u64 > end);
    assert_eq!(patient.history().steps, unbroken.history().steps);
    assert_eq!(bits(patient.network()), bits(unbroken.network()));
    // Without early stopping there is no best network.
    let longer = Trainer::new(random(7), Adam::new(), Schedule::constant(0.1), &points).validation_split(0.5).seed(3);
    let mut longer =
        longer.batch_size(5).evaluate_every(6).iterations(end + 2).resume(&file).unwrap().checkpoint(&file, 9);
    assert_eq!(longer.run().unwrap(), Stop::Finished);
    assert_eq!(bits(&Small::<f64>::load(&file).unwrap()), bits(longer.network()));
    // The same holds without a file.
    let mut again = whole.early_stopping(8);
    assert_eq!(again.run().unwrap(), Stop::NoImprovement);
    assert_eq!(again.history().steps, unbroken.history().steps);
    assert_eq!(bits(again.network()), bits(unbroken.network()));
}

#[test]
fn a_run_without_steps_is_saved_too() {
    let (points, file) = (points::<f32>(23), path("no step"));
    let adam = || trainer(random(7), Adam::new(), Sampling::Shuffled, &points).evaluate_at_start().iterations(9);
    let _ = fs::remove_file(&file); // from an earlier run
    let stop = adam().checkpoint(&file, 4).on_evaluation(|_, _| Break(())).run().unwrap();
    assert_eq!(stop, Stop::Watcher);
    let (mut rest, mut whole) = (adam().resume(&file).unwrap(), adam());
    assert_eq!((rest.run().unwrap(), whole.run().unwrap()), (Stop::Finished, Stop::Finished));
    assert_eq!(bits(rest.network()), bits(whole.network()));
    assert_eq!(timeless(&rest.history().evaluations), timeless(&whole.history().evaluations));
}

#[test]
fn networks_round_trip_and_equal_states_give_equal_bytes() {
    let (net, file) = (random::<f32>(1), path("network"));
    net.save(&file).unwrap();
    let bytes = fs::read(&file).unwrap();
    let back = Small::<f32>::load(&file).unwrap();
    assert_eq!(bits(&back), bits(&net));
    back.save(&file).unwrap();
    assert_eq!(fs::read(&file).unwrap(), bytes);
    // A training checkpoint contains a network too.
    let points = points::<f32>(23);
    let mut training = Trainer::new(net, Adam::new(), Schedule::constant(0.01), &points).checkpoint(&file, 4);
    training.run().unwrap();
    assert_eq!(bits(&Small::<f32>::load(&file).unwrap()), bits(training.network()));
}

#[test]
fn a_history_with_a_nan_loss_round_trips_as_json() {
    let losses = [0.25, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let evaluations = losses.map(|loss| {
        let validation = Some(Score::new(loss, Some(0.5)));
        Evaluation::new(7, 1.75, None, validation, 0.1).with_metric("mine", loss)
    });
    let history = History::new(Vec::new(), evaluations.to_vec());
    let text = serde_json::to_string(&history).unwrap();
    let back: History = serde_json::from_str(&text).unwrap();
    for (evaluation, loss) in back.evaluations.iter().zip(losses) {
        assert_eq!(evaluation.score().unwrap().loss.to_string(), loss.to_string());
        assert_eq!(evaluation.metric("mine").unwrap().to_string(), loss.to_string());
    }
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
}

/// Returns the error message without the file's name.
fn problem<T>(file: &Path, result: Result<T, impl std::error::Error>) -> String {
    let error = result.err().expect("it should be refused").to_string();
    error.strip_prefix(&format!("`{}` ", file.display())).expect("the error names the file").to_owned()
}

#[test]
fn another_network_is_rejected() {
    let file = path("architecture");
    random::<f32>(1).save(&file).unwrap();
    assert_eq!(
        problem(&file, Wider::<f32>::load(&file)),
        "holds `network.affine1.weight` as 2 x 5, but it should be 2 x 6"
    );
    assert_eq!(problem(&file, Longer::<f32>::load(&file)), "has no `network.affine3.weight`, which should be 3 x 3");
    assert_eq!(
        problem(&file, Shorter::<f32>::load(&file)),
        "holds `network.affine2.bias`, which is not part of this network or its training run"
    );
    assert_eq!(problem(&file, Bent::<f32>::load(&file)), "holds `tanh1: Tanh` where this network has `relu1: Relu`");
    assert_eq!(
        problem(&file, Judged::<f32>::load(&file)),
        "holds `loss: SoftmaxWithLoss` where this network has `loss: MeanSquaredError`"
    );
    assert_eq!(problem(&file, Small::<f64>::load(&file)), "holds a network in f32, but this one computes in f64");
}

#[test]
fn layers_of_another_type_are_rejected_and_settings_are_restored() {
    let file = path("hyperparameters");
    let mut net = Leaky::<f32>::zeros();
    net.act.negative_slope = 0.7;
    net.save(&file).unwrap();
    for slope in [
        Leaky::<f32>::load(&file).unwrap().act.negative_slope,
        Leakier::<f32>::load(&file).unwrap().act.negative_slope,
        LeastLeaky::<f32>::load(&file).unwrap().act.negative_slope,
    ] {
        assert_eq!(slope, 0.7);
    }
    let differs = |other: &str, result| {
        assert_eq!(problem(&file, result), format!("holds `act: LeakyRelu` where this network has `act: {other}`"));
    };
    differs("Sigmoid", Squeezed::<f32>::load(&file).map(drop));
    differs("Bend", Bending::<f32>::load(&file).map(drop));
    differs("Own<3>(0.2)", Owning::<f32>::load(&file).map(drop));
    Owning::<f32>::zeros().save(&file).unwrap();
    assert_eq!(
        problem(&file, OwningMore::<f32>::load(&file)),
        "holds `act: Own<3>(0.2)` where this network has `act: Own<4>(0.2)`"
    );
    Bending::<f32>::zeros().save(&file).unwrap();
    Bending::<f32>::load(&file).unwrap();
}

/// Files of format 1 have no settings, so those of the declaration apply.
#[test]
fn a_file_of_format_1_is_read() {
    let file = path("format1");
    let net: Small<f32> = random(1);
    net.save(&file).unwrap();
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, changed(&bytes, r#"\"format\":2"#, r#"\"format\":1"#)).unwrap();
    assert_eq!(bits(&Small::<f32>::load(&file).unwrap()), bits(&net));
    Leaky::<f32>::zeros().save(&file).unwrap();
    let bytes = changed(&fs::read(&file).unwrap(), "act: LeakyRelu", "act: LeakyRelu(0.9)");
    fs::write(&file, changed(&bytes, r#"\"format\":2"#, r#"\"format\":1"#)).unwrap();
    assert_eq!(
        problem(&file, Squeezed::<f32>::load(&file)),
        "holds `act: LeakyRelu` where this network has `act: Sigmoid`"
    );
    assert_eq!(Leaky::<f32>::load(&file).unwrap().act.negative_slope, 0.2);
}

#[test]
fn another_training_run_is_rejected() {
    let (points, file) = (points::<f32>(23), path("training"));
    random::<f32>(1).save(&file).unwrap();
    let adam = || trainer(random(7), Adam::new(), Sampling::Shuffled, &points);
    assert_eq!(problem(&file, adam().resume(&file)), "holds only a network, but no training run to resume");
    adam().checkpoint(&file, 4).iterations(5).run().unwrap();
    let sgd = trainer(random(7), Sgd::new(), Sampling::Shuffled, &points);
    assert_eq!(
        problem(&file, sgd.resume(&file)),
        "is from a training run with the optimizer `Adam`, but this one has `Sgd`"
    );
    let other = Adam::new().betas(0.8, 0.999).clip_norm(1.0);
    let other = trainer(random(7), other, Sampling::WithReplacement, &points).batch_size(6).evaluate_every(5);
    assert_eq!(
        problem(&file, other.resume(&file).unwrap().run()),
        "is from another training run: `batch_size` was 5 and is 6, `beta1` was 0.9 and is 0.8, `clip_norm` was none and is 1, \
         `evaluate_every` was 6 steps and is 5 steps, `sampling` was shuffled and is with replacement"
    );
    let fewer = self::points::<f32>(22);
    let other =
        trainer(random(7), Adam::new(), Sampling::Shuffled, &fewer).validation_split(0.5).resume(&file).unwrap();
    assert_eq!(
        problem(&file, other.validation_split(0.25).run()),
        "is from another training run: its data differ, `samples` was 23 and is 22, `validation_split` was 0.2 and is 0.25"
    );
    let mut faster = Trainer::new(random(7), Adam::new(), Schedule::constant(0.1), &points).resume(&file).unwrap();
    let faster = problem(&file, faster.run());
    assert!(faster.contains("`schedule` was 0.05 along a cosine of 60 steps, after a warm-up of 5 steps and is 0.1"));
    assert_eq!(
        problem(&file, adam().seed(4).resume(&file).unwrap().run()),
        "is from another training run: its seed differs"
    );
    // The same number of points, with another value or another class in one of them.
    let numbers: Vec<f32> = (0..46_u8).map(f32::from).collect();
    let [some, moved, renamed] = [(0.0, 0), (0.5, 0), (0.0, 1)].map(|(moved, class)| {
        let (mut numbers, mut classes) = (numbers.clone(), vec![0; 23]);
        (numbers[45], classes[22]) = (numbers[45] + moved, class);
        Table::classification(&numbers, &classes).unwrap()
    });
    let file = path("data");
    trainer(random(7), Adam::new(), Sampling::Shuffled, &some).checkpoint(&file, 4).iterations(5).run().unwrap();
    for other in [&moved, &renamed] {
        let other = trainer::<f32, _>(random(7), Adam::new(), Sampling::Shuffled, other).resume(&file).unwrap().run();
        assert_eq!(problem(&file, other), "is from another training run: its data differ");
    }
    let file = path("training");
    // More steps or another patience are allowed.
    assert_eq!(adam().iterations(9).early_stopping(7).resume(&file).unwrap().run().unwrap(), Stop::Finished);
}

/// Replaces bytes of a file and repairs its checksum.
fn changed(original: &[u8], old: &str, new: &str) -> Vec<u8> {
    let mut bytes = original.to_vec();
    let longer = damage::replace(&mut bytes, old, new).expect("what is to be replaced is there");
    damage::repair(&mut bytes, longer);
    bytes
}

#[test]
fn invalid_files_are_rejected() {
    let file = path("damaged");
    random::<f32>(1).save(&file).unwrap();
    let whole = fs::read(&file).unwrap();
    let refusal = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        problem(&file, Small::<f32>::load(&file))
    };
    let (end, mut flipped) = (whole.len(), whole.clone());
    flipped[end - 30] ^= 1;
    assert_eq!(refusal(b""), "is empty");
    assert_eq!(refusal(b"short"), "is not a safetensors file: it has 5 bytes, but needs at least 8");
    assert!(
        refusal(b"some text, and no tensors").starts_with("is not a safetensors file, or is truncated: its header")
    );
    assert!(
        refusal(&[&8_u64.to_le_bytes()[..], b"no JSON!"].concat()).starts_with("is not a safetensors file: its header")
    );
    assert_eq!(refusal(&whole[..end - 3]), "is truncated: it has only 129 of its 132 bytes of tensors");
    assert_eq!(
        refusal(&changed(&whole, "[5,3]", "[5,4]")), // a shape that does not fit its byte range
        "holds `network.affine2.weight` as 5 x 4, but it should be 5 x 3"
    );
    assert_eq!(
        refusal(&changed(&whole, "[5,3]", "[18446744073709551615,3]")),
        "holds `network.affine2.weight` as 18446744073709551615 x 3, but it should be 5 x 3"
    );
    assert_eq!(
        refusal(&changed(&whole, "\"data_offsets\":[0,", "\"data_offsets\":[4,")),
        "is not a safetensors file: its header is invalid: invalid offset for tensor `network.affine1.bias`"
    );
    assert_eq!(refusal(&[&whole[..], b"!"].concat()), "has extra bytes after its 132 bytes of tensors");
    let damaged = refusal(&flipped);
    assert!(damaged.starts_with("is damaged: its checksum is ") && damaged.contains(", but should be "), "{damaged}");
    assert_eq!(
        refusal(&changed(&whole, r#"\"format\":2"#, r#"\"format\":3"#)),
        "has format 3; this version of typenet reads up to format 2"
    );
    assert_eq!(
        refusal(&changed(&whole, r#""typenet":"#, r#""another":"#)),
        "is a safetensors file, but its metadata has no key `typenet`"
    );
    assert_eq!(
        refusal(&changed(&whole, "checksum", "chequesum")),
        "has invalid metadata: missing field `checksum` at line 1 column 182"
    );
}

#[test]
fn values_that_are_not_finite_are_neither_written_nor_read() {
    let (file, mut net) = (path("infinite"), random::<f32>(1));
    net.save(&file).unwrap();
    let whole = fs::read(&file).unwrap();
    net.affine2.weight[(1, 2)] = f32::INFINITY;
    assert_eq!(problem(&file, net.save(&file)), "was not written: `affine2.weight` has a NaN or infinite value");
    assert_eq!(fs::read(&file).unwrap(), whole);
    let mut bytes = whole.clone();
    let place = bytes.len() - 4;
    bytes[place..].copy_from_slice(&f32::NAN.to_le_bytes());
    damage::repair(&mut bytes, 0);
    fs::write(&file, bytes).unwrap();
    assert_eq!(problem(&file, Small::<f32>::load(&file)), "holds a NaN or infinite value in `network.affine2.weight`");
}

#[test]
fn an_invalid_path_is_reported_before_the_first_step() {
    let points = points::<f32>(23);
    let trainer = || trainer(random(7), Adam::new(), Sampling::Shuffled, &points);
    let (folder, missing) = (path("a folder"), path("no folder/file"));
    fs::create_dir_all(&folder).unwrap();
    let refusal = |file: &Path| {
        let mut trainer = trainer().checkpoint(file, 4);
        let error = trainer.run().unwrap_err().to_string();
        assert!(trainer.history().steps.is_empty());
        error
    };
    assert_eq!(refusal(&folder), format!("cannot write `{}`: it is a folder, not a file", folder.display()));
    assert!(refusal(&missing).starts_with(&format!("cannot write `{}`: ", missing.display())));
    assert_eq!(problem(&folder, Small::<f32>::load(&folder)), "is a folder, not a file");
    let error = Small::<f32>::load(&missing).expect_err("it is not there").to_string();
    assert!(error.starts_with(&format!("cannot read `{}`: ", missing.display())));
    let never = trainer().checkpoint(path("never"), 0).run().unwrap_err().to_string();
    assert_eq!(never, "`checkpoint` is every 0 steps, but the interval should be at least 1");
}

#[test]
fn divergence_keeps_the_last_good_file() {
    let (points, file) = (points::<f32>(23), path("diverged"));
    let rate = |rate| Trainer::new(random::<f32>(7), Sgd::new(), Schedule::steps(rate, 9, 1e30), &points).batch_size(5);
    let mut training = rate(0.1).checkpoint(&file, 4);
    assert!(matches!(training.run(), Err(TrainingError::Diverged(_))));
    let resumed = rate(0.1).resume(&file).unwrap();
    assert_eq!(resumed.history().steps.len(), 8);
    assert!(resumed.network().parameters().all(|block| block.values.iter().all(|value| value.is_finite())));
}

mod old_files {
    //! Files that a version before `to_bytes` and `include_network!` wrote.

    use typenet::data::Table;
    use typenet::prelude::*;
    use typenet::training::Trainer;

    network! {
        struct Net = Affine<2, 4> -> BatchNorm<4>(momentum = 0.2) -> LeakyRelu(0.3) -> PRelu<4> -> Dropout(0.1)
            -> Affine<4, 2> -> SoftmaxWithLoss(label_smoothing = 0.05);
    }

    fn table() -> Table<f32, Const<2>, Labels<Dyn, Const<2>>> {
        let x = Samples::from_fn(Dyn(40), Const::<2>, |row, column| ((row * 7 + column * 5) % 11) as f32 / 5.0 - 1.0);
        let classes: Vec<usize> = (0..40).map(|row| usize::from(x[(row, 0)] * x[(row, 1)] > 0.0)).collect();
        Table::new(x, Labels::new(Dyn(40), &classes).unwrap()).unwrap()
    }

    fn check(net: &Net) {
        assert_eq!(net.affine1.bias.as_slice(), [0.008_800_47, -0.067_216_516, -0.093_593_6, -0.047_337_81]);
        assert_eq!(net.p_relu1.slope.as_slice(), [0.778_590_2, -0.607_085_35, -0.384_840_88, 0.279_256_67]);
        assert_eq!(net.batch_norm1.variance.as_slice(), [0.159_196_33, 0.179_760_87, 0.592_413_84, 0.073_141_76]);
        assert_eq!((net.batch_norm1.momentum, net.leaky_relu1.negative_slope, net.dropout1.p), (0.2, 0.3, 0.1));
        assert_eq!(net.loss.label_smoothing, 0.05);
        let y = net.infer(&SMatrix::<f32, 2, 1>::new(0.5, -0.25));
        assert!((y[0] - 1.658_621_5).abs() < 1e-6 && (y[1] + 1.556_381_7).abs() < 1e-6, "{y}");
    }

    #[test]
    fn a_network_of_an_old_file_loads() {
        check(&Net::load("tests/fixtures/checkpoints/net.safetensors").unwrap());
        let bytes = std::fs::read("tests/fixtures/checkpoints/net.safetensors").unwrap();
        check(&Net::from_bytes(&bytes).unwrap());
    }

    #[test]
    fn a_training_run_of_an_old_file_goes_on() {
        let table = table();
        let net: Net = Net::random(He, &mut StdRng::seed_from_u64(0));
        let mut trainer = Trainer::new(net, Adam::new().clip_norm(1.0), Schedule::constant(0.02), &table)
            .batch_size(8)
            .seed(5)
            .epochs(12)
            .resume("tests/fixtures/checkpoints/run.safetensors")
            .unwrap();
        check(trainer.network());
        assert_eq!(
            trainer.history().steps.last().map(|step| (step.step, step.loss)),
            Some((59, 0.122_643_433_511_257_17))
        );
        trainer = trainer.epochs(24);
        trainer.run().unwrap();
        let steps = &trainer.history().steps;
        assert_eq!((steps.len(), steps[60].step), (120, 60));
        assert!(trainer.network().accuracy(table.samples(), table.targets()) >= 0.9);
    }
}
