//! Finds the machine that is about to fail, by the vibration that two sensors measure.
//!
//! ```text
//! cargo run --release --example signal -- [--epochs 8] [--seed 1] [--plot FILE] [--quiet]
//! ```

mod vibration;

#[path = "../support/exit.rs"]
mod exit;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use exit::exit_code;
use typenet::metrics::{ConfusionMatrix, outputs};
use typenet::prelude::*;
use typenet::training::Trainer;
use typenet::{Progress, plot};
use vibration::{Machine, STATES, State, Windows, generate};

network! {
    /// A network from two signals of 512 values to four states.
    struct Monitor = Input<2, 512>
        -> Conv1d<2, 16, 16>(stride = 4, padding = 6) -> BatchNorm<_> -> Relu -> MaxPool1d<4>
        -> Conv1d<16, 32, 5>(padding = same) -> BatchNorm<_> -> Relu -> MaxPool1d<4>
        -> Conv1d<32, 32, 3>(padding = same) -> BatchNorm<_> -> Relu -> GlobalAveragePool
        -> Affine<_, 4> -> SoftmaxWithLoss;
}

const BATCH: usize = 50;
/// The windows measured of each machine on the final list.
const MEASUREMENTS: usize = 10;

/// Learns to find failing machines by their vibration.
#[derive(Parser)]
struct Options {
    /// The number of epochs
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// The random seed: the same seed gives the same results
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Plot the confusion matrix to this file: .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Show only the results, without progress bar and evaluations
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if let Some(path) = &options.plot {
        plot::try_path(path)?;
    }
    let mut rng = StdRng::seed_from_u64(options.seed);
    let (train, test) = (generate(4_000, &mut rng)?, generate(1_000, &mut rng)?);
    let (net, seconds) = learn(&train, &test, options)?;
    let answers = outputs(&net, &test);
    let matrix = ConfusionMatrix::new(&answers.target, &Labels::argmax(&answers.y));
    let mut out = stdout();
    writeln!(
        out,
        "4,000 machines learned in {seconds:.1} s; {:.1} % of 1,000 others are correct\n",
        100.0 * matrix.accuracy()
    )?;
    State::ALL.iter().zip(0..).try_for_each(|(state, class)| writeln!(out, "class {class} is {}", state.name()))?;
    writeln!(out, "\n{matrix}\n\nSix machines, by {MEASUREMENTS} windows of each:")?;
    for number in 1..=6 {
        let machine = Machine::random(State::ALL[(number + 1) % STATES], &mut rng);
        let (found, share) = diagnose(&net, &machine, &mut rng);
        let (is, speed) = (machine.state.name(), machine.speed);
        let verdict = if found == machine.state { String::new() } else { format!(", but is {is}") };
        writeln!(out, "{number}: {speed:.1} turns a second, {} ({:.0} %){verdict}", found.name(), 100.0 * share)?;
    }
    if let Some(path) = &options.plot {
        let names = State::ALL.map(State::name).join(", ");
        plot::confusion(&matrix).title(format!("States and answers: {names}")).save(path)?;
        writeln!(out, "Plot saved to {}", path.display())?;
    }
    Ok(())
}

/// Returns the trained network and the seconds of training.
fn learn(train: &Windows, test: &Windows, options: &Options) -> Result<(Monitor, f64), typenet::Error> {
    let net: Monitor = Monitor::random(He, &mut StdRng::seed_from_u64(options.seed));
    let steps = options.epochs * train.targets().classes().len().div_ceil(BATCH) as u64;
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::cosine(0.005, steps), train)
        .validation(test)
        .without_training_scores()
        .batch_size(BATCH)
        .epochs(options.epochs)
        .seed(options.seed);
    if !options.quiet {
        trainer = trainer.watch(Progress::new());
    }
    trainer.run()?;
    let seconds = trainer.seconds();
    Ok((trainer.into_parts().0, seconds))
}

/// Returns the most probable state of a machine and its mean probability over several windows.
fn diagnose(net: &Monitor, machine: &Machine, rng: &mut StdRng) -> (State, f32) {
    let windows: Vec<Vec<f32>> = (0..MEASUREMENTS).map(|_| machine.measure(rng)).collect();
    let x = Samples::from_fn(Const::<MEASUREMENTS>, Const, |window, value| windows[window][value]);
    let mean = net.probabilities(&x).row_mean();
    (State::ALL[mean.transpose().imax()], mean.max())
}

#[test]
fn most_machines_are_classified_correctly() {
    for seed in ["1", "2"] {
        let options = Options::parse_from(["signal", "--epochs", "4", "--quiet", "--seed", seed]);
        let mut rng = StdRng::seed_from_u64(options.seed);
        let (train, test) = (generate(1_000, &mut rng).unwrap(), generate(400, &mut rng).unwrap());
        let accuracy = learn(&train, &test, &options).unwrap().0.accuracy(test.samples(), test.targets());
        assert!(accuracy > 0.85, "{accuracy}");
    }
}
