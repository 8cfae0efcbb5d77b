//! Trains a convolutional network for handwritten digits, on images that are shifted and rotated at random.
//!
//! ```text
//! cargo run --release --example mnist_conv -- [--data DIR] [--epochs 8] [--seed 1] [--quiet]
//! ```

mod support;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use support::Common;
use typenet::Progress;
use typenet::data::Augment;
use typenet::data::mnist::Digits;
use typenet::prelude::*;
use typenet::training::{History, Trainer};

network! {
    /// Two convolutions and two dense layers.
    struct ConvNet = Input<1, 28, 28> -> Conv2d<1, 16, 5> -> Relu -> MaxPool2d<2>
        -> Conv2d<16, 32, 5> -> Relu -> MaxPool2d<2>
        -> Flatten -> Affine<512, 128> -> Relu -> Affine<128, 10> -> SoftmaxWithLoss;
}

const BATCH: usize = 64;

/// Trains a convolutional network to read handwritten digits.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// The number of epochs
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
}

fn main() -> ExitCode {
    support::exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let (train, test) = options.common.load()?;
    support::print_results(&learn(&train, &test, options)?)?;
    Ok(())
}

/// Trains with `AdamW` and a rate that falls from 0.003 to 0 as a cosine. Images are shifted by up to a pixel and rotated
/// by up to 15 degrees.
fn learn(train: &Digits, test: &Digits, options: &Options) -> Result<History, typenet::Error> {
    let net: ConvNet = ConvNet::random(He, &mut StdRng::seed_from_u64(options.common.seed));
    let steps = options.epochs * train.len().div_ceil(BATCH) as u64;
    let mut trainer = Trainer::new(net, AdamW::new().weight_decay(0.01), Schedule::cosine(0.003, steps), train)
        .validation(test)
        .without_training_scores()
        .augment(Augment::<1, 28, 28>::new().shift(1).rotate(15.0))
        .batch_size(BATCH)
        .epochs(options.epochs)
        .seed(options.common.seed);
    if !options.common.quiet {
        trainer = trainer.watch(Progress::new());
    }
    trainer.run()?;
    Ok(trainer.into_parts().1)
}

#[test]
fn it_learns_generated_digits() {
    let options = Options::parse_from(["mnist_conv", "--epochs", "1", "--quiet"]);
    let (train, test) = digits::generate(4_000, 500, 1);
    let history = learn(&train, &test, &options).unwrap();
    let accuracy = support::accuracy(history.evaluations.last().unwrap());
    assert!(accuracy > 0.85, "{accuracy}");
}
