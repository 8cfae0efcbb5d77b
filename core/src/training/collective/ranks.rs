//! The messages between the ranks of a training run.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::training::collective::Collective;
use crate::training::collective::error::CollectiveError;

/// The ranks of a training run, and the time that this one has waited for others.
pub(in crate::training) struct Ranks<'a> {
    collective: &'a dyn Collective,
    waited: Cell<Duration>,
}

impl<'a> Ranks<'a> {
    pub(in crate::training) fn new(collective: &'a dyn Collective) -> Self {
        Self { collective, waited: Cell::default() }
    }

    pub(in crate::training) fn rank(&self) -> usize {
        self.collective.rank()
    }

    pub(in crate::training) fn size(&self) -> usize {
        self.collective.size()
    }

    /// The time since the last call that this rank has spent in messages, in seconds.
    pub(in crate::training) fn take_waited(&self) -> f64 {
        self.waited.take().as_secs_f64()
    }

    pub(in crate::training) fn send(&self, to: usize, bytes: &[u8]) -> Result<(), CollectiveError> {
        self.timed(|| self.collective.send(to, bytes))
    }

    pub(in crate::training) fn receive(&self, from: usize, bytes: &mut [u8]) -> Result<(), CollectiveError> {
        self.timed(|| self.collective.receive(from, bytes))
    }

    pub(in crate::training) fn exchange(
        &self,
        with: usize,
        out: &[u8],
        into: &mut [u8],
    ) -> Result<(), CollectiveError> {
        self.timed(|| self.collective.exchange(with, out, into))
    }

    fn timed<R>(&self, work: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        let result = work();
        self.waited.set(self.waited.get() + start.elapsed());
        result
    }

    /// Sends bytes from rank 0 to all ranks, in a number of rounds that is the logarithm of theirs.
    pub(in crate::training) fn broadcast(&self, bytes: &mut [u8]) -> Result<(), CollectiveError> {
        let (rank, size) = (self.rank(), self.size());
        let mut distance = size.next_power_of_two() / 2;
        while distance > 0 {
            if rank.is_multiple_of(2 * distance) && rank + distance < size {
                self.send(rank + distance, bytes)?;
            } else if rank % (2 * distance) == distance {
                self.receive(rank - distance, bytes)?;
            }
            distance /= 2;
        }
        Ok(())
    }

    /// Completes `bytes` on all ranks, of which each has its own part; that of rank `r` begins at `start(r)`.
    pub(in crate::training) fn share(
        &self,
        bytes: &mut [u8],
        start: impl Fn(usize) -> usize,
    ) -> Result<(), CollectiveError> {
        let (rank, size) = (self.rank(), self.size());
        let mut distance = 1;
        while distance < size {
            let parts = |first: usize| start(first)..start(size.min(first + distance));
            if rank.is_multiple_of(2 * distance) && rank + distance < size {
                self.receive(rank + distance, &mut bytes[parts(rank + distance)])?;
            } else if rank % (2 * distance) == distance {
                self.send(rank - distance, &bytes[parts(rank)])?;
            }
            distance *= 2;
        }
        self.broadcast(bytes)
    }

    /// Waits until all ranks are here, so that none goes on if one has failed.
    pub(in crate::training) fn meet(&self) -> Result<(), CollectiveError> {
        self.share(&mut [], |_| 0)
    }

    /// Sends a text to rank 0; returns those of the other ranks there, in their order.
    pub(in crate::training) fn collect(&self, text: &str) -> Result<Vec<String>, CollectiveError> {
        if self.rank() > 0 {
            self.send(0, &(text.len() as u64).to_le_bytes())?;
            self.send(0, text.as_bytes())?;
            return Ok(Vec::new());
        }
        let receive = |rank| {
            let mut length = [0; 8];
            self.receive(rank, &mut length)?;
            let mut bytes = vec![0; length_of(length)];
            self.receive(rank, &mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        (1..self.size()).map(receive).collect()
    }

    /// Returns the text of rank 0 on all ranks.
    pub(in crate::training) fn announce(&self, text: String) -> Result<String, CollectiveError> {
        let mut length = (text.len() as u64).to_le_bytes();
        self.broadcast(&mut length)?;
        let mut bytes = text.into_bytes();
        bytes.resize(length_of(length), 0);
        self.broadcast(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The length of a text that follows.
fn length_of(bytes: [u8; 8]) -> usize {
    usize::try_from(u64::from_le_bytes(bytes)).expect("the text was in the memory of a rank")
}
