//! Regression: a network learns a sine from noisy points.
//!
//! ```text
//! cargo run --release --example regression -- [--plot FILE] [--seed 1]
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
use typenet::metrics::{mean_absolute_error, mean_squared_error, outputs, r_squared};
use typenet::plot;
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::training::{Stop, Trainer};

network! {
    /// A network from one feature to one output.
    struct Curve = Affine<1, 32> -> Tanh -> Affine<32, 32> -> Tanh -> Affine<32, 1> -> MeanSquaredError;
}

type Points = Table<f64, Const<1>, Batch<f64, Dyn, Const<1>>>;

/// The amplitude of the noise.
const NOISE: f64 = 0.2;

/// Learns a sine from noisy points.
#[derive(Parser)]
struct Options {
    /// Write a plot of the points and the curve to this file: .svg or .png
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
    let (train, test) = (points(200, &mut rng)?, points(100, &mut rng)?);
    let (net, stop) = learn(&train, options.seed)?;
    let mut out = stdout();
    let reason = if stop == Stop::NoImprovement { "without further improvement" } else { "after all epochs" };
    writeln!(out, "Training ended {reason}. Results on 100 unseen points:")?;
    let found = outputs(&net, &test);
    writeln!(out, "  mean squared error   {:.4}", mean_squared_error(&found.y, &found.target))?;
    writeln!(out, "  (from noise alone    {:.4})", NOISE * NOISE / 3.0)?;
    writeln!(out, "  mean absolute error  {:.4}", mean_absolute_error(&found.y, &found.target))?;
    writeln!(out, "  R squared            {:.4}", r_squared(&found.y, &found.target))?;
    if let Some(path) = &options.plot {
        let (x, y) = (train.samples(), train.targets());
        let points: Vec<(f64, f64)> = (0..x.nrows()).map(|row| (x[row], y[row])).collect();
        plot::fit(&points, |x| net.infer(&[x].into())[0]).title("A sine in noise").save(path)?;
        writeln!(out, "Plot saved to {}", path.display())?;
    }
    Ok(())
}

/// Draws points of one period, with noise from `-NOISE` to `NOISE`.
fn points(count: usize, rng: &mut StdRng) -> Result<Points, DataError> {
    let x: Vec<f64> = (0..count).map(|_| rng.random_range(-1.0..1.0)).collect();
    let y: Vec<f64> = x.iter().map(|x| (TAU * x / 2.0).sin() + rng.random_range(-NOISE..NOISE)).collect();
    Table::regression(&x, &y)
}

/// Trains on four fifths of the points, with early stopping on the other fifth.
fn learn(train: &Points, seed: u64) -> Result<(Curve<f64>, Stop), typenet::Error> {
    let net = Curve::random(Xavier, &mut StdRng::seed_from_u64(seed));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.005), train)
        .validation_split(0.2)
        .batch_size(20)
        .epochs(1000)
        .early_stopping(50)
        .seed(seed);
    let stop = trainer.run()?;
    Ok((trainer.into_parts().0, stop))
}

#[test]
fn the_error_is_close_to_the_noise() {
    for seed in 1..=3 {
        let mut rng = StdRng::seed_from_u64(seed);
        let (train, test) = (points(200, &mut rng).unwrap(), points(1000, &mut rng).unwrap());
        let found = outputs(&learn(&train, seed).unwrap().0, &test);
        let error = mean_squared_error(&found.y, &found.target);
        assert!(error < 1.5 * NOISE * NOISE / 3.0, "{error}");
    }
}
