//! Options and functions that the examples over images share.

mod exit;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
pub use exit::exit_code;
use typenet::data::mnist::Digits;
use typenet::prelude::*;
use typenet::training::{Evaluation, History};

/// The options of a training run on digits.
#[derive(Args)]
pub struct Common {
    /// A folder with the four files of MNIST [default: data/mnist if it is there, else generated digits]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The random seed: the same seed gives the same results
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Show only the results, without progress bar and evaluations
    #[arg(long)]
    pub quiet: bool,
}

impl Common {
    /// Reads MNIST, or generates 10,000 training and 2,000 test digits, and prints which.
    pub fn load(&self) -> Result<(Digits, Digits), Box<dyn Error>> {
        let usual = Path::new("data/mnist");
        // `println!` would panic if standard output is closed.
        if let Some(folder) = self.data.as_deref().or_else(|| usual.is_dir().then_some(usual)) {
            writeln!(stdout(), "MNIST from {}", folder.display())?;
            return Ok(mnist::load(folder)?);
        }
        writeln!(stdout(), "Generated digits; scripts/get-mnist.sh downloads MNIST to data/mnist")?;
        Ok(digits::generate(10_000, 2_000, self.seed))
    }
}

/// The accuracy of an evaluation on the test data.
pub fn accuracy(evaluation: &Evaluation) -> f64 {
    evaluation.validation.and_then(|score| score.accuracy).expect("test digits have labels")
}

/// Prints the results of a training run, and the first evaluation with a test accuracy of 99 %.
pub fn print_results(history: &History) -> std::io::Result<()> {
    let [.., last] = &*history.evaluations else { return Ok(()) };
    let (steps, seconds) = (last.steps, last.seconds);
    writeln!(stdout(), "{steps} steps in {seconds:.1} s; test accuracy {:.4}", accuracy(last))?;
    if let Some(first) = history.evaluations.iter().find(|evaluation| accuracy(evaluation) >= 0.99) {
        writeln!(stdout(), "0.99 after {:.0} epochs and {:.1} s", first.epochs, first.seconds)?;
    }
    Ok(())
}
