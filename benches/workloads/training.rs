//! The workloads that train a network.

use std::hint::black_box;

use serde_json::{Value, json};
use typenet::prelude::*;

use crate::clock::Clock;
use crate::{Classifier, Conv, Data, Deep, Mlp, Wide};

/// The number of warm-up steps, on a copy of the network.
const WARM_UP: usize = 3;

/// A training task: plain gradient descent on batches drawn with replacement.
struct Task<N, I> {
    batch: N,
    steps: usize,
    learning_rate: f32,
    start: I,
    /// Computes the batch's loss again after each step, and the accuracy on all images every 600 steps, as the book does.
    evaluated: bool,
}

pub fn seed(steps: Option<usize>, data: &Data) -> Value {
    let steps = steps.unwrap_or(10_000);
    train::<Mlp, _, _>(
        &Task { batch: Const::<100>, steps, learning_rate: 0.1, start: Normal { std: 0.01 }, evaluated: true },
        data,
    )
}

pub fn wide(steps: Option<usize>, data: &Data) -> Value {
    let steps = steps.unwrap_or(2_000);
    train::<Wide, _, _>(&Task { batch: Const::<128>, steps, learning_rate: 0.1, start: He, evaluated: false }, data)
}

pub fn deep(steps: Option<usize>, data: &Data) -> Value {
    let steps = steps.unwrap_or(5_000);
    train::<Deep, _, _>(&Task { batch: Const::<32>, steps, learning_rate: 0.1, start: He, evaluated: false }, data)
}

pub fn conv(steps: Option<usize>, data: &Data) -> Value {
    let steps = steps.unwrap_or(600);
    train::<Conv, _, _>(&Task { batch: Const::<64>, steps, learning_rate: 0.05, start: He, evaluated: false }, data)
}

/// Trains a `Net`. Reports the time and the accuracy.
fn train<Net: Classifier, N: Dim, I: Initializer + Copy>(task: &Task<N, I>, data: &Data) -> Value {
    let mut rng = StdRng::seed_from_u64(1);
    let mut net = Net::random(task.start, &mut rng);

    let warm_up = Clock::start();
    black_box(learn(&mut net.clone(), &Task { steps: WARM_UP, ..*task }, data, &mut StdRng::seed_from_u64(2)));
    let warm_up = warm_up.took();

    let clock = Clock::start();
    let losses = black_box(learn(&mut net, task, data, &mut rng));
    let took = clock.took();

    let mut report = json!({
        "seconds": took.seconds,
        "cpu_seconds": took.cpu_seconds,
        "warmup_seconds": warm_up.seconds,
        "iters": task.steps,
        "test_acc": net.evaluate(&data.test),
    });
    if task.evaluated {
        let last = &losses[losses.len().saturating_sub(100)..];
        report["train_acc"] = json!(net.evaluate(&data.train));
        report["losses"] = json!(losses.len());
        report["loss_first"] = json!(losses.first());
        report["loss_last100"] = json!(last.iter().map(|&loss| f64::from(loss)).sum::<f64>() / last.len() as f64);
    } else {
        report["gflops"] = json!(flop_of_step(&net, task.batch) * task.steps as f64 / took.seconds / 1e9);
    }
    report
}

/// Runs all steps, which is the timed part. Returns the losses if the task is `evaluated`.
fn learn<Net: Classifier, N: Dim, I>(net: &mut Net, task: &Task<N, I>, data: &Data, rng: &mut StdRng) -> Vec<f32> {
    let mut tape = Net::tape(task.batch);
    let (mut x, mut labels) = (Samples::zeros(task.batch, Const), Labels::zeros(task.batch));
    let mut losses = Vec::new();
    for step in 0..task.steps {
        data.train.sample_into(&mut x, &mut labels, rng);
        net.descend_with(&x, &labels, task.learning_rate, &mut tape);
        if task.evaluated {
            losses.push(net.loss_with(&x, &labels, &mut tape));
            if step % 600 == 0 {
                black_box((net.evaluate(&data.train), net.evaluate(&data.test)));
            }
        }
    }
    losses
}

/// Adds `2 m n k` for each product of a step: `X · W`, `Xᵀ · dY` and, except in the first layer, `dY · Wᵀ`.
///
/// A convolution counts as the product of its weight with the patches under it.
fn flop_of_step<Net: Network, N: Dim>(net: &Net, batch: N) -> f64 {
    let layers: Vec<usize> = net.layers().map(|layer| layer.multiply_adds).filter(|&count| count > 0).collect();
    (2 * batch.value() * (3 * layers.iter().sum::<usize>() - layers[0])) as f64
}
