//! Shards of a batch, whose gradients are added in a tree over their numbers, on one or more ranks.

use std::mem::take;
use std::ops::{ControlFlow, Range};

use crate::networks::{DataFor, Network};
use crate::optimizers::Optimizer;
use crate::training::divergence::{Divergence, Place};
use crate::training::error::TrainingError;
use crate::training::run::Run;
use crate::training::sum::{NOBODY, Sum};

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

impl<Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Run<'_, '_, Net, O, D> {
    /// Takes one step along the sum of the gradients of a batch's shards.
    ///
    /// Returns the loss of the batch, and whether the callbacks of all ranks continue.
    pub(super) fn descend_in_shards(
        &mut self,
        step: u64,
        samples: usize,
        learning_rate: f64,
    ) -> Result<(f64, ControlFlow<()>), TrainingError> {
        let (shards, ranks) = (self.trainer.shard_count(), self.ranks.size());
        let tree = Tree { shards, each: shards / ranks, rank: self.ranks.rank() };
        // If each rank has one node of a level, their sums can be added on all ranks at the same time.
        let is_even = ranks.is_power_of_two() && tree.each.is_power_of_two();
        let (levels, index) = if is_even { (tree.each, tree.rank) } else { (shards.next_power_of_two(), 0) };
        let mut problem = None;
        let node = [levels.trailing_zeros() as usize, index, 0];
        self.add_node(tree, node, (step, samples, learning_rate), &mut problem)?;
        match (ranks, is_even) {
            (1, _) => self.sums[0].divide(),
            (_, true) => self.sums[0].add_up(&self.ranks, &mut self.messages)?,
            (_, false) => self.sums[0].spread(&self.ranks, &mut self.messages)?,
        }
        let Self { trainer, sums, snapshots, .. } = self;
        let (loss, Sum { gradient, diverged, stop, .. }) = (sums[0].mean_loss(), &sums[0]);
        if *diverged != NOBODY {
            let restored = snapshots.restore(&mut trainer.net);
            let first_loss = trainer.state.history.steps.first().map_or(loss, |first| first.loss);
            let place = Place::Rank(usize::try_from(*diverged).unwrap_or(usize::MAX));
            let other = Divergence { step, loss, first_loss, learning_rate, place, largest_input: 0.0, restored };
            return Err(problem.unwrap_or_else(|| TrainingError::Diverged(Box::new(other))));
        }
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
        match (from == tree.rank, to == tree.rank) {
            (true, true) => sum.add(other),
            (true, false) => other.send(to, &self.ranks, &mut self.messages)?,
            (false, true) => sum.add_from(from, &self.ranks, &mut self.messages)?,
            (false, false) => {}
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
        let mut sums = take(&mut self.sums);
        let sum = &mut sums[depth];
        sum.gradient.set_to_zero();
        let result = self.add_part(step, part, share, learning_rate, &mut sum.gradient);
        (sum.loss, sum.weight, sum.diverged, sum.stop) = (0.0, 0.0, NOBODY, u64::from(self.stopping));
        match result {
            Ok([loss, weight]) => (sum.loss, sum.weight) = (weight * loss, weight),
            Err(error) => {
                sum.diverged = tree.rank as u64;
                problem.get_or_insert(error);
            }
        }
        self.sums = sums;
    }
}
