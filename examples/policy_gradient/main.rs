//! Reinforcement learning: a network learns to balance a pole, only from the number of steps until it falls.
//!
//! ```text
//! cargo run --release --example policy_gradient -- [--seeds 5] [--episodes 2000]
//! ```

mod cart_pole;

#[path = "../support/exit.rs"]
mod exit;

use std::io::{Error, Write, stdout};
use std::process::ExitCode;
use std::time::Instant;

use cart_pole::{CartPole, Push};
use clap::Parser;
use exit::exit_code;
use typenet::optimizers::Optimizer;
use typenet::prelude::*;
use typenet::rand::RngExt;

network! {
    /// A network from the state to the probabilities of a push to the left and to the right.
    struct Policy = Affine<4, 32> -> Tanh -> Affine<32, 2> -> SoftmaxWithSoftTargets;
}

/// The longest episode, in steps.
const LONGEST: usize = 200;
/// The episodes between two updates of the network.
const EPISODES: usize = 10;
/// The weight of the reward of the next step.
const DISCOUNT: f32 = 0.99;
const RATE: f64 = 0.02;
/// The task is solved by a mean of 195 steps in 100 episodes.
const SOLVED: usize = 195;

/// Learns to balance a pole.
#[derive(Parser)]
struct Options {
    /// Learn with each seed from 1 to this number
    #[arg(long, default_value_t = 5)]
    seeds: u64,
    /// The largest number of episodes
    #[arg(long, default_value_t = 2000)]
    episodes: usize,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Error> {
    for seed in 1..=options.seeds {
        let start = Instant::now();
        let lengths = learn(seed, options.episodes);
        let (episodes, seconds) = (lengths.len(), start.elapsed().as_secs_f64());
        let result = if is_solved(&lengths) { "solved" } else { "not solved" };
        let first = lengths.iter().take(100).sum::<usize>() as f64 / 100.0;
        let last = lengths.iter().rev().take(100).sum::<usize>() as f64 / 100.0;
        writeln!(
            stdout(),
            "seed {seed}: {result} after {episodes} episodes and {seconds:.1} s; \
             {first:.0} steps in the first 100 episodes, {last:.0} in the last 100"
        )?;
    }
    Ok(())
}

/// The states of an episode, in order, and the pushes.
type Episode = Vec<([f32; 4], Push)>;

/// Learns until the task is solved, and returns the steps of each episode.
///
/// REINFORCE, by R. J. Williams, "Simple statistical gradient-following algorithms for connectionist reinforcement learning"
/// (1992): the loss `-A ln P[push]` makes a push more probable if its advantage `A` is positive, else less.
fn learn(seed: u64, most: usize) -> Vec<usize> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut net: Policy = Policy::random(Xavier, &mut rng);
    let (mut adam, mut tape) = (Adam::new(), Policy::tape(Dyn(0)));
    let mut lengths = Vec::new();
    while lengths.len() < most && !is_solved(&lengths) {
        let episodes: Vec<Episode> = (0..EPISODES).map(|_| play(&net, &mut rng)).collect();
        lengths.extend(episodes.iter().map(Vec::len));
        let (states, pushes): (Vec<_>, Vec<_>) = episodes.iter().flatten().copied().unzip();
        // The cross-entropy of these targets is the loss above: each row has the advantage at the push, and 0 at the other.
        let targets: Vec<[f32; 2]> = advantages(&episodes)
            .into_iter()
            .zip(pushes)
            .map(|(advantage, push)| if push == Push::Left { [advantage, 0.0] } else { [0.0, advantage] })
            .collect();
        adam.descend_with(&mut net, &Samples::from_rows(&states), &Batch::from_rows(&targets), RATE, &mut tape);
    }
    lengths
}

/// Plays an episode with pushes at random, by the probabilities of the network.
fn play(net: &Policy, rng: &mut StdRng) -> Episode {
    let (mut state, mut episode) = (CartPole::random(rng), Vec::new());
    while !state.has_fallen() && episode.len() < LONGEST {
        let left = net.infer_probabilities(&state.features().into())[0];
        let push = if rng.random::<f32>() < left { Push::Left } else { Push::Right };
        episode.push((state.features(), push));
        state = state.push(push);
    }
    episode
}

/// Returns the advantage of each step: the discounted number of steps until the end, normalized over all episodes.
fn advantages(episodes: &[Episode]) -> Vec<f32> {
    let mut returns = Vec::new();
    for episode in episodes {
        let begin = returns.len();
        returns.extend(episode.iter().scan(0.0, |sum, _| {
            *sum = 1.0 + DISCOUNT * *sum;
            Some(*sum)
        }));
        returns[begin..].reverse();
    }
    let count = returns.len() as f32;
    let mean = returns.iter().sum::<f32>() / count;
    let variance = returns.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
    returns.iter().map(|value| (value - mean) / (variance.sqrt() + 1e-6)).collect()
}

/// Returns `true` if the mean of the last 100 episodes is at least [`SOLVED`] steps.
fn is_solved(lengths: &[usize]) -> bool {
    lengths.len() >= 100 && lengths.iter().rev().take(100).sum::<usize>() >= 100 * SOLVED
}

#[test]
fn five_seeds_solve_the_task() {
    for seed in 1..=5 {
        let lengths = learn(seed, 2000);
        assert!(is_solved(&lengths), "seed {seed}: {:?}", &lengths[1900..]);
        assert!(!is_solved(&lengths[..100]), "seed {seed}: solved without learning");
    }
}
