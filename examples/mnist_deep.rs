//! Trains a deeper network for handwritten digits, with Adam and a cosine schedule.
//!
//! ```text
//! cargo run --release --example mnist_deep -- [--data DIR] [--epochs 10] [--seed 1] [--quiet]
//! ```

#[path = "support/exit.rs"]
mod exit;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use exit::exit_code;
use typenet::Progress;
use typenet::prelude::*;
use typenet::rand::rngs::ChaCha12Rng;
use typenet::training::Trainer;

network! {
    /// A network with two hidden layers and 235,146 parameters.
    struct DeepNet = Affine<784, 256> -> Relu -> Affine<256, 128> -> Relu -> Affine<128, 10> -> SoftmaxWithLoss;
}

const BATCH: usize = 100;

/// Trains a deeper network to read handwritten digits.
#[derive(Parser)]
struct Options {
    /// A folder with the four files of MNIST [default: data/mnist if it is there, else generated digits]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The number of epochs
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// The random seed: the same seed gives the same results
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Show only the results, without progress bar and evaluations
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let usual = PathBuf::from("data/mnist");
    let folder = options.data.clone().or_else(|| usual.is_dir().then_some(usual));
    let (train, test) = match &folder {
        Some(folder) => mnist::load(folder)?,
        None => digits::generate(60_000, 10_000, options.seed),
    };
    let mut rng = ChaCha12Rng::seed_from_u64(options.seed);
    let net: DeepNet = DeepNet::random(He, &mut rng);

    let steps = options.epochs * train.len().div_ceil(BATCH) as u64;
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::cosine(0.001, steps), &train)
        .validation(&test)
        .batch_size(BATCH)
        .epochs(options.epochs)
        .generator(rng);
    if !options.quiet {
        trainer = trainer.watch(Progress::new());
    }
    trainer.run()?;
    let (steps, seconds) = (trainer.history().steps.len(), trainer.seconds());
    writeln!(stdout(), "{steps} steps in {seconds:.1} s; test accuracy {:.4}", trainer.network().evaluate(&test))?;
    Ok(())
}
