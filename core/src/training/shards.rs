//! Shards of a batch, whose gradients are added in a tree over their numbers, on one or more ranks.

use std::any::type_name;
use std::fmt::Write;
use std::mem::swap;
use std::ops::{ControlFlow, Range};

use nalgebra::{DimName, Dyn};

use crate::matrix::Samples;
use crate::networks::{DataFor, Network};
use crate::optimizers::Optimizer;
use crate::parameters::{Leaf, Path, each};
use crate::scalar::Scalar;
use crate::target::Target;
use crate::training::collective::{Collective, CollectiveError};
use crate::training::divergence::{Divergence, Place};
use crate::training::error::TrainingError;
use crate::training::run::Run;
use crate::training::step::divide;
use crate::training::sum::Sum;
use crate::training::trainer::Trainer;

/// The bytes of the answer to the comparison at the start.
const ANSWER: usize = 512;
/// The names of the compared values.
const FACTS: [&str; 14] = [
    "training data",
    "declaration",
    "optimizer",
    "schedule",
    "batch size",
    "number of shards",
    "sampling",
    "number of steps",
    "evaluations",
    "validation data",
    "early stopping",
    "augmentation",
    "seed",
    "initial parameters",
];
/// The multiplier of the checksums.
const PRIME: u64 = 0x0100_0000_01b3;

/// A tree over shards, divided among ranks: node `index` of a level has the nodes `2 index` and `2 index + 1` below it.
#[derive(Clone, Copy)]
struct Tree {
    shards: usize,
    /// The number of shards of each rank.
    each: usize,
    rank: usize,
}

impl Tree {
    fn owner(&self, shard: usize) -> usize {
        shard / self.each
    }

    /// Returns true if this rank has one of these shards.
    fn concerns(&self, shards: &Range<usize>) -> bool {
        shards.start < (self.rank + 1) * self.each && shards.end > self.rank * self.each
    }
}

impl<'t, 'a, Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Run<'t, 'a, Net, O, D> {
    /// Starts a run after all ranks have agreed that they can, and that they have the same settings.
    pub(super) fn together(trainer: &'t mut Trainer<'a, Net, O, D>) -> Result<Self, TrainingError> {
        let Some(collective) = trainer.collective.filter(|collective| collective.size() > 1) else {
            return Self::new(trainer);
        };
        let facts = trainer.facts();
        let run = Self::new(trainer);
        agree(collective, &facts, run.is_err()).and(run)
    }

