//! Ranks as threads of one process.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{scope, sleep};
use std::time::Duration;

use crate::training::collective::Collective;
use crate::training::collective::error::CollectiveError;

/// One rank among the threads of a process.
struct Threads {
    rank: usize,
    latency: Duration,
    /// The channels to and from each rank.
    to: Vec<Sender<Vec<u8>>>,
    from: Vec<Mutex<Receiver<Vec<u8>>>>,
}

/// Runs `work` on `ranks` threads, each of which is a rank; returns the results in their order.
///
/// A training run of several machines can so be repeated in one process, with the same bits. Each message waits for
/// `latency` before it is sent.
///
/// ```
/// # use typenet_core as typenet;
/// use std::time::Duration;
/// use typenet::training::in_threads;
///
/// let ranks = in_threads(3, Duration::ZERO, |collective| collective.rank());
/// assert_eq!(ranks, [0, 1, 2]);
/// ```
///
/// # Panics
///
/// If `work` panics.
pub fn in_threads<R: Send>(ranks: usize, latency: Duration, work: impl Fn(&dyn Collective) -> R + Sync) -> Vec<R> {
    let mut all: Vec<_> = (0..ranks).map(|rank| Threads { rank, latency, to: Vec::new(), from: Vec::new() }).collect();
    for from in 0..ranks {
        for to in 0..ranks {
            let (sender, receiver) = channel();
            all[from].to.push(sender);
            all[to].from.push(Mutex::new(receiver));
        }
    }
    scope(|scope| {
        let work = &work;
        let threads: Vec<_> = all.into_iter().map(|rank| scope.spawn(move || work(&rank))).collect();
        threads.into_iter().map(|thread| thread.join().expect("the work of each rank does not panic")).collect()
    })
}

impl Collective for Threads {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.to.len()
    }

    fn send(&self, to: usize, bytes: &[u8]) -> Result<(), CollectiveError> {
        sleep(self.latency);
        let sender = self.to.get(to).ok_or_else(|| CollectiveError::new(to, "does not exist"))?;
        sender.send(bytes.to_vec()).map_err(|_| CollectiveError::new(to, "has ended"))
    }

    fn receive(&self, from: usize, bytes: &mut [u8]) -> Result<(), CollectiveError> {
        let receiver = self.from.get(from).ok_or_else(|| CollectiveError::new(from, "does not exist"))?;
        let receiver = receiver.lock().map_err(|_| CollectiveError::new(from, "has panicked"))?;
        let message = receiver.recv().map_err(|_| CollectiveError::new(from, "has ended"))?;
        if message.len() != bytes.len() {
            let problem = format!("sent {} bytes, but {} were expected", message.len(), bytes.len());
            return Err(CollectiveError::new(from, problem));
        }
        bytes.copy_from_slice(&message);
        Ok(())
    }

    fn exchange(&self, with: usize, out: &[u8], into: &mut [u8]) -> Result<(), CollectiveError> {
        self.send(with, out)?; // returns without waiting for the other rank
        self.receive(with, into)
    }
}
