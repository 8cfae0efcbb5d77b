//! The weights that a training which has gone astray goes back to.

use std::mem::swap;

use crate::networks::Network;

/// How far apart, in the long run, the steps are whose weights are kept to go back to. A copy of the book's network takes a
/// twentieth of one of its steps, so that this costs a third of a per cent.
const KEEP_EVERY: u64 = 16;
/// In how many first steps the weights are kept each time; then the distance doubles.
const KEEP_ALL: u64 = 128;

/// Whether the weights before this step are kept.
fn is_kept(step: u64) -> bool {
    step.is_multiple_of((2 * step / KEEP_ALL).next_power_of_two().min(KEEP_EVERY))
}

/// The last weights that are known to be good: those of a step whose loss was a number.
pub(super) struct Snapshots<Net> {
    good: Net,
    /// Weights whose loss is not known yet, with their step.
    offered: Option<u64>,
    candidate: Net,
    step: u64,
}

impl<Net: Network> Snapshots<Net> {
    pub(super) fn new(net: &Net, step: u64) -> Self {
        let mut good = Net::default();
        good.copy_from(net);
        Self { good, offered: None, candidate: Net::default(), step }
    }

    /// Takes over the weights before a step, now and then.
    pub(super) fn offer(&mut self, net: &Net, step: u64) {
        if is_kept(step) {
            self.candidate.copy_from(net);
            self.offered = Some(step);
        }
    }

    /// Says that the loss of that step is a number.
    pub(super) fn confirm(&mut self) {
        if let Some(step) = self.offered.take() {
            swap(&mut self.good, &mut self.candidate);
            self.step = step;
        }
    }

    /// Puts them back, and says from before which step they are.
    pub(super) fn restore(&self, net: &mut Net) -> u64 {
        net.copy_from(&self.good);
        self.step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_weights_are_fresh_at_first_and_never_old() {
        let kept: Vec<u64> = (0..10_000).filter(|&step| is_kept(step)).collect();
        assert_eq!(kept[..129], (0..130).filter(|step| *step < 128 || step % 2 == 0).collect::<Vec<_>>()[..]);
        assert!(kept.windows(2).all(|pair| pair[1] - pair[0] <= KEEP_EVERY));
        assert!(kept.len() < 10_000 / 16 + 300, "{}", kept.len());
    }
}
