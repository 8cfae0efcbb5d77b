//! Trains a network from 16 scales of initial weights, with and without batch normalization: the figure of the book's
//! section on batch normalization.
//!
//! ```text
//! cargo run --release --example batch_norm -- [--data DIR] [--plot FILE] [--epochs 20] [--seed 1]
//! ```

#[path = "support/exit.rs"]
mod exit;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use exit::exit_code;
use typenet::DataFor;
use typenet::data::Subset;
use typenet::data::mnist::Digits;
use typenet::plot;
use typenet::prelude::*;
use typenet::training::{History, Trainer, TrainingError};

network! {
    block Hidden<const IN: usize> = Affine<IN, 100> -> Relu;

    /// A network with five hidden layers of 100 units.
    struct Plain = Input<784> -> Hidden<784> -> Hidden<100> -> Hidden<100> -> Hidden<100> -> Hidden<100>
        -> Affine<100, 10> -> SoftmaxWithLoss;

    /// A normalized layer, with the book's epsilon.
    block Normalized<const IN: usize> = Affine<IN, 100> -> BatchNorm<100>(epsilon = 1e-6) -> Relu;

    /// The same network, in which each hidden layer normalizes its batch.
    struct Steady = Input<784> -> Normalized<784> -> Normalized<100> -> Normalized<100> -> Normalized<100> -> Normalized<100>
        -> Affine<100, 10> -> SoftmaxWithLoss;
}

/// The number of images to train on.
const IMAGES: usize = 1000;
/// The number of scales, from 1 down to 0.0001.
const SCALES: usize = 16;
/// The names of the networks in the plot.
const NAMES: [&str; 2] = ["plain", "BatchNorm"];

/// Trains a network from 16 scales of initial weights, with and without batch normalization.
#[derive(Parser)]
struct Options {
    /// A folder with the four files of MNIST [default: data/mnist if it is there, else generated digits]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Write a plot of the training accuracies to this file: .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// The number of epochs
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// The random seed: the same seed gives the same results
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if let Some(path) = &options.plot {
        plot::try_path(path)?;
    }
    let usual = PathBuf::from("data/mnist");
    let folder = options.data.clone().or_else(|| usual.is_dir().then_some(usual));
    let (images, _) = match &folder {
        Some(folder) => mnist::load(folder)?,
        None => digits::generate(2 * IMAGES, 0, options.seed),
    };
    let train = part(&images, options.seed)?;

    let mut out = stdout();
    writeln!(out, "Training accuracy after {} epochs on {IMAGES} images:", options.epochs)?;
    writeln!(out, "  scale     plain      BatchNorm")?;
    let mut charts = Vec::new();
    for index in 0..SCALES {
        let scale = 10.0_f64.powf(-4.0 * index as f64 / (SCALES - 1) as f64);
        let runs = [learn::<Plain>(&train, scale, options)?, learn::<Steady>(&train, scale, options)?];
        let [plain, steady] = [&runs[0], &runs[1]].map(|run| accuracy(run, options.epochs));
        writeln!(out, "  {scale:.5}   {:<8}   {}", cell(plain), cell(steady))?;
        let note = if plain.is_none() { ": plain diverged" } else { "" };
        charts.push((format!("{scale:.5}{note}"), runs));
    }
    if let Some(path) = &options.plot {
        plot::accuracy_grid(NAMES, &charts)
            .title("Training accuracy by the standard deviation of the initial weights")
            .save(path)?;
        writeln!(out, "Plot saved to {}", path.display())?;
    }
    Ok(())
}

/// Returns a random part of the images.
fn part(images: &Digits, seed: u64) -> Result<Subset<'_, Digits>, typenet::Error> {
    let [part, _] = images.split(IMAGES as f64 / images.len() as f64, &mut StdRng::seed_from_u64(seed))?;
    Ok(part)
}

/// Trains a network from weights of a scale and returns the history. It ends early if training diverges.
fn learn<Net>(train: &Subset<'_, Digits>, scale: f64, options: &Options) -> Result<History, typenet::Error>
where
    Net: Network,
    for<'a> Subset<'a, Digits>: DataFor<Net>,
{
    let net = Net::random(Normal { std: scale }, &mut StdRng::seed_from_u64(options.seed));
    let mut trainer = Trainer::new(net, Sgd::new(), Schedule::constant(0.01), train)
        .epochs(options.epochs)
        .evaluate_at_start()
        .seed(options.seed);
    match trainer.run() {
        Ok(_) | Err(TrainingError::Diverged(_)) => Ok(trainer.into_parts().1),
        Err(error) => Err(error.into()),
    }
}

/// Returns the training accuracy after the last epoch; `None` if training diverged before.
fn accuracy(history: &History, epochs: u64) -> Option<f64> {
    history.evaluations.last().filter(|last| last.epochs == epochs as f64)?.train?.accuracy
}

/// Formats an accuracy for the table.
fn cell(accuracy: Option<f64>) -> String {
    accuracy.map_or_else(|| "diverged".to_owned(), |accuracy| format!("{accuracy:.3}"))
}

#[test]
fn batch_normalization_learns_from_scales_that_stop_the_plain_network() {
    let options = Options::parse_from(["batch_norm", "--epochs", "10"]);
    let (images, _) = digits::generate(2 * IMAGES, 0, options.seed);
    let train = part(&images, options.seed).unwrap();
    let accuracies = |scale| {
        let plain = learn::<Plain>(&train, scale, &options).unwrap();
        [plain, learn::<Steady>(&train, scale, &options).unwrap()].map(|history| accuracy(&history, options.epochs))
    };
    let [plain, steady] = accuracies(0.01);
    assert!(plain.is_some_and(|accuracy| accuracy < 0.2) && steady > Some(0.8), "{plain:?}, {steady:?}");
    let [plain, steady] = accuracies(1.0);
    assert!(plain.is_none() && steady > Some(0.15), "{plain:?}, {steady:?}");
}
