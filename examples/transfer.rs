//! Learns five digits from few examples, with the layers of a network that has read the other five.
//!
//! ```text
//! cargo run --release --example transfer -- [--data DIR] [--seed 1] [--quiet]
//! ```

#[allow(dead_code)] // each example uses only part of it
mod support;

use std::error::Error;
use std::io::{Write, stdout};
use std::ops::Range;
use std::process::ExitCode;

use clap::Parser;
use support::Common;
use typenet::Progress;
use typenet::data::Dataset;
use typenet::data::mnist::Digits;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    /// The layers from an image to features.
    block Trunk = Input<1, 28, 28> -> Conv2d<1, 16, 5> -> Relu -> MaxPool2d<2>
        -> Conv2d<16, 32, 5> -> Relu -> MaxPool2d<2> -> Flatten;

    /// A network for five digits.
    struct Net = trunk: Trunk -> last: Affine<512, 5> -> SoftmaxWithLoss;
}

type FiveDigits = Dataset<Const<784>, Const<5>>;

const BATCH: usize = 50;
/// The epochs of the first network, and those of each of two phases with few digits.
const EPOCHS: [u64; 2] = [3, 10];
/// The learning rate at the beginning of each training.
const RATE: f64 = 0.003;
/// One of this many digits is used.
const FEW: usize = 10;

/// Learns five digits from few examples, with the layers of a network that has read the other five.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
}

fn main() -> ExitCode {
    support::exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let (train, test) = options.common.load()?;
    let mut out = stdout();
    let first = learn(random(options), EPOCHS[0], &select(&train, 0..5, 1)?, options)?;
    writeln!(out, "Digits 0 to 4: test accuracy {:.4}", first.evaluate(&select(&test, 0..5, 1)?))?;

    let (few, test) = (select(&train, 5..10, FEW)?, select(&test, 5..10, 1)?);
    let nothing = learn(random(options), 2 * EPOCHS[1], &few, options)?;
    writeln!(out, "Digits 5 to 9, from {} of them:", few.len())?;
    writeln!(out, "    from nothing                {:.4}", nothing.evaluate(&test))?;
    let [frozen, thawed] = transfer(&first, &few, options)?;
    writeln!(out, "    with the trunk, frozen      {:.4}", frozen.evaluate(&test))?;
    writeln!(out, "    with the trunk, then thawed {:.4}", thawed.evaluate(&test))?;
    Ok(())
}

/// Returns a network with the trunk of another, after training the last layer alone, and then all layers.
fn transfer(first: &Net, few: &FiveDigits, options: &Options) -> Result<[Net; 2], typenet::Error> {
    let mut net = random(options);
    net.copy_layers(first, "trunk")?;
    net.freeze("trunk")?;
    let mut frozen = learn(net, EPOCHS[1], few, options)?;
    frozen.thaw("*")?;
    let thawed = learn(frozen.clone(), EPOCHS[1], few, options)?;
    Ok([frozen, thawed])
}

fn random(options: &Options) -> Net {
    Net::random(He, &mut StdRng::seed_from_u64(options.common.seed))
}

/// Selects one of `every` images of the digits in `range`, and numbers these from 0.
fn select(digits: &Digits, range: Range<usize>, every: usize) -> Result<FiveDigits, typenet::Error> {
    let classes = digits.labels().classes();
    let places = (0..digits.len()).filter(|&place| range.contains(&classes[place])).step_by(every);
    let (bytes, classes): (Vec<_>, Vec<_>) =
        places.map(|place| (digits.bytes(place), classes[place] - range.start)).unzip();
    Ok(Dataset::new(bytes.concat(), classes.try_into()?)?)
}

/// Trains with `AdamW` and a rate that falls to 0 as a cosine.
fn learn(net: Net, epochs: u64, data: &FiveDigits, options: &Options) -> Result<Net, typenet::Error> {
    let steps = epochs * data.len().div_ceil(BATCH) as u64;
    let mut trainer = Trainer::new(net, AdamW::new(), Schedule::cosine(RATE, steps), data)
        .without_training_scores()
        .batch_size(BATCH)
        .epochs(epochs)
        .seed(options.common.seed);
    if !options.common.quiet {
        trainer = trainer.watch(Progress::new());
    }
    trainer.run()?;
    Ok(trainer.into_parts().0)
}

#[test]
fn the_trunk_of_other_digits_helps_with_few_of_them() {
    let options = Options::parse_from(["transfer", "--quiet"]);
    let (train, test) = digits::generate(4_000, 1_000, 1);
    let first = learn(random(&options), 3, &select(&train, 0..5, 1).unwrap(), &options).unwrap();
    let (few, test) = (select(&train, 5..10, 40).unwrap(), select(&test, 5..10, 1).unwrap());
    let nothing = learn(random(&options), 2 * EPOCHS[1], &few, &options).unwrap().evaluate(&test);
    let [frozen, thawed] = transfer(&first, &few, &options).unwrap();
    assert_eq!(frozen.trunk.conv2d1, first.trunk.conv2d1);
    assert_ne!(thawed.trunk.conv2d1, first.trunk.conv2d1);
    let (frozen, thawed) = (frozen.evaluate(&test), thawed.evaluate(&test));
    assert!(thawed > nothing, "{nothing} from nothing, {frozen} frozen, {thawed} thawed");
}
