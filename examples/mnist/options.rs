//! The command-line options.

use std::path::{Path, PathBuf};

use clap::Parser;

/// Trains the book's two-layer network to read handwritten digits.
#[derive(Parser)]
pub struct Options {
    /// A folder with the four files of MNIST [default: data/mnist if it is there, else generated digits]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The number of training steps
    #[arg(long, default_value_t = 10_000)]
    pub iterations: u64,
    /// The number of images in a batch
    #[arg(long, default_value_t = 100, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=60_000))]
    pub batch: usize,
    /// The learning rate
    #[arg(long, default_value_t = 0.1, value_parser = positive, allow_negative_numbers = true)]
    pub learning_rate: f64,
    /// The random seed: the same seed gives the same results
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Show only the results, without progress bar and evaluations
    #[arg(long)]
    pub quiet: bool,
    /// Save a checkpoint to this file, after each epoch and at the end
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Resume from the checkpoint
    #[arg(long, requires = "checkpoint")]
    pub resume: bool,
    /// Write an HTML report to this file
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        Ok(number) => Err(format!("{number} is not a positive number")),
        Err(error) => Err(error.to_string()),
    }
}

impl Options {
    /// Returns the folder of the MNIST files, if there is one.
    pub fn folder(&self) -> Option<&Path> {
        let usual = Path::new("data/mnist");
        self.data.as_deref().or_else(|| usual.is_dir().then_some(usual))
    }

    /// Returns the shell command that reproduces a run of `steps` steps from the beginning.
    ///
    /// Ctrl-C may have stopped the run before the requested steps.
    pub fn command(&self, steps: usize) -> String {
        let Self { batch, learning_rate, seed, .. } = self;
        let data = self.folder().map(|folder| format!("--data {} ", quoted(&folder.to_string_lossy())));
        format!(
            "cargo run --release --example mnist -- {}--iterations {steps} --batch {batch} \
             --learning-rate {learning_rate} --seed {seed}",
            data.unwrap_or_default()
        )
    }
}

/// Quotes an argument for a shell.
fn quoted(argument: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_./=,:+".contains(sign);
    let quote = argument.is_empty() || !argument.chars().all(plain);
    if quote { format!("'{}'", argument.replace('\'', r"'\''")) } else { argument.to_owned() }
}

#[test]
fn the_command_reproduces_the_run() {
    let arguments =
        ["mnist", "--data", "it's mine", "--checkpoint", "file", "--resume", "--report", "a.html", "--quiet"];
    assert_eq!(
        Options::parse_from(arguments).command(600),
        r"cargo run --release --example mnist -- --data 'it'\''s mine' --iterations 600 --batch 100 --learning-rate 0.1 --seed 1"
    );
}
