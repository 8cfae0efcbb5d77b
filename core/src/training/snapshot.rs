//! Snapshots of the weights, to restore after a divergence.

use std::mem::swap;

use crate::networks::Network;

/// The largest number of steps between two snapshots.
///
/// A copy of the book's network takes a twentieth of the time of a step, so snapshots every 16 steps cost 0.3 % of it.
const KEEP_EVERY: u64 = 16;
/// The number of steps at the start that each take a snapshot. Later the interval doubles up to [`KEEP_EVERY`].
const KEEP_ALL: u64 = 128;

/// Returns true if a snapshot is due before this step.
fn is_kept(step: u64) -> bool {
    step.is_multiple_of((2 * step / KEEP_ALL).next_power_of_two().min(KEEP_EVERY))
}

/// The last good weights, from before a step whose loss was good.
pub(super) struct Snapshots<Net> {
    good: Net,
    /// The step before which the candidate was taken, until the loss of that step is known.
    offered: Option<u64>,
    candidate: Net,
    /// The step before which the good weights were taken.
    step: u64,
}

impl<Net: Network> Snapshots<Net> {
    pub(super) fn new(net: &Net, step: u64) -> Self {
        let mut good = Net::default();
        good.copy_from(net);
        Self { good, offered: None, candidate: Net::default(), step }
    }

    /// Takes a snapshot before a step, if it is due.
    pub(super) fn offer(&mut self, net: &Net, step: u64) {
        if is_kept(step) {
            self.candidate.copy_from(net);
            self.offered = Some(step);
        }
    }

    /// Accepts the last snapshot after a good loss; does nothing if the step took none.
    pub(super) fn confirm(&mut self) {
        if let Some(step) = self.offered.take() {
            swap(&mut self.good, &mut self.candidate);
            self.step = step;
        }
    }

    /// Restores the last good weights and returns the step before which they were taken.
    pub(super) fn restore(&self, net: &mut Net) -> u64 {
        net.copy_from(&self.good);
        self.step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_are_frequent_at_first_and_never_old() {
        let kept: Vec<u64> = (0..10_000).filter(|&step| is_kept(step)).collect();
        assert_eq!(kept[..129], (0..130).filter(|step| *step < 128 || step % 2 == 0).collect::<Vec<_>>()[..]);
        assert!(kept.windows(2).all(|pair| pair[1] - pair[0] <= KEEP_EVERY));
        assert!(kept.len() < 10_000 / 16 + 300, "{}", kept.len());
    }
}