    /// Takes one step along the sum of the gradients of a batch's shards.
    ///
    /// Returns the loss of the batch, and whether the callbacks of all ranks continue.
    pub(super) fn descend_in_shards(
        &mut self,
        step: u64,
        samples: usize,
        learning_rate: f64,
    ) -> Result<(f64, ControlFlow<()>), TrainingError> {
        let shards = self.trainer.shard_count();
        let tree = Tree { shards, each: shards / self.trainer.ranks(), rank: self.trainer.rank() };
        let mut problem = None;
        let levels = shards.next_power_of_two().trailing_zeros();
        self.add_node(tree, [levels as usize, 0, 0], (step, samples, learning_rate), &mut problem)?;
        self.spread(tree.rank)?;
        let Self { trainer, sums, snapshots, .. } = self;
        let Sum { gradient, loss, weight, diverged, stop } = &mut sums[0];
        // Without any weight, the gradient and the loss are already 0.
        let divisor = if *weight > 0.0 { *weight } else { 1.0 };
        let loss = *loss / divisor;
        if *diverged > 0 {
            let restored = snapshots.restore(&mut trainer.net);
            let first_loss = trainer.state.history.steps.first().map_or(loss, |first| first.loss);
            let place = Place::Rank(usize::try_from(*diverged - 1).unwrap_or(usize::MAX));
            let other = Divergence { step, loss, first_loss, learning_rate, place, largest_input: 0.0, restored };
            return Err(problem.unwrap_or_else(|| TrainingError::Diverged(Box::new(other))));
        }
        divide(gradient, divisor);
        trainer.optimizer.step(&mut trainer.net, gradient, learning_rate);
        Ok((loss, if *stop > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }))
    }

    /// Adds the shards below a node of the tree, into the sum at this depth, on the rank of the node's first shard.
    fn add_node(
        &mut self,
        tree: Tree,
        [level, index, depth]: [usize; 3],
        at: (u64, usize, f64),
        problem: &mut Option<TrainingError>,
    ) -> Result<(), TrainingError> {
        let first = index << level;
        if !tree.concerns(&(first..tree.shards.min(first + (1 << level)))) {
            return Ok(());
        }
        while self.sums.len() <= depth + 1 {
            self.sums.push(Sum::new());
        }
        if level == 0 {
            self.add_shard(tree, first, depth, at, problem);
            return Ok(());
        }
        let middle = first + (1 << (level - 1));
        self.add_node(tree, [level - 1, 2 * index, depth], at, problem)?;
        if middle >= tree.shards {
            return Ok(());
        }
        self.add_node(tree, [level - 1, 2 * index + 1, depth + 1], at, problem)?;
        let [to, from] = [first, middle].map(|shard| tree.owner(shard));
        let (low, high) = self.sums.split_at_mut(depth + 1);
        let (sum, other) = (&mut low[depth], &high[0]);
        match self.trainer.collective {
            Some(collective) if from != to && from == tree.rank => {
                other.write(&mut self.message);
                collective.send(to, &self.message)?;
            }
            Some(collective) if from != to && to == tree.rank => {
                sum.fit(&mut self.message);
                collective.receive(from, &mut self.message)?;
                sum.add_message(&self.message);
            }
            _ if from == to && to == tree.rank => sum.add(other),
            _ => {}
        }
        Ok(())
    }

    /// Computes the gradient of a shard, times the weight of its samples.
    fn add_shard(
        &mut self,
        tree: Tree,
        shard: usize,
        depth: usize,
        (step, samples, learning_rate): (u64, usize, f64),
        problem: &mut Option<TrainingError>,
    ) {
        let part = samples * shard / tree.shards..samples * (shard + 1) / tree.shards;
        let share = part.len() as f64 / samples as f64;
        let mut gradient = self.gradient.take().unwrap_or_else(Net::zeros);
        gradient.set_to_zero();
        let result = self.add_part(step, part, share, learning_rate, &mut gradient);
        let sum = &mut self.sums[depth];
        swap(&mut sum.gradient, &mut gradient);
        self.gradient = Some(gradient);
        (sum.loss, sum.weight, sum.diverged, sum.stop) = (0.0, 0.0, 0, u64::from(self.stopping));
        match result {
            Ok([loss, weight]) => (sum.loss, sum.weight) = (weight * loss, weight),
            Err(error) => {
                sum.diverged = tree.rank as u64 + 1;
                problem.get_or_insert(error);
            }
        }
    }

    /// Sends the sum from rank 0 to all ranks.
    fn spread(&mut self, rank: usize) -> Result<(), TrainingError> {
        let Some(collective) = self.trainer.collective.filter(|collective| collective.size() > 1) else {
            return Ok(());
        };
        let sum = &mut self.sums[0];
        if rank == 0 {
            sum.write(&mut self.message);
        } else {
            sum.fit(&mut self.message);
        }
        broadcast(collective, &mut self.message)?;
        if rank > 0 {
            sum.copy_message(&self.message);
        }
        Ok(())
    }
}

