//! Overfits a network to 300 digits, with and without dropout: the figure of the book's section on dropout.
//!
//! ```text
//! cargo run --release --example dropout -- [--data DIR] [--plot FILE] [--epochs 301] [--seed 1]
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
use typenet::training::{History, Trainer};

network! {
    block Hidden<const IN: usize> = Affine<IN, 100> -> Relu;

    /// A network with six hidden layers of 100 units.
    struct Plain = Input<784> -> Hidden<784> -> Hidden<100> -> Hidden<100> -> Hidden<100> -> Hidden<100> -> Hidden<100>
        -> Affine<100, 10> -> SoftmaxWithLoss;

    block Dropped<const IN: usize> = Affine<IN, 100> -> Relu -> Dropout(0.2);

    /// The same network, in which each hidden layer drops a fifth of its outputs.
    struct Regularized = Input<784> -> Dropped<784> -> Dropped<100> -> Dropped<100> -> Dropped<100> -> Dropped<100>
        -> Dropped<100> -> Affine<100, 10> -> SoftmaxWithLoss;
}

/// The number of images to train on.
const IMAGES: usize = 300;
const BATCH: usize = 100;
/// The number of epochs between two points of a curve.
const EVERY: u64 = 5;

/// Overfits a network to 300 digits, with and without dropout.
#[derive(Parser)]
struct Options {
    /// A folder with the four files of MNIST [default: data/mnist if it is there, else generated digits]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Write a plot of the accuracies to this file: .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// The number of epochs
    #[arg(long, default_value_t = 301)]
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
    let (images, test) = match &folder {
        Some(folder) => mnist::load(folder)?,
        None => digits::generate(2 * IMAGES, 10_000, options.seed),
    };
    let train = part(&images, options.seed)?;
    let plain = learn::<Plain>(&train, &test, options)?;
    let regularized = learn::<Regularized>(&train, &test, options)?;

    let mut out = stdout();
    writeln!(out, "Accuracy after {} epochs on {IMAGES} images:", options.epochs)?;
    writeln!(out, "                   train    test")?;
    for (name, history) in [("without dropout", &plain), ("with dropout", &regularized)] {
        let [train, test] = accuracies(history);
        writeln!(out, "  {name:<15}  {train:.3}   {test:.3}")?;
    }
    if let Some(path) = &options.plot {
        plot::accuracies(&[("without dropout", &plain), ("with dropout", &regularized)])
            .title(format!("Overfitting on {IMAGES} images"))
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

/// Trains a network and returns the history. Both networks start from the same weights.
fn learn<Net>(train: &Subset<'_, Digits>, test: &Digits, options: &Options) -> Result<History, typenet::Error>
where
    Net: Network,
    Digits: DataFor<Net>,
    for<'a> Subset<'a, Digits>: DataFor<Net>,
{
    let net = Net::random(He, &mut StdRng::seed_from_u64(options.seed));
    let mut trainer = Trainer::new(net, Sgd::new(), Schedule::constant(0.01), train)
        .validation(test)
        .batch_size(BATCH)
        .epochs(options.epochs)
        .evaluate_at_start()
        .evaluate_every(EVERY * IMAGES.div_ceil(BATCH) as u64)
        .seed(options.seed);
    trainer.run()?;
    Ok(trainer.into_parts().1)
}

/// Returns the last accuracies on the training and the test data.
fn accuracies(history: &History) -> [f64; 2] {
    let last = history.evaluations.last().expect("a run ends with an evaluation");
    [last.train, last.validation]
        .map(|score| score.and_then(|score| score.accuracy).expect("both data sets have labels"))
}

#[test]
fn dropout_narrows_the_gap_between_training_and_test() {
    let options = Options::parse_from(["dropout", "--epochs", "200"]);
    let (images, test) = digits::generate(2 * IMAGES, 1000, options.seed);
    let train = part(&images, options.seed).unwrap();
    let [on_train, on_test] = accuracies(&learn::<Plain>(&train, &test, &options).unwrap());
    let [dropped_on_train, dropped_on_test] = accuracies(&learn::<Regularized>(&train, &test, &options).unwrap());
    assert!(on_train > 0.95 && on_train - on_test > 0.2, "{on_train}, {on_test}");
    assert!(dropped_on_train < 0.8, "{dropped_on_train}");
    assert!(dropped_on_train - dropped_on_test < on_train - on_test, "{dropped_on_train}, {dropped_on_test}");
}
