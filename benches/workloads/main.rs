//! Benchmarks eight workloads of small networks, for comparison with other systems.
//!
//! ```text
//! cargo bench --bench workloads                                    # a table of all workloads
//! cargo bench --bench workloads -- WORKLOAD [THREADS [DATA]]       # one workload, as a line of JSON
//! ```
//!
//! | workload | network | timed |
//! | --- | --- | --- |
//! | `seed` | 784-50-10, batches of 100 | 10,000 steps; the batch's loss again after each step, and the accuracy on all images every 600 steps |
//! | `wide` | 784-512-512-10, batches of 128 | 2,000 steps |
//! | `deep` | 784, seven times 128, 10, batches of 32 | 5,000 steps |
//! | `latency` | 784-50-10 and 4-16-16-2 | inference of one sample, 64 samples in turn |
//! | `throughput` | 784-50-10 | classification of all test images in one call, from bytes |
//! | `conv` | two convolutions of 5 x 5 and max-pooling, 512-128-10, batches of 64 | 600 steps |
//! | `conv_latency` | the same | inference of one image, 64 images in turn |
//! | `conv_throughput` | the same | classification of all test images in one call, from bytes |
//!
//! All networks use `f32`, with Relu between the layers. The time includes drawing batches, with replacement. `DATA` is a folder
//! with the four files of MNIST; without it, the digits are generated.

mod clock;
mod inference;
mod training;

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{Write, stdout};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use serde_json::{Value, json};
use typenet::data::mnist::Digits;
use typenet::prelude::*;

network! {
    #[derive(Clone)] struct Mlp = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
    #[derive(Clone)] struct Wide = Affine<784, 512> -> Relu -> Affine<512, 512> -> Relu -> Affine<512, 10> -> SoftmaxWithLoss;
    #[derive(Clone)] struct Deep = Affine<784, 128> -> Relu -> Affine<128, 128> -> Relu -> Affine<128, 128> -> Relu
        -> Affine<128, 128> -> Relu -> Affine<128, 128> -> Relu -> Affine<128, 128> -> Relu
        -> Affine<128, 128> -> Relu -> Affine<128, 10> -> SoftmaxWithLoss;
    #[derive(Clone)] struct Conv = Input<1, 28, 28> -> Conv2d<1, 16, 5> -> Relu -> MaxPool2d<2>
        -> Conv2d<16, 32, 5> -> Relu -> MaxPool2d<2> -> Flatten -> Affine<512, 128> -> Relu -> Affine<128, 10> -> SoftmaxWithLoss;
    struct Tiny = Affine<4, 16> -> Relu -> Affine<16, 16> -> Relu -> Affine<16, 2> -> SoftmaxWithLoss;
}

/// A network that classifies digits.
trait Classifier:
    Network<Scalar = f32, Input = Const<784>, Output = Const<10>, Loss = SoftmaxWithLoss> + Clone + Send
{
}

impl<Net> Classifier for Net where
    Net: Network<Scalar = f32, Input = Const<784>, Output = Const<10>, Loss = SoftmaxWithLoss> + Clone + Send
{
}

/// The number of samples that `latency` uses in turn.
const INPUTS: usize = 64;

/// The columns of the table: title, field of the report, and number of decimals.
const COLUMNS: [(&str, &str, usize); 7] = [
    ("seconds", "seconds", 2),
    ("GFLOP/s", "gflops", 1),
    ("ns 784-50-10", "ns_mlp", 0),
    ("ns 4-16-16-2", "ns_tiny", 0),
    ("ns convolutional", "ns_conv", 0),
    ("  images/s", "images_per_s", 0),
    ("test accuracy", "test_acc", 4),
];

/// Labeled images for training and for testing.
struct Data {
    train: Digits,
    test: Digits,
}

