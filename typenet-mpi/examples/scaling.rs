//! Measures how the time of a training step depends on the number of ranks.
//!
//! ```text
//! cargo build --release --example scaling
//! mpirun -n 2 target/release/examples/scaling [--net wide] [--shards 2] [--steps 200] [--data DIR]
//! target/release/examples/scaling --threads 4 --delay 10 [--net wide]
//! ```
//!
//! The second form runs ranks as threads of one process, each of whose messages waits for some milliseconds. `exchange` is
//! the time in which two ranks send each other the gradient, and nothing else; that of 8 bytes is the latency.

use std::cell::RefCell;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use typenet::data::mnist::Digits;
use typenet::prelude::*;
use typenet::training::{Collective, CollectiveError, Sampling, Single, Trainer, in_threads};
use typenet::{DataFor, with_threads};

network! {
    /// The book's network.
    struct Book = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
    struct Wide = Affine<784, 512> -> Relu -> Affine<512, 512> -> Relu -> Affine<512, 10> -> SoftmaxWithLoss;
    struct Conv = Input<1, 28, 28> -> Conv2d<1, 16, 5> -> Relu -> MaxPool2d<2>
        -> Conv2d<16, 32, 5> -> Relu -> MaxPool2d<2> -> Flatten -> Affine<512, 128> -> Relu -> Affine<128, 10> -> SoftmaxWithLoss;
}

/// The steps that are not measured.
const WARM_UP: usize = 10;
/// The number of timed exchanges.
const EXCHANGES: u32 = 50;

#[derive(Parser)]
struct Options {
    #[arg(long, default_value = "wide")]
    net: Name,
    /// The number of shards of a batch; one for each rank if it is missing.
    #[arg(long)]
    shards: Option<usize>,
    #[arg(long, default_value_t = 200)]
    steps: usize,
    /// The number of samples in a batch.
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// The folder of MNIST's four files.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Train without ranks, on this number of threads.
    #[arg(long)]
    alone: Option<usize>,
    /// The number of ranks as threads, without MPI.
    #[arg(long)]
    threads: Option<usize>,
    /// The time in milliseconds before a thread's message is sent.
    #[arg(long, default_value_t = 0.0)]
    delay: f64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Name {
    Book,
    Wide,
    Conv,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(threads) = options.alone {
        let work = || measure(&Single, &options).map_err(|error| error.to_string());
        return finish(with_threads(threads, work).unwrap_or_else(|error| Err(error.to_string())));
    }
    let Some(threads) = options.threads else {
        return typenet_mpi::run(|ranks| measure(ranks, &options));
    };
    // Fails only if the number is already set.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    let delay = Duration::from_secs_f64(options.delay / 1e3);
    let results = in_threads(threads, delay, |ranks| measure(ranks, &options).map_err(|error| error.to_string()));
    finish(results.into_iter().collect())
}

fn finish(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(ranks: &dyn Collective, options: &Options) -> Result<(), Box<dyn Error>> {
    let train = match &options.data {
        Some(folder) => mnist::load(folder)?.0,
        None => digits::generate(10_000, 0, 1).0,
    };
    match options.net {
        Name::Book => measure_net::<Book>(ranks, &train, options),
        Name::Wide => measure_net::<Wide>(ranks, &train, options),
        Name::Conv => measure_net::<Conv>(ranks, &train, options),
    }
}

fn measure_net<Net: Network<Scalar = f32>>(
    ranks: &dyn Collective,
    train: &Digits,
    options: &Options,
) -> Result<(), Box<dyn Error>>
where
    Digits: DataFor<Net>,
{
    let net = Net::random(He, &mut StdRng::seed_from_u64(1));
    let bytes = 4 * net.parameter_count();
    let [exchange, latency] = [exchange(ranks, bytes)?, exchange(ranks, 8)?];
    let times = Rc::new(RefCell::new(Vec::with_capacity(WARM_UP + options.steps)));
    let end = Rc::clone(&times);
    let steps = (WARM_UP + options.steps) as u64;
    let mut trainer = Trainer::new(net, Sgd::new(), Schedule::constant(0.1), train)
        .shards(options.shards.unwrap_or_else(|| ranks.size()))
        .batch_size(options.batch)
        .sampling(Sampling::WithReplacement)
        .iterations(steps)
        .evaluate_every(steps)
        .without_training_scores()
        .on_step(move |_, _| {
            end.borrow_mut().push(Instant::now());
            ControlFlow::Continue(())
        });
    if options.alone.is_none() {
        trainer = trainer.collective(ranks);
    }
    trainer.run()?;
    let times = times.borrow();
    let mut steps: Vec<f64> = times[WARM_UP - 1..].windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect();
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    steps.sort_unstable_by(f64::total_cmp);
    let quartiles = [1, 2, 3].map(|quarter| 1e3 * steps[quarter * (steps.len() - 1) / 4]);
    if ranks.rank() == 0 {
        let [low, median, high] = quartiles;
        let waited = &trainer.history().evaluations[0].waited;
        let waited: Vec<_> =
            waited.iter().map(|seconds| format!("{:.3}", 1e3 * seconds / times.len() as f64)).collect();
        println!(
            "{:?}, {} ranks, {bytes} bytes: {median:.3} ms a step ({low:.3} to {high:.3}), mean {:.3}; waited [{}] ms; \
             exchange {:.3} ms, of 8 bytes {:.4} ms",
            options.net,
            ranks.size(),
            1e3 * mean,
            waited.join(", "),
            1e3 * exchange,
            1e3 * latency
        );
    }
    Ok(())
}

/// The time in seconds in which neighboring ranks send each other this number of bytes; 0 for a single rank.
fn exchange(ranks: &dyn Collective, bytes: usize) -> Result<f64, CollectiveError> {
    let other = ranks.rank() ^ 1;
    if other >= ranks.size() {
        return Ok(0.0);
    }
    let (out, mut into) = (vec![1; bytes], vec![0; bytes]);
    ranks.exchange(other, &out, &mut into)?;
    let start = Instant::now();
    for _ in 0..EXCHANGES {
        ranks.exchange(other, &out, &mut into)?;
    }
    Ok(start.elapsed().as_secs_f64() / f64::from(EXCHANGES))
}
