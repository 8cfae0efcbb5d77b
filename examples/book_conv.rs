//! Trains the convolutional networks of the book: the one of chapter 7, or with `--deep` the one of chapter 8.
//!
//! ```text
//! cargo run --release --example book_conv -- [--deep] [--data DIR] [--epochs 20] [--seed 1] [--quiet]
//!     [--filters FILE] [--maps FILE]
//! ```

mod support;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use support::Common;
use typenet::data::mnist::Digits;
use typenet::prelude::*;
use typenet::training::{History, Trainer};
use typenet::{DataFor, Progress, plot};

network! {
    /// The network of chapter 7.
    struct SimpleConvNet = Input<1, 28, 28> -> Conv2d<1, 30, 5> -> Relu -> MaxPool2d<2> -> Flatten
        -> Affine<_, 100> -> Relu -> Affine<_, 10> -> SoftmaxWithLoss;

    /// The deep network of chapter 8.
    struct DeepConvNet = Input<1, 28, 28>
        -> Conv2d<1, 16, 3>(padding = 1) -> Relu -> Conv2d<16, 16, 3>(padding = 1) -> Relu -> MaxPool2d<2>
        -> Conv2d<16, 32, 3>(padding = 1) -> Relu -> Conv2d<32, 32, 3>(padding = 2) -> Relu -> MaxPool2d<2>
        -> Conv2d<32, 64, 3>(padding = 1) -> Relu -> Conv2d<64, 64, 3>(padding = 1) -> Relu -> MaxPool2d<2>
        -> Flatten -> Affine<_, 50> -> Relu -> Dropout(0.5) -> Affine<_, 10> -> Dropout(0.5) -> SoftmaxWithLoss;
}

/// The book's initial weights of the network of chapter 7.
const SMALL: Normal = Normal { std: 0.01 };

/// Trains the convolutional networks of the book to read handwritten digits.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// The number of epochs
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// Train the deep network
    #[arg(long)]
    deep: bool,
    /// Plot the filters before and after training to this file: .svg or .png
    #[arg(long, value_name = "FILE", conflicts_with = "deep")]
    filters: Option<PathBuf>,
    /// Plot the feature maps of the first test digit to this file: .svg or .png
    #[arg(long, value_name = "FILE", conflicts_with = "deep")]
    maps: Option<PathBuf>,
}

fn main() -> ExitCode {
    support::exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    for path in [&options.filters, &options.maps].into_iter().flatten() {
        plot::try_path(path)?;
    }
    let (train, test) = options.common.load()?;
    let mut rng = StdRng::seed_from_u64(options.common.seed);
    if options.deep {
        let net: DeepConvNet = DeepConvNet::random(He, &mut rng);
        return Ok(support::print_results(&learn(net, &train, &test, options)?.1)?);
    }
    let before: SimpleConvNet = SimpleConvNet::random(SMALL, &mut rng);
    let (after, history) = learn(before.clone(), &train, &test, options)?;
    support::print_results(&history)?;
    if let Some(path) = &options.filters {
        plot::filters(&[("before training", &before.conv2d1.weight), ("after training", &after.conv2d1.weight)])
            .save(path)?;
        writeln!(stdout(), "Plot saved to {}", path.display())?;
    }
    if let Some(path) = &options.maps {
        let (x, _) = test.range(0, Const::<1>);
        let mut tape = SimpleConvNet::tape(Const::<1>);
        after.predict_with(&x, &mut tape);
        let relu = tape.activation("relu1")?;
        plot::feature_maps(relu.y, 24, 24).title("A digit behind the first convolution").save(path)?;
        writeln!(stdout(), "Plot saved to {}", path.display())?;
    }
    Ok(())
}

/// Trains with `Adam`, as in the book.
fn learn<Net: Network>(
    net: Net,
    train: &Digits,
    test: &Digits,
    options: &Options,
) -> Result<(Net, History), typenet::Error>
where
    Digits: DataFor<Net>,
{
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.001), train)
        .validation(test)
        .without_training_scores()
        .epochs(options.epochs)
        .seed(options.common.seed);
    if !options.common.quiet {
        trainer = trainer.watch(Progress::new());
    }
    trainer.run()?;
    Ok(trainer.into_parts())
}

#[test]
fn both_networks_learn_generated_digits() {
    let options = Options::parse_from(["book_conv", "--epochs", "2", "--quiet"]);
    let (train, test) = digits::generate(4_000, 500, 1);
    let mut rng = StdRng::seed_from_u64(1);
    let accuracy = |history: History| support::accuracy(history.evaluations.last().unwrap());
    let simple = learn::<SimpleConvNet>(SimpleConvNet::random(SMALL, &mut rng), &train, &test, &options).unwrap().1;
    let deep = learn::<DeepConvNet>(DeepConvNet::random(He, &mut rng), &train, &test, &options).unwrap().1;
    let (simple, deep) = (accuracy(simple), accuracy(deep));
    assert!(simple > 0.7 && deep > 0.4, "{simple}, {deep}");
}
