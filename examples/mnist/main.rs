//! Trains the book's two-layer network to read handwritten digits.
//!
//! ```text
//! cargo run --release --example mnist -- [--data DIR] [--iterations 10000] [--batch 100] [--learning-rate 0.1] [--seed 1]
//!     [--checkpoint FILE [--resume]] [--report FILE] [--quiet]
//! ```

mod picture;
mod report;

use std::error::Error;
use std::io::{Write, stdout};
use std::ops::ControlFlow::{Break, Continue};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use picture::{fitting, pictures};
use report::Report;
use typenet::Progress;
use typenet::data::mnist::Digits;
use typenet::metrics::{ConfusionMatrix, outputs};
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::rand::rngs::ChaCha12Rng;
use typenet::training::{History, Sampling, Stop, Trainer};

network! {
    /// The two-layer network of the book's chapter on backpropagation.
    pub struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

/// Trains the book's two-layer network to read handwritten digits.
#[derive(Parser)]
struct Options {
    /// A folder with the four files of MNIST [default: data/mnist if it is there, else generated digits]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How many steps to train
    #[arg(long, default_value_t = 10_000)]
    iterations: u64,
    /// How many images to learn from in each step
    #[arg(long, default_value_t = 100, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=60_000))]
    batch: usize,
    /// How far to go against the gradient in each step
    #[arg(long, default_value_t = 0.1, value_parser = positive, allow_negative_numbers = true)]
    learning_rate: f64,
    /// The seed of all random numbers: the same seed gives the same run
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Show the results alone: no bar, and no line for each evaluation
    #[arg(long)]
    quiet: bool,
    /// Keep the training in this file, after each epoch and at the end
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Go on from the checkpoint
    #[arg(long, requires = "checkpoint")]
    resume: bool,
    /// Write a page of HTML on the training to this file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        Ok(number) => Err(format!("{number} is not a positive number")),
        Err(error) => Err(error.to_string()),
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let (train, test) = load(options.data.as_deref(), options.seed)?;
    let mut rng = ChaCha12Rng::seed_from_u64(options.seed);
    let net: TwoLayerNet = TwoLayerNet::random(Normal { std: 0.01 }, &mut rng);
    let (images, tests, parameters) = (train.len(), test.len(), net.parameter_count());
    // Not `println!`, which panics where the output goes to a program that has ended.
    writeln!(stdout(), "{images} training and {tests} test images, {parameters} parameters")?;

    let mut trainer = Trainer::new(net, Sgd::new(), Schedule::constant(options.learning_rate), &train)
        .validation(&test)
        .batch_size(options.batch)
        .sampling(Sampling::WithReplacement)
        .iterations(options.iterations)
        .evaluate_at_start()
        .generator(rng)
        .on_step(|_| if INTERRUPTED.load(Ordering::Relaxed) { Break(()) } else { Continue(()) });
    if !options.quiet {
        trainer = trainer.watch(Progress::new());
    }
    if let Some(path) = &options.checkpoint {
        let steps_per_epoch = (train.len() / options.batch).max(1);
        trainer = trainer.checkpoint(path, steps_per_epoch as u64);
        if options.resume {
            trainer = trainer.resume(path)?;
        }
    }
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed))?;
    let stop = trainer.run()?;

    let (net, history) = trainer.into_parts();
    let (steps, seconds) = (history.steps.len(), history.evaluations.last().map_or(0.0, |last| last.seconds));
    if stop == Stop::Watcher {
        save_interrupted(&net, options)?;
    }
    writeln!(stdout(), "{steps} steps in {seconds:.1} s, evaluations included")?;
    writeln!(stdout(), "Train acc: {:.5}   Test acc: {:.5}\n", net.evaluate(&train), net.evaluate(&test))?;
    write!(stdout(), "{}", show(&net, &test, &mut ChaCha12Rng::seed_from_u64(options.seed)))?;
    if let Some(path) = &options.report {
        report(&net, &history, &test, options.seed, path)?;
        writeln!(stdout(), "The report is in {}", path.display())?;
    }
    Ok(())
}

/// Keeps what was learnt until Ctrl-C; says where it is.
fn save_interrupted(net: &TwoLayerNet, options: &Options) -> Result<(), Box<dyn Error>> {
    if let Some(path) = &options.checkpoint {
        writeln!(stdout(), "Interrupted; `--checkpoint {} --resume` goes on", path.display())?;
    } else {
        net.save("mnist.safetensors")?;
        writeln!(stdout(), "Interrupted; the network is in mnist.safetensors")?;
    }
    Ok(())
}

/// Writes a page on what has come of it.
fn report(net: &TwoLayerNet, history: &History, test: &Digits, seed: u64, path: &Path) -> Result<(), typenet::Error> {
    let outputs = outputs(net, test);
    let report = Report {
        title: "A two-layer network that reads digits",
        summary: net.summary().to_string(),
        history,
        test,
        confusion: &ConfusionMatrix::new(&outputs.target, &Labels::argmax(&outputs.y)),
        probabilities: &net.loss.softmax(&outputs.y),
        seed,
    };
    report.save(path)
}

/// Whether Ctrl-C was pressed: the training then ends after its step.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The real images where there are some, else generated ones; says which.
fn load(folder: Option<&Path>, seed: u64) -> Result<(Digits, Digits), Box<dyn Error>> {
    let usual = Path::new("data/mnist");
    match folder.or_else(|| usual.is_dir().then_some(usual)) {
        Some(folder) => {
            writeln!(stdout(), "MNIST from {}", folder.display())?;
            Ok(mnist::load(folder)?)
        }
        None => {
            writeln!(stdout(), "Generated digits; scripts/get-mnist.sh fetches the real ones to data/mnist")?;
            Ok(digits::generate(60_000, 10_000, seed))
        }
    }
}

/// A few test digits, as many as the terminal is wide, with what the network takes them for.
fn show(net: &TwoLayerNet, test: &Digits, rng: &mut ChaCha12Rng) -> String {
    let count = fitting().min(5).min(test.len());
    let (x, labels) = test.range::<f32, _>(rng.random_range(0..=test.len() - count), Dyn(count));
    let scores = net.predict(&x);
    let probabilities = net.loss.softmax(&scores);
    let answers = Labels::argmax(&scores);
    let captions = std::iter::zip(labels.classes(), answers.classes()).enumerate().map(|(row, (label, answer))| {
        let sure = 100.0 * probabilities[(row, *answer)];
        let verdict = if label == answer { String::new() } else { format!(", but is {label}") };
        format!("{answer} ({sure:.0} %){verdict}")
    });
    pictures(&x, captions)
}
