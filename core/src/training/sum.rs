//! The sum of gradients over shards, and its messages.

use std::ops::Range;

use crate::networks::Network;
use crate::parameters::{Leaf, Path, Twins, each, walk};
use crate::scalar::Scalar;
use crate::training::collective::{CollectiveError, Ranks};

/// The bytes of a message before the gradient: loss, weight, diverged rank and stop.
const HEAD: usize = 32;
/// The bytes of a gradient that ranks divide between them, because sending all of it would take longer than more rounds.
const LARGE: usize = 64 * 1024;
/// The value of [`Sum::diverged`] if no rank diverged.
pub(super) const NOBODY: u64 = u64::MAX;

/// The sum over some shards.
pub(super) struct Sum<Net> {
    pub gradient: Net,
    /// The sum of the losses, each times its weight, and the sum of the weights.
    pub loss: f64,
    pub weight: f64,
    /// The lowest rank that diverged, or [`NOBODY`].
    pub diverged: u64,
    /// 1 if a callback stops the run, else 0.
    pub stop: u64,
}

/// Buffers for messages to and from other ranks.
pub(super) struct Messages<T> {
    /// The gradient, if it is divided.
    values: Vec<T>,
    out: Vec<u8>,
    into: Vec<u8>,
}

impl<T> Messages<T> {
    pub(super) const fn new() -> Self {
        Self { values: Vec::new(), out: Vec::new(), into: Vec::new() }
    }
}

impl<Net: Network> Sum<Net> {
    pub(super) fn new() -> Self {
        Self { gradient: Net::zeros(), loss: 0.0, weight: 0.0, diverged: NOBODY, stop: 0 }
    }

