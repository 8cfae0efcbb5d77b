//! Measures the overhead of `Trainer` over a plain loop.
//!
//! The workload is the book's network: 10,000 steps on batches of 100, with an evaluation every 600 steps.
//!
//! ```text
//! cargo bench --bench trainer
//! ```

use std::io::{self, Write, stdout};
use std::time::{Duration, Instant};

use typenet::Samples;
use typenet::data::mnist::Digits;
use typenet::metrics::score;
use typenet::prelude::*;
use typenet::training::{Sampling, Trainer};

network! {
    struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

const STEPS: u64 = 10_000;
const STEPS_PER_EVALUATION: u64 = 600;
const RATE: f32 = 0.1;
/// The number of timings of each, in turn.
const ROUNDS: usize = 9;

fn main() -> io::Result<()> {
    let (train, test) = digits::generate(60_000, 10_000, 1);
    let (mut plain_times, mut trainer_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (plain, with_trainer) = (timed(|| plain_loop(&train, &test)), timed(|| with_trainer(&train, &test)));
        assert_eq!(plain.1, with_trainer.1, "both compute the same");
        plain_times.push(plain.0.as_secs_f64());
        trainer_times.push(with_trainer.0.as_secs_f64());
        ratios.push(with_trainer.0.as_secs_f64() / plain.0.as_secs_f64());
    }
    writeln!(stdout(), "plain loop  {:.3} s", median(plain_times))?;
    writeln!(stdout(), "Trainer     {:.3} s", median(trainer_times))?;
    writeln!(stdout(), "ratio       {:.4}, the median of {ROUNDS} pairs", median(ratios))
}

fn new_net() -> Net {
    Net::random(Normal { std: 0.01 }, &mut StdRng::seed_from_u64(1))
}

fn parameters(net: &Net) -> Vec<f32> {
    net.parameters().flat_map(|block| block.values.to_vec()).collect()
}

/// Trains with the book's loop.
fn plain_loop(train: &Digits, test: &Digits) -> Vec<f32> {
    let (mut net, mut rng) = (new_net(), StdRng::seed_from_u64(2));
    let (mut x, mut labels) = (Samples::zeros(Dyn(100), Const), Labels::zeros(Dyn(100)));
    let mut tape = Net::tape(Dyn(100));
    let (mut losses, mut scores) = (Vec::new(), Vec::new());
    for step in 1..=STEPS {
        train.sample_into(&mut x, &mut labels, &mut rng);
        losses.push(net.descend_with(&x, &labels, RATE, &mut tape));
        if step % STEPS_PER_EVALUATION == 0 || step == STEPS {
            scores.push((score(&net, train), score(&net, test)));
        }
    }
    parameters(&net)
}

fn with_trainer(train: &Digits, test: &Digits) -> Vec<f32> {
    let mut trainer = Trainer::new(new_net(), Sgd::new(), Schedule::constant(f64::from(RATE)), train)
        .validation(test)
        .batch_size(100)
        .sampling(Sampling::WithReplacement)
        .iterations(STEPS)
        .evaluate_every(STEPS_PER_EVALUATION)
        .seed(2);
    trainer.run().expect("its losses are finite");
    parameters(trainer.network())
}

fn timed<R>(work: impl FnOnce() -> R) -> (Duration, R) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