/// Benchmarks eight workloads of small networks: all in a table, or one as a line of JSON.
#[derive(Parser)]
#[command(bin_name = "cargo bench --bench workloads --")]
struct Options {
    /// The workload [default: all, each with one thread and with all threads]
    workload: Option<Workload>,
    /// The number of threads
    #[arg(default_value = "1")]
    threads: NonZeroUsize,
    /// A folder with the four files of MNIST [default: generated digits]
    data: Option<PathBuf>,
    /// The number of training steps [default: the workload's number]
    #[arg(long, env = "PEERS_ITERS", value_name = "STEPS")]
    steps: Option<usize>,
    /// The least time for the repeated calls of the workloads that infer
    #[arg(long, env = "PEERS_MIN_SECONDS", value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    at_least: Duration,
    /// A folder with the parameters for the workloads that infer [default: random parameters]
    #[arg(long, env = "PEERS_WEIGHTS", value_name = "DIR")]
    weights: Option<PathBuf>,
    /// Passed by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Workload {
    Seed,
    Wide,
    Deep,
    Latency,
    Throughput,
    Conv,
    #[value(name = "conv_latency")]
    ConvLatency,
    #[value(name = "conv_throughput")]
    ConvThroughput,
}

impl Workload {
    fn name(self) -> String {
        self.to_possible_value().expect("no workload is skipped").get_name().to_owned()
    }
}

fn seconds(text: &str) -> Result<Duration, Box<dyn Error + Send + Sync>> {
    Ok(Duration::try_from_secs_f64(text.parse()?)?)
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let data = load(options.data.as_deref())?;
    match options.workload {
        // `println!` would panic if standard output is closed.
        Some(workload) => writeln!(
            stdout(),
            "{}",
            measure(workload, options.threads, options, &data).map_err(|error| error.to_string())?
        )?,
        None => table(options, &data)?,
    }
    Ok(())
}

fn load(folder: Option<&Path>) -> Result<Data, Box<dyn Error>> {
    let (train, test) = match folder {
        Some(folder) => mnist::load(folder)?,
        None => digits::generate(60_000, 10_000, 1),
    };
    if train.is_empty() || test.len() < INPUTS {
        let found = format!("{} training and {} test images", train.len(), test.len());
        return Err(format!("{found} are too few: 1 and {INPUTS} are needed").into());
    }
    Ok(Data { train, test })
}

/// Runs one workload. Comparisons with other systems read the fields of its report.
fn measure(
    workload: Workload,
    threads: NonZeroUsize,
    options: &Options,
    data: &Data,
) -> Result<Value, Box<dyn Error + Send + Sync>> {
    let Options { steps, at_least, .. } = *options;
    let weights = options.weights.as_deref();
    let mut report = with_threads(threads.get(), || match workload {
        Workload::Seed => Ok(training::seed(steps, data)),
        Workload::Wide => Ok(training::wide(steps, data)),
        Workload::Deep => Ok(training::deep(steps, data)),
        Workload::Latency => inference::latency(weights, at_least, &data.test),
        Workload::Throughput => inference::throughput::<Mlp>(weights, "mlp.bin", at_least, &data.test),
        Workload::Conv => Ok(training::conv(steps, data)),
        Workload::ConvLatency => inference::conv_latency(weights, at_least, &data.test),
        Workload::ConvThroughput => inference::throughput::<Conv>(weights, "conv.bin", at_least, &data.test),
    })??;
    report["peer"] = json!("typenet");
    report["version"] = json!(concat!("typenet ", env!("CARGO_PKG_VERSION")));
    report["workload"] = json!(workload.name());
    report["threads"] = json!(threads);
    Ok(report)
}

/// Runs all workloads, with one thread and with all.
fn table(options: &Options, data: &Data) -> Result<(), Box<dyn Error>> {
    let all = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let titles: String = COLUMNS.map(|(title, ..)| format!("  {title}")).concat();
    writeln!(stdout(), "{:<15}  threads{titles}", "workload")?;
    for workload in Workload::value_variants() {
        for threads in BTreeSet::from([NonZeroUsize::MIN, all]) {
            let report = measure(*workload, threads, options, data).map_err(|error| error.to_string())?;
            let cells = COLUMNS.map(|(title, field, decimals)| {
                let figure = report[field].as_f64().map_or(String::new(), |figure| format!("{figure:.decimals$}"));
                format!("  {figure:>0$}", title.len())
            });
            writeln!(stdout(), "{:<15}  {threads:>7}{}", workload.name(), cells.concat().trim_end())?;
        }
    }
    Ok(())
}
