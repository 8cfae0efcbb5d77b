//! A training run killed repeatedly ends like an uninterrupted one.
#![cfg(unix)]

use std::fs;
use std::ops::ControlFlow::Continue;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use typenet::data::Table;
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::training::{Evaluation, Trainer};

/// The variable with the checkpoint file of the run.
const FILE: &str = "TYPENET_CHECKPOINT";
/// The variable with the number of steps between checkpoints.
const EVERY: &str = "TYPENET_EVERY";
const KILLS: usize = 30;
const STEPS: u64 = 3_000;

network! {
    struct Curve = Affine<1, 16> -> Tanh -> Affine<16, 1> -> MeanSquaredError;
}

type Numbers = Table<f32, Const<1>, Batch<f32, Dyn, Const<1>>>;
type Training<'a> = Trainer<'a, Curve, Adam<Curve>, Numbers>;

fn points() -> Numbers {
    let x: Vec<f32> = (0..100).map(|i| (i as f32) / 100.0).collect();
    let y: Vec<f32> = x.iter().map(|x| (9.0 * x).sin()).collect();
    Table::regression(&x, &y).unwrap()
}

fn training(points: &Numbers) -> Training<'_> {
    let net = Curve::random(Xavier, &mut StdRng::seed_from_u64(1));
    Trainer::new(net, Adam::new(), Schedule::cosine(0.01, STEPS), points)
        .validation_split(0.2)
        .batch_size(7)
        .evaluate_every(10)
        .early_stopping(1_000)
        .iterations(STEPS)
}

/// Trains until it is killed: the test below starts this one as a process with a checkpoint file.
#[test]
fn a_training_to_be_killed() {
    let Some(file) = std::env::var_os(FILE).map(PathBuf::from) else { return };
    let every: u64 = std::env::var(EVERY).unwrap().parse().unwrap();
    let points = points();
    let trainer = training(&points).checkpoint(&file, every).on_step(|_, _| {
        sleep(Duration::from_millis(u64::from(every < STEPS))); // slow down, so that it does not end before the kill
        Continue(())
    });
    let mut trainer = if file.exists() { trainer.resume(&file).unwrap() } else { trainer };
    trainer.run().unwrap();
}

/// Starts the process.
fn start(file: &Path, every: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_training_to_be_killed", "--nocapture"])
        .envs([(FILE, file.as_os_str()), (EVERY, every.to_string().as_ref())])
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits for the next checkpoint.
fn wait_for_a_step(file: &Path, child: &mut Child) {
    let modified = || fs::metadata(file).and_then(|file| file.modified()).ok();
    let before = modified();
    while modified() == before {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        sleep(Duration::from_millis(1));
    }
}

fn bits(net: &Curve) -> Vec<u32> {
    net.parameters().flat_map(|block| block.values.iter().map(|value| value.to_bits())).collect()
}

fn timeless(training: &Training) -> Vec<Evaluation> {
    let without_time = |e: &Evaluation| Evaluation::new(e.steps, e.epochs, e.train, e.validation, 0.0);
    training.history().evaluations.iter().map(without_time).collect()
}

#[test]
fn thirty_kills_do_not_change_the_result() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("checkpoint-kill");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let (file, points) = (folder.join("run"), points());
    let (mut rng, mut reached) = (StdRng::seed_from_u64(1), Vec::new());
    for _ in 0..KILLS {
        let mut child = start(&file, 1);
        wait_for_a_step(&file, &mut child);
        sleep(Duration::from_micros(rng.random_range(0..30_000)));
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it had ended before it was killed");
        reached.push(training(&points).resume(&file).unwrap().history().steps.len());
    }
    let left = fs::read_dir(&folder).unwrap().count() - 1;
    println!("killed after steps {reached:?}, {left} times while a file was written");
    assert!(reached.is_sorted() && reached[0] < reached[KILLS - 1]);
    assert!(start(&file, STEPS).wait().unwrap().success());

    // Compare the file, and the best network after resuming a finished run.
    let mut whole = training(&points).checkpoint(folder.join("whole"), STEPS);
    whole.run().unwrap();
    let unbroken = training(&points).resume(folder.join("whole")).unwrap();
    let mut killed = training(&points).resume(&file).unwrap();
    assert_eq!(bits(killed.network()), bits(unbroken.network()));
    let states = |training: &Training| training.optimizer().states().iter().map(bits).collect::<Vec<_>>();
    assert_eq!(states(&killed), states(&unbroken));
    assert_eq!(killed.optimizer().common(), unbroken.optimizer().common());
    assert_eq!(killed.history().steps, unbroken.history().steps);
    assert_eq!(timeless(&killed), timeless(&unbroken));
    killed.run().unwrap();
    assert_eq!(bits(killed.network()), bits(whole.network()));
}