impl<Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Trainer<'_, Net, O, D> {
    /// Checksums of all that the ranks must have in common, in the order of [`FACTS`].
    fn facts(&self) -> [u64; FACTS.len()] {
        let Self { net, optimizer, data, settings, state, validation, augment, .. } = self;
        let text = |text: String| checksum(text.bytes());
        let (common, optimizer) = (optimizer.common(), (optimizer.name(), optimizer.settings()));
        let layers: Vec<_> = net.layers().map(|layer| format!("{}: {}", layer.name, layer.type_name)).collect();
        let validation = validation.as_ref().map(|validation| validation.samples);
        let mut initial = state.steps.to_le_bytes().to_vec();
        each(net, Path::root(""), &mut |_, leaf| match leaf {
            Leaf::Parameter { values, .. } => {
                initial.extend(values.iter().flat_map(|value| value.as_f64().to_le_bytes()));
            }
            Leaf::Setting { values, .. } => initial.extend(values.iter().flat_map(|value| value.to_le_bytes())),
        });
        [
            digest::<Net, D>(data),
            text(format!("{} {} {layers:?}", env!("CARGO_PKG_VERSION"), type_name::<Net>())),
            text(format!("{optimizer:?} {:?} {:?}", common.weight_decay, common.clip_norm)),
            text(format!("{:?} {:?}", settings.schedule, settings.plateau)),
            text(settings.batch.to_string()),
            text(self.shard_count().to_string()),
            text(format!("{:?}", settings.sampling)),
            text(format!("{:?}", settings.length)),
            text(format!("{:?} {} {}", settings.evaluate, settings.evaluate_at_start, settings.score_training)),
            text(format!("{:?} {validation:?}", settings.validation_share)),
            text(format!("{:?}", settings.patience)),
            text(augment.is_some().to_string()),
            checksum(settings.rng.serialize_state()),
            checksum(initial),
        ]
    }
}

/// A checksum of all samples and targets.
fn digest<Net: Network, D: DataFor<Net>>(data: &D) -> u64 {
    const SAMPLES: usize = 256;
    let mut sum = data.len() as u64;
    for first in (0..data.len()).step_by(SAMPLES) {
        let count = SAMPLES.min(data.len() - first);
        let (mut x, mut target) = (Samples::zeros(Dyn(count), Net::Input::name()), D::Target::empty(Dyn(count)));
        data.range_into(first, &mut x, &mut target);
        let numbers = x.iter().map(|number| number.as_f64()).chain(target.digest());
        sum = numbers.fold(sum, |sum, number| (sum ^ number.to_bits()).wrapping_mul(PRIME).rotate_left(29));
    }
    sum
}

/// Sends bytes from rank 0 to all ranks, in a number of rounds that is the logarithm of theirs.
fn broadcast(collective: &dyn Collective, bytes: &mut [u8]) -> Result<(), CollectiveError> {
    let (rank, size) = (collective.rank(), collective.size());
    let mut distance = size.next_power_of_two() / 2;
    while distance > 0 {
        if rank.is_multiple_of(2 * distance) && rank + distance < size {
            collective.send(rank + distance, bytes)?;
        } else if rank % (2 * distance) == distance {
            collective.receive(rank - distance, bytes)?;
        }
        distance /= 2;
    }
    Ok(())
}

/// Compares the facts of all ranks on rank 0, which sends all of them the first difference.
fn agree(collective: &dyn Collective, facts: &[u64; FACTS.len()], failed: bool) -> Result<(), TrainingError> {
    let (rank, size) = (collective.rank(), collective.size());
    let mut mine = facts.map(u64::to_le_bytes).as_flattened().to_vec();
    mine.push(u8::from(failed));
    let mut answer = vec![b' '; ANSWER];
    if rank > 0 {
        collective.send(0, &mine)?;
    } else {
        let mut problem = if failed { "rank 0 cannot start".to_owned() } else { String::new() };
        let mut theirs = mine.clone();
        for other in 1..size {
            collective.receive(other, &mut theirs)?;
            if theirs[8 * FACTS.len()] > 0 {
                let _ = write!(problem, "{}rank {other} cannot start", separator(&problem)); // a string cannot fail
            }
            for (place, name) in FACTS.iter().enumerate() {
                if theirs[8 * place..][..8] != mine[8 * place..][..8] {
                    let start = separator(&problem);
                    let _ = write!(problem, "{start}rank {other} differs from rank 0 in the {name}"); // as above
                }
            }
        }
        let length = problem.len().min(ANSWER);
        answer[..length].copy_from_slice(&problem.as_bytes()[..length]);
    }
    broadcast(collective, &mut answer)?;
    let answer = String::from_utf8_lossy(&answer).trim_end().to_owned();
    // A rank that cannot start returns its own error.
    if answer.is_empty() || failed { Ok(()) } else { Err(TrainingError::Setting(answer)) }
}

fn separator(before: &str) -> &'static str {
    if before.is_empty() { "" } else { "; " }
}

/// The checksum FNV-1a.
fn checksum(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(PRIME))
}
