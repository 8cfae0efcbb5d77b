//! Trains a residual network of 30 units with two layers each, beside a plain chain of the same layers.
//!
//! With this optimizer and rate, the plain chain does not learn: its accuracy stays that of a guess, or it diverges. With `Adam` it
//! learns too, but more slowly than the residual network. Source: He, Zhang, Ren and Sun, "Deep Residual Learning for
//! Image Recognition" (2016).
//!
//! ```text
//! cargo run --release --example resnet_dense -- [--data DIR] [--plot FILE] [--epochs 5] [--seed 1]
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
use typenet::data::mnist::Digits;
use typenet::metrics::Score;
use typenet::plot;
use typenet::prelude::*;
use typenet::training::{History, Trainer, TrainingError};

network! {
    /// Two layers, whose output is added to their input.
    block Unit = Residual[Affine<64, 64> -> Relu -> Affine<64, 64>] -> Relu;
    block Units = Input<64> -> Unit -> Unit -> Unit -> Unit -> Unit;
    /// A network with 30 units.
    struct Deep = Affine<784, 64> -> Relu -> Units -> Units -> Units -> Units -> Units -> Units
        -> Affine<64, 10> -> SoftmaxWithLoss;

    /// The same two layers without the addition.
    block Pair = Affine<64, 64> -> Relu -> Affine<64, 64> -> Relu;
    block Pairs = Input<64> -> Pair -> Pair -> Pair -> Pair -> Pair;
    /// A network with 30 pairs.
    struct Plain = Affine<784, 64> -> Relu -> Pairs -> Pairs -> Pairs -> Pairs -> Pairs -> Pairs
        -> Affine<64, 10> -> SoftmaxWithLoss;
}

/// Weights so small that the output of a unit is close to its input. With `He` it grows from unit to unit, and training
/// diverges. The plain chain gets `He`, because its values vanish with smaller weights.
const SMALL: Normal = Normal { std: 0.05 };

/// Trains a residual network of 30 units with two layers each, and a plain chain of the same layers.
#[derive(Parser)]
struct Options {
    /// A folder with the four files of MNIST [default: data/mnist if it is there, else generated digits]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Write a plot of the accuracies to this file: .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// The number of epochs
    #[arg(long, default_value_t = 5)]
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
    let (train, test) = match &folder {
        Some(folder) => mnist::load(folder)?,
        None => digits::generate(10_000, 2_000, options.seed),
    };
    let plain = learn::<Plain>(He, &train, &test, options)?;
    let deep = learn::<Deep>(SMALL, &train, &test, options)?;

    let mut out = stdout();
    writeln!(out, "Loss and accuracy on {} test images:", test.len())?;
    writeln!(out, "  epoch   plain           residual")?;
    for (epoch, _) in (0..=options.epochs).enumerate() {
        let [plain, deep] = [&plain, &deep].map(|history| cells(scores(history).nth(epoch)));
        writeln!(out, "  {epoch:>5}   {plain}   {deep}")?;
    }
    if let Some(path) = &options.plot {
        plot::accuracies(&[("plain", &plain), ("residual", &deep)])
            .title("60 layers in 30 units, with and without residual connections")
            .save(path)?;
        writeln!(out, "Plot saved to {}", path.display())?;
    }
    Ok(())
}

/// Trains a network and returns the history. It ends early if training diverges.
fn learn<Net>(
    initializer: impl Initializer,
    train: &Digits,
    test: &Digits,
    options: &Options,
) -> Result<History, typenet::Error>
where
    Net: Network,
    Digits: DataFor<Net>,
{
    let net = Net::random(initializer, &mut StdRng::seed_from_u64(options.seed));
    let mut trainer = Trainer::new(net, Sgd::new(), Schedule::constant(0.1), train)
        .validation(test)
        .epochs(options.epochs)
        .evaluate_at_start()
        .seed(options.seed);
    match trainer.run() {
        Ok(_) | Err(TrainingError::Diverged(_)) => Ok(trainer.into_parts().1),
        Err(error) => Err(error.into()),
    }
}

/// Returns the scores on the test data, before the first epoch and after each one.
fn scores(history: &History) -> impl Iterator<Item = Score> {
    history.evaluations.iter().filter_map(|evaluation| evaluation.validation)
}

/// Formats a loss and an accuracy for the table.
fn cells(score: Option<Score>) -> String {
    let Some(score) = score else { return format!("{:<13}", "diverged") };
    format!("{:.3}   {:.3}", score.loss, score.accuracy.expect("digits have labels"))
}

#[test]
fn only_the_residual_network_learns() {
    let options = Options::parse_from(["resnet_dense", "--epochs", "2"]);
    let (train, test) = digits::generate(5_000, 500, options.seed);
    let accuracy = |history: &History| scores(history).last().and_then(|score| score.accuracy);
    let plain = accuracy(&learn::<Plain>(He, &train, &test, &options).unwrap());
    let deep = accuracy(&learn::<Deep>(SMALL, &train, &test, &options).unwrap());
    assert!(plain.is_some_and(|accuracy| accuracy < 0.2) && deep > Some(0.4), "{plain:?}, {deep:?}");
}
