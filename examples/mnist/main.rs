//! Trains the book's two-layer network to read handwritten digits.
//!
//! ```text
//! cargo run --release --example mnist -- [--data DIR] [--iterations 10000] [--batch 100] [--learning-rate 0.1] [--seed 1]
//!     [--checkpoint FILE [--resume]] [--report FILE] [--quiet]
//! ```

mod options;
mod picture;
mod report;
mod tables;

#[path = "../support/exit.rs"]
mod exit;

use std::error::Error;
use std::io::{Write, stdout};
use std::ops::ControlFlow::{Break, Continue};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use exit::exit_code;
use options::Options;
use picture::{fitting, pictures};
use report::{Report, Results};
use typenet::Progress;
use typenet::data::mnist::Digits;
use typenet::metrics::{ConfusionMatrix, outputs, score};
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::rand::rngs::ChaCha12Rng;
use typenet::training::{History, Sampling, Stop, Trainer};

network! {
    /// The two-layer network of the book's chapter on backpropagation.
    pub struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if let Some(path) = &options.report {
        report::try_path(path)?;
    }
    let (train, test) = load(options.folder(), options.seed)?;
    let mut trainer = trainer(options, &train, &test)?;
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed))?;
    let stop = trainer.run()?;
    let seconds = trainer.seconds();

    let (net, history) = trainer.into_parts();
    let interrupted = stop == Stop::Watcher && INTERRUPTED.load(Ordering::Relaxed);
    // If saving fails, still show the results before the error.
    let saved = if interrupted { save_interrupted(&net, options) } else { Ok(()) };
    let results = Results { scores: [score(&net, &train), score(&net, &test)], seconds, steps: history.steps.len() };
    print_results(&results)?;
    write!(stdout(), "{}", show(&net, &test, &mut ChaCha12Rng::seed_from_u64(options.seed)))?;
    if let Some(path) = &options.report {
        report(&net, &history, &test, results, options).save(path)?;
        writeln!(stdout(), "Report saved to {}", path.display())?;
    }
    saved
}

/// Creates the trainer for the options, with a new network or one from a checkpoint.
fn trainer<'a>(
    options: &Options,
    train: &'a Digits,
    test: &'a Digits,
) -> Result<Trainer<'a, TwoLayerNet, Sgd<TwoLayerNet>, Digits>, Box<dyn Error>> {
    let mut rng = ChaCha12Rng::seed_from_u64(options.seed);
    let net: TwoLayerNet = TwoLayerNet::random(Normal { std: 0.01 }, &mut rng);
    let (images, tests, parameters) = (train.len(), test.len(), net.parameter_count());
    // `println!` would panic if standard output is closed.
    writeln!(stdout(), "{images} training and {tests} test images, {parameters} parameters")?;

    let mut trainer = Trainer::new(net, Sgd::new(), Schedule::constant(options.learning_rate), train)
        .validation(test)
        .batch_size(options.batch)
        .sampling(Sampling::WithReplacement)
        .iterations(options.iterations)
        .evaluate_at_start()
        .generator(rng)
        .on_step(|_, _| if INTERRUPTED.load(Ordering::Relaxed) { Break(()) } else { Continue(()) });
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
    Ok(trainer)
}

fn print_results(Results { scores, seconds, steps }: &Results) -> std::io::Result<()> {
    let [train, test] = scores.map(|score| score.accuracy.expect("labels have an accuracy"));
    writeln!(stdout(), "{steps} steps in {seconds:.1} s, including evaluations")?;
    writeln!(stdout(), "Train acc: {train:.5}   Test acc: {test:.5}\n")
}

/// Saves the network after Ctrl-C, and prints where it is.
fn save_interrupted(net: &TwoLayerNet, options: &Options) -> Result<(), Box<dyn Error>> {
    if let Some(path) = &options.checkpoint {
        writeln!(stdout(), "Interrupted; continue with `--checkpoint {} --resume`", path.display())?;
    } else {
        net.save("mnist.safetensors")?;
        writeln!(stdout(), "Interrupted; network saved to mnist.safetensors")?;
    }
    Ok(())
}

/// Collects the content of the report.
fn report<'a>(
    net: &TwoLayerNet,
    history: &'a History,
    test: &'a Digits,
    results: Results,
    options: &Options,
) -> Report<'a> {
    let outputs = outputs(net, test);
    let data =
        options.folder().map_or("Generated digits".to_owned(), |folder| format!("MNIST from {}", folder.display()));
    Report {
        title: "A two-layer network that reads digits",
        summary: net.summary(),
        results,
        history,
        data,
        test,
        confusion: ConfusionMatrix::new(&outputs.target, &Labels::argmax(&outputs.y)),
        probabilities: net.loss.softmax(&outputs.y),
        command: options.command(results.steps),
    }
}

/// Set by Ctrl-C. Training then stops after the current step.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Loads MNIST from a folder, or generates digits, and prints which.
fn load(folder: Option<&Path>, seed: u64) -> Result<(Digits, Digits), Box<dyn Error>> {
    if let Some(folder) = folder {
        writeln!(stdout(), "MNIST from {}", folder.display())?;
        return Ok(mnist::load(folder)?);
    }
    writeln!(stdout(), "Generated digits; scripts/get-mnist.sh downloads MNIST to data/mnist")?;
    Ok(digits::generate(60_000, 10_000, seed))
}

/// Draws a few test digits with their predictions, as many as fit the terminal.
fn show(net: &TwoLayerNet, test: &Digits, rng: &mut ChaCha12Rng) -> String {
    let count = fitting().min(5).min(test.len());
    let (x, labels) = test.range::<f32, _>(rng.random_range(0..=test.len() - count), Dyn(count));
    let scores = net.predict(&x);
    let probabilities = net.loss.softmax(&scores);
    let answers = Labels::argmax(&scores);
    let captions = std::iter::zip(labels.classes(), answers.classes()).enumerate().map(|(row, (label, answer))| {
        let percent = 100.0 * probabilities[(row, *answer)];
        let verdict = if label == answer { String::new() } else { format!(", but is {label}") };
        format!("{answer} ({percent:.0} %){verdict}")
    });
    pictures(&x, captions)
}
