//! Classifies the three arms of a spiral, which straight lines cannot separate, and plots the decision regions.
//!
//! ```text
//! cargo run --release --example spiral -- [--plot FILE] [--seed 1]
//! ```

#[path = "support/exit.rs"]
mod exit;

use std::error::Error;
use std::f64::consts::TAU;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use exit::exit_code;
use typenet::data::{DataError, Table};
use typenet::plot;
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::training::Trainer;

network! {
    /// A network from a point in the plane to three arms.
    struct Spiral = Affine<2, 32> -> Relu -> Affine<32, 32> -> Relu -> Affine<32, 3> -> SoftmaxWithLoss;
}

type Points = Table<f32, Const<2>, Labels<Dyn, Const<3>>>;

/// Classifies the arms of a spiral.
#[derive(Parser)]
struct Options {
    /// Write a plot of the points and the regions to this file: .svg or .png
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
    let (train, test) = (arms(100, &mut rng)?, arms(100, &mut rng)?);
    let net = learn(&train, options.seed)?;
    let accuracy = |data: &Points| 100.0 * net.accuracy(data.samples(), data.targets());
    let mut out = stdout();
    let (on_train, on_test) = (accuracy(&train), accuracy(&test));
    writeln!(out, "Accuracy: {on_train:.1} % on 300 training points, {on_test:.1} % on 300 test points")?;
    if let Some(path) = &options.plot {
        plot::regions(&labeled_points(&train), |point| classify(&net, point))
            .title("Three arms of a spiral")
            .save(path)?;
        writeln!(out, "Plot saved to {}", path.display())?;
    }
    Ok(())
}

/// Draws `count` points of each arm, from the center outwards, with noise in the angle.
fn arms(count: usize, rng: &mut StdRng) -> Result<Points, DataError> {
    let (mut values, mut classes) = (Vec::new(), Vec::new());
    for (arm, point) in (0..3).flat_map(|arm| (0..count).map(move |point| (arm, point))) {
        let along = point as f64 / count as f64;
        let angle = TAU * (arm as f64 / 3.0 + 0.8 * along) + rng.random_range(-0.2..0.2);
        values.extend([along * angle.cos(), along * angle.sin()].map(f32::of));
        classes.push(arm);
    }
    Table::classification(&values, &classes)
}

fn learn(train: &Points, seed: u64) -> Result<Spiral, typenet::Error> {
    let net = Spiral::random(He, &mut StdRng::seed_from_u64(seed));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::cosine(0.01, 3_000), train)
        .batch_size(30)
        .iterations(3_000)
        .seed(seed);
    trainer.run()?;
    Ok(trainer.into_parts().0)
}

/// Returns the predicted arm of a point and its probability.
fn classify(net: &Spiral, (x, y): (f64, f64)) -> (usize, f64) {
    let scores = net.infer(&[f32::of(x), f32::of(y)].into()).map(f64::from);
    let total: f64 = scores.iter().map(|score| (score - scores.max()).exp()).sum();
    (scores.imax(), 1.0 / total)
}

/// Returns the points with their arms.
fn labeled_points(table: &Points) -> Vec<((f64, f64), usize)> {
    let (x, arms) = (table.samples(), table.targets().classes());
    arms.iter().enumerate().map(|(row, &arm)| ((f64::from(x[(row, 0)]), f64::from(x[(row, 1)])), arm)).collect()
}

#[test]
fn the_test_accuracy_is_high() {
    for seed in 1..=3 {
        let mut rng = StdRng::seed_from_u64(seed);
        let (train, test) = (arms(100, &mut rng).unwrap(), arms(100, &mut rng).unwrap());
        let accuracy = learn(&train, seed).unwrap().accuracy(test.samples(), test.targets());
        assert!(accuracy > 0.95, "{accuracy}");
    }
}
