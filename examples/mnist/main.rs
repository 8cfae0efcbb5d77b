//! Trains the book's two-layer network to read handwritten digits.
//!
//! ```text
//! cargo run --release --example mnist -- [--data DIR] [--iterations 10000] [--batch 100] [--learning-rate 0.1] [--seed 1]
//! ```

mod picture;
mod progress;

use std::error::Error;
use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use picture::pictures;
use progress::Progress;
use typenet::data::mnist::Digits;
use typenet::prelude::*;
use typenet::{empty_samples, rand::RngExt};

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
    iterations: usize,
    /// How many images to learn from in each step
    #[arg(long, default_value_t = 100, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=60_000))]
    batch: usize,
    /// How far to go against the gradient in each step
    #[arg(long, default_value_t = 0.1, value_parser = positive, allow_negative_numbers = true)]
    learning_rate: f32,
    /// The seed of all random numbers: the same seed gives the same run
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn positive(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
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
    if train.is_empty() {
        return Err("there are no training images".into());
    }
    let mut rng = StdRng::seed_from_u64(options.seed);
    let mut net: TwoLayerNet = TwoLayerNet::random(Normal { std: 0.01 }, &mut rng);
    let (images, tests, parameters) = (train.len(), test.len(), net.parameter_count());
    // Not `println!`, which panics where the output goes to a program that has ended.
    writeln!(stdout(), "{images} training and {tests} test images, {parameters} parameters")?;

    let took = learn(&mut net, &train, &test, options, &mut rng)?;

    writeln!(stdout(), "{} steps in {:.1} s, evaluations included", options.iterations, took.as_secs_f64())?;
    writeln!(stdout(), "Train acc: {:.5}   Test acc: {:.5}\n", net.evaluate(&train), net.evaluate(&test))?;
    write!(stdout(), "{}", show(&net, &test, &mut rng))?;
    Ok(())
}

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

/// Gradient descent on batches drawn with replacement; a line for each epoch. Returns the time it took.
fn learn(
    net: &mut TwoLayerNet,
    train: &Digits,
    test: &Digits,
    options: &Options,
    rng: &mut StdRng,
) -> io::Result<Duration> {
    let batch = Dyn(options.batch);
    let steps_of_epoch = (train.len() / options.batch).max(1);
    let (mut x, mut labels) = (empty_samples(batch, Const), Labels::zeros(batch));
    let mut tape = TwoLayerNet::tape(batch);
    let progress = Progress::new(options.iterations);
    let start = Instant::now();
    for step in 0..options.iterations {
        train.sample_into(&mut x, &mut labels, rng);
        let loss = net.descend_on(&x, &labels, options.learning_rate, &mut tape);
        progress.step(loss);
        if !loss.is_finite() {
            progress.line(&format!("Step: {step:>5}   the loss is {loss}: try a smaller --learning-rate"))?;
            break;
        }
        if step > 0 && step % steps_of_epoch == 0 {
            let (train, test) = (net.evaluate(train), net.evaluate(test));
            progress.line(&format!("Step: {step:>5}   Train acc: {train:.5}   Test acc: {test:.5}"))?;
        }
    }
    progress.finish();
    Ok(start.elapsed())
}

/// A few test digits, with what the network takes them for.
fn show(net: &TwoLayerNet, test: &Digits, rng: &mut StdRng) -> String {
    let count = test.len().min(5);
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
