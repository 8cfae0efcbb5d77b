//! Finds the rare class of two: one sample of 51 is positive.
//!
//! ```text
//! cargo run --release --example imbalanced -- [--plot FILE] [--seed 1]
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
use typenet::data::{DataError, Table};
use typenet::metrics::{BinaryScores, MetricError, outputs};
use typenet::plot;
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::training::Trainer;

network! {
    /// A network from four features to the score of the rare class. A positive sample counts as 50 negative ones.
    struct Deep = Affine<4, 32> -> Silu -> Affine<32, 16> -> Silu -> Affine<16, 1> -> SigmoidWithLoss(pos_weight = 50.0);

    /// Logistic regression, for comparison.
    struct Logistic = Affine<4, 1> -> SigmoidWithLoss(pos_weight = 50.0);
}

type Points = Table<f32, Const<4>, Batch<f32, Dyn, Const<1>>>;

/// The negative samples for each positive one.
const RATIO: usize = 50;

/// Finds the rare class of two.
#[derive(Parser)]
struct Options {
    /// Plot the ROC curves to this file: .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
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
    let mut rng = StdRng::seed_from_u64(options.seed);
    let [train, validation, test] = [400, 200, 400].map(|positives| generate(positives, &mut rng));
    let (train, validation, test) = (train?, validation?, test?);
    let deep = learn::<Deep>(&train, &validation, options.seed)?;
    let logistic = learn::<Logistic>(&train, &validation, options.seed)?;
    let results = [
        ("network", [scores(&deep, &validation)?, scores(&deep, &test)?]),
        ("logistic regression", [scores(&logistic, &validation)?, scores(&logistic, &test)?]),
        ("best possible", [true_scores(&validation)?, true_scores(&test)?]),
    ];
    let mut out = stdout();
    writeln!(out, "400 positive and 20,000 negative test samples; thresholds have the best F1 on validation data:\n")?;
    writeln!(out, "                      ROC area   average precision   precision   recall     F1")?;
    for (name, [validation, test]) in &results {
        let (threshold, _) = validation.best_f1().ok_or("no positive sample")?;
        let counts = test.at(threshold);
        let numbers = [test.roc_area(), test.average_precision(), counts.precision(), counts.recall(), counts.f1()];
        let [area, average, precision, recall, f1] = numbers.map(|number| number.unwrap_or(0.0));
        writeln!(out, "{name:<20}  {area:>8.3}   {average:>17.3}   {precision:>9.3}   {recall:>6.3}   {f1:.3}")?;
    }
    if let Some(path) = &options.plot {
        plot::roc(&results.each_ref().map(|(name, [_, test])| (*name, test))).save(path)?;
        writeln!(out, "\nPlot saved to {}", path.display())?;
    }
    Ok(())
}

/// Draws samples of both classes, which overlap, until there are enough of each.
fn generate(positives: usize, rng: &mut StdRng) -> Result<Points, DataError> {
    let (mut values, mut targets, mut missing) = (Vec::new(), Vec::new(), [RATIO * positives, positives]);
    while missing != [0, 0] {
        let x = [(); 4].map(|()| rng.random_range(-2.0..2.0));
        let is_positive = rng.random::<f32>() < 1.0 / (1.0 + (-log_odds(x)).exp());
        let missing = &mut missing[usize::from(is_positive)];
        if *missing > 0 {
            *missing -= 1;
            values.extend(x);
            targets.push(f32::from(u8::from(is_positive)));
        }
    }
    Table::regression(&values, &targets)
}

/// The true odds of the rare class, which no classifier can beat. Products and squares are not linear.
fn log_odds([a, b, c, d]: [f32; 4]) -> f32 {
    0.7 * a + 1.5 * b * c + d * d - 5.0
}

fn learn<Net>(train: &Points, validation: &Points, seed: u64) -> Result<Net, typenet::Error>
where
    Net: Network,
    Points: DataFor<Net>,
{
    let net = Net::random(Xavier, &mut StdRng::seed_from_u64(seed));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.003), train)
        .validation(validation)
        .without_training_scores()
        .batch_size(200)
        .epochs(30)
        .early_stopping(5)
        .seed(seed);
    trainer.run()?;
    Ok(trainer.into_parts().0)
}

/// Compares the outputs of a network with the classes.
fn scores<Net>(net: &Net, data: &Points) -> Result<BinaryScores, MetricError>
where
    Net: Network<Scalar = f32, Output = Const<1>>,
    Points: DataFor<Net>,
{
    let found = outputs(net, data);
    BinaryScores::label(&found.y, data.targets(), 0)
}

/// Compares the true odds with the classes.
fn true_scores(data: &Points) -> Result<BinaryScores, MetricError> {
    let odds: Vec<f32> = data.samples().row_iter().map(|x| log_odds([x[0], x[1], x[2], x[3]])).collect();
    let labels: Vec<bool> = data.targets().iter().map(|&target| target == 1.0).collect();
    BinaryScores::new(&odds, &labels)
}

#[test]
fn the_network_is_between_logistic_regression_and_the_best() {
    for seed in 1..=2 {
        let mut rng = StdRng::seed_from_u64(seed);
        let [train, validation, test] = [400, 200, 400].map(|positives| generate(positives, &mut rng).unwrap());
        let deep = scores(&learn::<Deep>(&train, &validation, seed).unwrap(), &test).unwrap();
        let logistic = scores(&learn::<Logistic>(&train, &validation, seed).unwrap(), &test).unwrap();
        let best = true_scores(&test).unwrap();
        let areas = [&logistic, &deep, &best].map(|scores| scores.roc_area().unwrap());
        assert!(areas[1] > areas[0] + 0.1 && areas[1] > areas[2] - 0.02, "{areas:?}");
        let averages = [&logistic, &deep].map(|scores| scores.average_precision().unwrap());
        assert!(averages[1] > 1.5 * averages[0], "{averages:?}");
    }
}
