//! What can be asked for on the command line.

use std::path::{Path, PathBuf};

use clap::Parser;

/// Trains the book's two-layer network to read handwritten digits.
#[derive(Parser)]
pub struct Options {
    /// A folder with the four files of MNIST [default: data/mnist if it is there, else generated digits]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// How many steps to train
    #[arg(long, default_value_t = 10_000)]
    pub iterations: u64,
    /// How many images to learn from in each step
    #[arg(long, default_value_t = 100, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=60_000))]
    pub batch: usize,
    /// How far to go against the gradient in each step
    #[arg(long, default_value_t = 0.1, value_parser = positive, allow_negative_numbers = true)]
    pub learning_rate: f64,
    /// The seed of all random numbers: the same seed gives the same run
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Show the results alone: no bar, and no line for each evaluation
    #[arg(long)]
    pub quiet: bool,
    /// Keep the training in this file, after each epoch and at the end
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Go on from the checkpoint
    #[arg(long, requires = "checkpoint")]
    pub resume: bool,
    /// Write a page of HTML on the training to this file
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
    /// The folder of the real images, if there are some.
    pub fn folder(&self) -> Option<&Path> {
        let usual = Path::new("data/mnist");
        self.data.as_deref().or_else(|| usual.is_dir().then_some(usual))
    }

    /// The command that trains the same network again, from the beginning, to be given to a shell: with as many steps
    /// as it has had, which Ctrl-C may have made fewer than were asked for.
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

/// A text as one argument for a shell.
fn quoted(argument: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_./=,:+".contains(sign);
    let quote = argument.is_empty() || !argument.chars().all(plain);
    if quote { format!("'{}'", argument.replace('\'', r"'\''")) } else { argument.to_owned() }
}

#[test]
fn the_command_trains_from_the_beginning() {
    let arguments =
        ["mnist", "--data", "it's mine", "--checkpoint", "file", "--resume", "--report", "a.html", "--quiet"];
    assert_eq!(
        Options::parse_from(arguments).command(600),
        r"cargo run --release --example mnist -- --data 'it'\''s mine' --iterations 600 --batch 100 --learning-rate 0.1 --seed 1"
    );
}