    fn merge(&mut self, [loss, weight]: [f64; 2], [diverged, stop]: [u64; 2]) {
        self.loss += loss;
        self.weight += weight;
        self.diverged = self.diverged.min(diverged);
        self.stop |= stop;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.merge([other.loss, other.weight], [other.diverged, other.stop]);
        walk(&mut self.gradient, [], [&other.gradient], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { values, from: [from], .. } = twins {
                values.iter_mut().zip(from).for_each(|(value, &other)| *value += other);
            }
        });
    }

    /// Sends the sum to a rank, which [adds](Self::add_from) it.
    pub(super) fn send(
        &self,
        to: usize,
        ranks: &Ranks,
        messages: &mut Messages<Net::Scalar>,
    ) -> Result<(), CollectiveError> {
        self.write(&mut messages.out);
        ranks.send(to, &messages.out)
    }

    /// Adds the sum of another rank.
    pub(super) fn add_from(
        &mut self,
        from: usize,
        ranks: &Ranks,
        messages: &mut Messages<Net::Scalar>,
    ) -> Result<(), CollectiveError> {
        let bytes = self.message_len();
        messages.into.resize(bytes, 0);
        ranks.receive(from, &mut messages.into)?;
        self.merge_head(&messages.into);
        self.read_gradient(&messages.into, 1.0, |value, read| value + read);
        Ok(())
    }

    /// The mean loss of the samples.
    pub(super) fn mean_loss(&self) -> f64 {
        self.loss * self.factor()
    }

    /// The factor that makes sums means. Without any weight, gradient and loss are already 0.
    fn factor(&self) -> f64 {
        if self.weight > 0.0 { 1.0 / self.weight } else { 1.0 }
    }

    /// Makes the gradient a mean.
    pub(super) fn divide(&mut self) {
        let factor = self.factor();
        scale(&mut self.gradient, factor);
    }

    /// Copies the sum of rank 0 to all ranks, and makes its gradient a mean.
    pub(super) fn spread(
        &mut self,
        ranks: &Ranks,
        messages: &mut Messages<Net::Scalar>,
    ) -> Result<(), CollectiveError> {
        if ranks.rank() == 0 {
            self.write(&mut messages.out);
            ranks.broadcast(&mut messages.out)?;
            self.divide();
            return Ok(());
        }
        let bytes = self.message_len();
        messages.into.resize(bytes, 0);
        ranks.broadcast(&mut messages.into)?;
        let (numbers, flags) = head(&messages.into);
        ([self.loss, self.weight], [self.diverged, self.stop]) = (numbers, flags);
        self.read_gradient(&messages.into, self.factor(), |_, read| read);
        Ok(())
    }

    /// Adds the sums of all ranks, whose number is a power of two, on each of them, and makes the gradient a mean.
    ///
    /// In each round a rank adds its sum and that of another rank, at distance 1, 2, 4 and so on: the order of the tree.
    pub(super) fn add_up(
        &mut self,
        ranks: &Ranks,
        messages: &mut Messages<Net::Scalar>,
    ) -> Result<(), CollectiveError> {
        let bytes = self.message_len();
        if bytes >= LARGE && ranks.size() > 2 {
            return self.add_up_in_parts(ranks, messages);
        }
        let mut distance = 1;
        while distance < ranks.size() {
            self.write(&mut messages.out);
            messages.into.resize(bytes, 0);
            ranks.exchange(ranks.rank() ^ distance, &messages.out, &mut messages.into)?;
            distance *= 2;
            self.merge_head(&messages.into);
            let factor = if distance < ranks.size() { 1.0 } else { self.factor() };
            self.read_gradient(&messages.into, factor, |value, read| value + read);
        }
        Ok(())
    }

    /// As [`add_up`](Self::add_up), but two ranks divide a large gradient, and exchange the sums of its parts at the end.
    fn add_up_in_parts(&mut self, ranks: &Ranks, messages: &mut Messages<Net::Scalar>) -> Result<(), CollectiveError> {
        messages.values.clear();
        each(&self.gradient, Path::root(""), &mut |_, leaf| {
            if let Leaf::Parameter { values, .. } = leaf {
                messages.values.extend_from_slice(values);
            }
        });
        self.add_part(0..messages.values.len(), 1, ranks, messages)?;
        let mut rest = &*messages.values;
        walk(&mut self.gradient, [], [], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { values, .. } = twins {
                let (read, after) = rest.split_at(values.len());
                values.copy_from_slice(read);
                rest = after;
            }
        });
        self.divide();
        Ok(())
    }

    /// Completes the sums of the values in a range, from the round at this distance on.
    fn add_part(
        &mut self,
        range: Range<usize>,
        distance: usize,
        ranks: &Ranks,
        messages: &mut Messages<Net::Scalar>,
    ) -> Result<(), CollectiveError> {
        if distance == ranks.size() {
            return Ok(());
        }
        let size = size_of::<Net::Scalar>();
        let (other, is_low) = (ranks.rank() ^ distance, ranks.rank() & distance == 0);
        // Without another round, the part would come back at once.
        let is_divided = range.len() * size >= LARGE && 2 * distance < ranks.size();
        let middle = range.start + range.len() / 2;
        let [mine, given] = match (is_divided, is_low) {
            (false, _) => [range.clone(), range],
            (true, true) => [range.start..middle, middle..range.end],
            (true, false) => [middle..range.end, range.start..middle],
        };
        let Messages { values, out, into } = messages;
        out.resize(HEAD + given.len() * size, 0);
        self.write_head(out);
        Net::Scalar::put(&values[given.clone()], &mut out[HEAD..]);
        into.resize(HEAD + mine.len() * size, 0);
        ranks.exchange(other, out, into)?;
        self.merge_head(into);
        Net::Scalar::take(&mut values[mine.clone()], &into[HEAD..], |value, read| value + read);
        self.add_part(mine.clone(), 2 * distance, ranks, messages)?;
        if is_divided {
            let Messages { values, out, into } = messages;
            out.resize(mine.len() * size, 0);
            Net::Scalar::put(&values[mine], out);
            into.resize(given.len() * size, 0);
            ranks.exchange(other, out, into)?;
            Net::Scalar::take(&mut values[given], into, |_, read| read);
        }
        Ok(())
    }

    /// The length of a message in bytes.
    fn message_len(&self) -> usize {
        let mut bytes = HEAD;
        each(&self.gradient, Path::root(""), &mut |_, leaf| {
            if let Leaf::Parameter { values, .. } = leaf {
                bytes += size_of_val(values);
            }
        });
        bytes
    }

    /// Writes the sum as a message.
    fn write(&self, message: &mut Vec<u8>) {
        message.resize(self.message_len(), 0);
        self.write_head(message);
        let mut rest = &mut message[HEAD..];
        each(&self.gradient, Path::root(""), &mut |_, leaf| {
            if let Leaf::Parameter { values, .. } = leaf {
                let bytes = rest.split_off_mut(..size_of_val(values)).expect("the message has room for all values");
                Net::Scalar::put(values, bytes);
            }
        });
    }

    fn write_head(&self, message: &mut [u8]) {
        let head = [self.loss.to_bits(), self.weight.to_bits(), self.diverged, self.stop];
        message[..HEAD].copy_from_slice(head.map(u64::to_le_bytes).as_flattened());
    }

    fn merge_head(&mut self, message: &[u8]) {
        let (numbers, flags) = head(message);
        self.merge(numbers, flags);
    }

    /// Changes each value by that of a message, times a factor if it is learned.
    fn read_gradient(&mut self, message: &[u8], factor: f64, change: impl Fn(Net::Scalar, Net::Scalar) -> Net::Scalar) {
        let mut rest = &message[HEAD..];
        walk(&mut self.gradient, [], [], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { kind, values, .. } = twins {
                let (bytes, after) = rest.split_at(size_of_val(values));
                let factor = Net::Scalar::of(if kind.is_learned() { factor } else { 1.0 });
                Net::Scalar::take(values, bytes, |value, read| change(value, read) * factor);
                rest = after;
            }
        });
    }
}

/// Loss and weight, diverged rank and stop.
fn head(message: &[u8]) -> ([f64; 2], [u64; 2]) {
    let [loss, weight, diverged, stop] = std::array::from_fn(|i| u64::from_le_bytes(message.as_chunks().0[i]));
    ([loss, weight].map(f64::from_bits), [diverged, stop])
}

/// Multiplies all values of a gradient, except running statistics, by a factor.
pub(super) fn scale<Net: Network>(gradient: &mut Net, factor: f64) {
    let factor = Net::Scalar::of(factor);
    walk(gradient, [], [], Path::root(""), &mut |_, twins| {
        if let Twins::Parameter { kind, values, .. } = twins
            && kind.is_learned()
        {
            for value in values {
                *value *= factor;
            }
        }
    });
}
