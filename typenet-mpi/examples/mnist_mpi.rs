//! Trains the book's two-layer network on several ranks.
//!
//! ```text
//! cargo build --release --example mnist_mpi
//! mpirun -n 2 target/release/examples/mnist_mpi [--data DIR] [--shards 4] [--epochs 5] [--batch 128] [--seed 1]
//!     [--checkpoint FILE [--resume]]
//! ```
//!
//! Without a folder of MNIST's files, it generates digits. The checksum of the weights depends on shards, batch size and
//! seed, but not on the number of ranks.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use typenet::Progress;
use typenet::prelude::*;
use typenet::training::Trainer;
use typenet_mpi::MpiCollective;

network! {
    /// The book's network with normalization and dropout.
    struct Net = Affine<784, 50> -> BatchNorm<50> -> Relu -> Dropout(0.2) -> Affine<50, 10> -> SoftmaxWithLoss;
}

#[derive(Parser)]
struct Options {
    /// The folder of MNIST's four files.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The number of shards of a batch, a multiple of the number of ranks.
    #[arg(long, default_value_t = 4)]
    shards: usize,
    #[arg(long, default_value_t = 5)]
    epochs: u64,
    /// The number of samples in a batch.
    #[arg(long, default_value_t = 128)]
    batch: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The file to store the training run in.
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// The time in seconds after which a rank that does not answer ends the run.
    #[arg(long, default_value_t = 30)]
    timeout: u64,
    /// Continue from the checkpoint.
    #[arg(long, requires = "checkpoint")]
    resume: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    typenet_mpi::run(|ranks| train(ranks, &options))
}

fn train(ranks: &MpiCollective, options: &Options) -> Result<(), Box<dyn Error>> {
    ranks.set_timeout(Duration::from_secs(options.timeout));
    let (train, test) = match &options.data {
        Some(folder) => mnist::load(folder)?,
        None => digits::generate(20_000, 2_000, 1),
    };
    let net: Net = Net::random(He, &mut StdRng::seed_from_u64(options.seed));
    let mut trainer = Trainer::new(net, Adam::new().clip_norm(1.0), Schedule::constant(0.002), &train)
        .collective(ranks)
        .shards(options.shards)
        .batch_size(options.batch)
        .epochs(options.epochs)
        .seed(options.seed)
        .validation(&test)
        .without_training_scores()
        .watch(Progress::new());
    if let Some(file) = &options.checkpoint {
        trainer = trainer.checkpoint(file, 100);
        if options.resume {
            trainer = trainer.resume(file)?;
        }
    }
    let start = Instant::now();
    trainer.run()?;
    let (seconds, net) = (start.elapsed().as_secs_f64(), trainer.network());
    if ranks.is_first() {
        let bytes = net.parameters().flat_map(|part| part.values).flat_map(|value| value.to_le_bytes());
        let checksum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3) // FNV-1a
        });
        println!("test accuracy {:.4}, {seconds:.2} s, checksum {checksum:016x}", net.evaluate(&test));
    }
    Ok(())
}
