//! Three tables of scikit-learn in five splits each: the accuracy of classes, and R² of numbers in their own units.
//!
//! ```text
//! scripts/table-scores.py FOLDER # writes the files, and prints the scores of scikit-learn's networks
//! cargo run --release --example tables -- FOLDER
//! ```

use std::error::Error;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use typenet::DataFor;
use typenet::data::{Standardizer, Table};
use typenet::metrics::r_squared;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    struct BreastCancer = Affine<30, 32> -> Relu -> Affine<32, 32> -> Relu -> Affine<32, 2> -> SoftmaxWithLoss;
    struct Wine = Affine<13, 32> -> Relu -> Affine<32, 32> -> Relu -> Affine<32, 3> -> SoftmaxWithLoss;
    struct Diabetes = Affine<10, 32> -> Relu -> Affine<32, 32> -> Relu -> Affine<32, 1> -> MeanSquaredError;
}

type Classes<const F: usize, const C: usize> = Table<f32, Const<F>, Labels<Dyn, Const<C>>>;
type Numbers<const F: usize> = Table<f32, Const<F>, Batch<f32, Dyn, Const<1>>>;
type Scores = Result<f64, Box<dyn Error>>;

const SPLITS: usize = 5;
/// The seeds of the initial weights. The score of a split is the mean over them.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=20;

/// Trains networks on the tables that scripts/table-scores.py writes.
#[derive(Parser)]
struct Options {
    /// The folder with the tables
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    match run(&Options::parse().folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    print("breast_cancer", accuracy::<BreastCancer, 30, 2>, folder)?;
    print("wine", accuracy::<Wine, 13, 3>, folder)?;
    print("diabetes", r_squared_in_units, folder)
}

/// Prints the score of each split, and their mean.
fn print(name: &str, score: impl Fn(&Path, &Path) -> Scores, folder: &Path) -> Result<(), Box<dyn Error>> {
    let file = |split: usize, part: &str| folder.join(format!("{name}-{split}-{part}.csv"));
    let scores: Vec<f64> =
        (1..=SPLITS).map(|split| score(&file(split, "train"), &file(split, "test"))).collect::<Result<_, _>>()?;
    let shown: Vec<String> = scores.iter().map(|score| format!("{score:.4}")).collect();
    writeln!(stdout(), "{name:<14} {}   mean {:.4}", shown.join(" "), scores.iter().sum::<f64>() / SPLITS as f64)?;
    Ok(())
}

/// Returns the mean accuracy of classifiers.
fn accuracy<Net, const F: usize, const C: usize>(train: &Path, test: &Path) -> Scores
where
    Net: Network<Scalar = f32, Input = Const<F>, Output = Const<C>>,
    Classes<F, C>: DataFor<Net>,
{
    let mut train: Classes<F, C> = Table::from_csv(train, "target")?;
    let mut test: Classes<F, C> = Table::from_csv(test, "target")?;
    let features = Standardizer::fit(&train)?;
    features.apply(&mut train)?;
    features.apply(&mut test)?;
    mean(|seed| Ok(learn::<Net, _>(&train, seed)?.accuracy(test.samples(), test.targets())))
}

/// Returns the mean R² of predictions in the units of the file.
fn r_squared_in_units(train: &Path, test: &Path) -> Scores {
    let mut train: Numbers<10> = Table::from_csv(train, "target")?;
    let mut test: Numbers<10> = Table::from_csv(test, "target")?;
    let (features, targets) = (Standardizer::fit(&train)?, Standardizer::fit_targets(&train)?);
    features.apply(&mut train)?;
    targets.apply_targets(&mut train)?;
    features.apply(&mut test)?;
    mean(|seed| {
        let mut predictions = learn::<Diabetes, _>(&train, seed)?.predict(test.samples());
        targets.inverse(&mut predictions);
        Ok(r_squared(&predictions, test.targets()))
    })
}

fn mean(score: impl Fn(u64) -> Scores) -> Scores {
    Ok(SEEDS.map(score).sum::<Result<f64, _>>()? / SEEDS.count() as f64)
}

/// Trains with the settings of scripts/table-scores.py.
fn learn<Net: Network, D: DataFor<Net>>(train: &D, seed: u64) -> Result<Net, typenet::Error> {
    let net = Net::random(Xavier, &mut StdRng::seed_from_u64(seed));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.001), train)
        .without_training_scores()
        .batch_size(32)
        .epochs(50)
        .seed(seed);
    trainer.run()?;
    Ok(trainer.into_parts().0)
}
