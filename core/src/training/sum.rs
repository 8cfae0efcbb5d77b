//! The sum of gradients over shards, and its message.

use crate::networks::Network;
use crate::parameters::{Leaf, Path, Twins, each, walk};
use crate::scalar::Scalar;

/// The bytes of a message before the gradient: loss, weight, diverged rank and stop.
const HEAD: usize = 32;

/// The sum over some shards.
pub(super) struct Sum<Net> {
    pub gradient: Net,
    /// The sum of the losses, each times its weight, and the sum of the weights.
    pub loss: f64,
    pub weight: f64,
    /// The first rank that diverged, plus 1; 0 for none.
    pub diverged: u64,
    /// 1 if a callback stops the run, else 0.
    pub stop: u64,
}

impl<Net: Network> Sum<Net> {
    pub(super) fn new() -> Self {
        Self { gradient: Net::zeros(), loss: 0.0, weight: 0.0, diverged: 0, stop: 0 }
    }

    fn merge(&mut self, loss: f64, weight: f64, diverged: u64, stop: u64) {
        self.loss += loss;
        self.weight += weight;
        self.diverged = if self.diverged == 0 { diverged } else { self.diverged };
        self.stop |= stop;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.merge(other.loss, other.weight, other.diverged, other.stop);
        walk(&mut self.gradient, [], [&other.gradient], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { values, from: [from], .. } = twins {
                values.iter_mut().zip(from).for_each(|(value, &other)| *value += other);
            }
        });
    }

    /// Writes the sum as a message.
    pub(super) fn write(&self, message: &mut Vec<u8>) {
        message.clear();
        message.extend(
            [self.loss.to_bits(), self.weight.to_bits(), self.diverged, self.stop].map(u64::to_le_bytes).as_flattened(),
        );
        each(&self.gradient, Path::root(""), &mut |_, leaf| {
            if let Leaf::Parameter { values, .. } = leaf {
                let start = message.len();
                message.resize(start + size_of_val(values), 0);
                Net::Scalar::put(values, &mut message[start..]);
            }
        });
    }

    /// Gives a message the length of this sum's, which is that of all sums of the network.
    pub(super) fn fit(&self, message: &mut Vec<u8>) {
        if message.is_empty() {
            self.write(message);
        }
    }

    pub(super) fn add_message(&mut self, message: &[u8]) {
        let [loss, weight, diverged, stop] = head(message);
        self.merge(f64::from_bits(loss), f64::from_bits(weight), diverged, stop);
        self.read_gradient(message, |value, read| value + read);
    }

    pub(super) fn copy_message(&mut self, message: &[u8]) {
        let [loss, weight, diverged, stop] = head(message);
        (self.loss, self.weight) = (f64::from_bits(loss), f64::from_bits(weight));
        (self.diverged, self.stop) = (diverged, stop);
        self.read_gradient(message, |_, read| read);
    }

    fn read_gradient(&mut self, message: &[u8], change: impl Fn(Net::Scalar, Net::Scalar) -> Net::Scalar) {
        let mut rest = &message[HEAD..];
        walk(&mut self.gradient, [], [], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { values, .. } = twins {
                let (bytes, after) = rest.split_at(size_of_val(values));
                Net::Scalar::take(values, bytes, &change);
                rest = after;
            }
        });
    }
}

fn head(message: &[u8]) -> [u64; 4] {
    std::array::from_fn(|i| u64::from_le_bytes(message.as_chunks().0[i]))
}
