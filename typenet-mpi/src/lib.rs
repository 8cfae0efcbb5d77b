//! Trains the networks of [typenet](https://docs.rs/typenet) on several processes or machines, over MPI.
//!
//! ```no_run
//! use typenet::prelude::*;
//! use typenet::training::Trainer;
//!
//! network! { struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss; }
//!
//! fn main() -> std::process::ExitCode {
//!     typenet_mpi::run(|ranks| {
//!         let (train, test) = digits::generate(10_000, 1_000, 1);
//!         let net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
//!         let trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.001), &train);
//!         let net = trainer.collective(ranks).shards(4).fit()?;
//!         if ranks.is_first() {
//!             println!("{}", net.evaluate(&test));
//!         }
//!         Ok(())
//!     })
//! }
//! ```
//!
//! `mpirun -n 4 target/release/program` starts four ranks. The result has the same bits as with one rank and the same number
//! of shards.

use std::cell::Cell;
use std::error::Error;
use std::io::{Write, stderr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::thread::{available_parallelism, sleep, yield_now};
use std::time::{Duration, Instant};

use mpi::Threading;
use mpi::environment::Universe;
use mpi::request::{LocalScope, Request, scope};
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, Destination, Source};
use typenet::training::{Collective, CollectiveError};

/// The longest message that is sent as one, in bytes.
const LONGEST: usize = 1 << 30;
/// How often a rank asks for a message before it gives way to other processes.
const SPINS: usize = 2_000;

/// The ranks that `mpirun` has started.
pub struct MpiCollective {
    /// Ends MPI when it is dropped.
    _universe: Universe,
    world: SimpleCommunicator,
    timeout: Cell<Duration>,
}

impl MpiCollective {
    /// Starts MPI. Returns `None` if it has been started before.
    ///
    /// Sets the number of threads to that of this machine's processors, divided by the ranks on it, unless the variable
    /// `RAYON_NUM_THREADS` is set.
    pub fn new() -> Option<Self> {
        let (universe, _) = mpi::initialize_with_threading(Threading::Funneled)?;
        let world = universe.world();
        if std::env::var_os("RAYON_NUM_THREADS").is_none() {
            let local = world.split_shared(world.rank()).size().unsigned_abs() as usize;
            let threads = available_parallelism().map_or(1, |processors| (processors.get() / local).max(1));
            // Fails only if the program has set the number itself, which then applies.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        }
        Some(Self { _universe: universe, world, timeout: Cell::new(Duration::from_secs(30)) })
    }

    /// Sets how long a rank waits for another one before it ends the whole run; 30 seconds by default.
    ///
    /// Choose more than the longest time between two messages, such as an evaluation or the writing of a checkpoint.
    pub fn set_timeout(&self, timeout: Duration) {
        self.timeout.set(timeout);
    }

    /// Returns true on rank 0, which usually prints.
    pub fn is_first(&self) -> bool {
        self.world.rank() == 0
    }

    /// Prints a message with the rank.
    fn print(&self, message: &str) {
        // In one piece, because all ranks may print at the same time. Nothing is left to do if standard error is closed.
        let _ = stderr().write_all(format!("rank {}: {message}\n", self.world.rank()).as_bytes());
    }

    /// Prints a message, and ends all ranks.
    fn abort(&self, message: &str) -> ! {
        self.print(message);
        self.world.abort(1)
    }

    /// Waits for a message; ends the run if it does not arrive in time.
    fn wait<'a, D: ?Sized>(&self, mut request: Request<'a, D, &LocalScope<'a>>, other: usize) {
        let (mut tries, mut start) = (0, None);
        loop {
            match request.test() {
                Ok(_) => return,
                Err(again) => request = again,
            }
            tries += 1;
            if tries > SPINS {
                yield_now();
                let start = *start.get_or_insert_with(Instant::now);
                let timeout = self.timeout.get();
                if start.elapsed() > timeout {
                    self.abort(&format!(
                        "rank {other} has not answered for {timeout:?}: it has stopped, or is too slow"
                    ));
                }
            }
        }
    }
}

impl std::fmt::Debug for MpiCollective {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MpiCollective").field("rank", &self.rank()).field("size", &self.size()).finish_non_exhaustive()
    }
}

/// The number of a rank in MPI.
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // MPI has at most `i32::MAX` ranks
fn number(rank: usize) -> i32 {
    rank as i32
}

impl Collective for MpiCollective {
    fn rank(&self) -> usize {
        self.world.rank().unsigned_abs() as usize
    }

    fn size(&self) -> usize {
        self.world.size().unsigned_abs() as usize
    }

    fn send(&self, to: usize, bytes: &[u8]) -> Result<(), CollectiveError> {
        for part in bytes.chunks(LONGEST) {
            scope(|scope| self.wait(self.world.process_at_rank(number(to)).immediate_send(scope, part), to));
        }
        Ok(())
    }

    fn receive(&self, from: usize, bytes: &mut [u8]) -> Result<(), CollectiveError> {
        for part in bytes.chunks_mut(LONGEST) {
            scope(|scope| {
                self.wait(self.world.process_at_rank(number(from)).immediate_receive_into(scope, part), from)
            });
        }
        Ok(())
    }

    fn exchange(&self, with: usize, out: &[u8], into: &mut [u8]) -> Result<(), CollectiveError> {
        let other = self.world.process_at_rank(number(with));
        scope(|scope| {
            let receiving: Vec<_> =
                into.chunks_mut(LONGEST).map(|part| other.immediate_receive_into(scope, part)).collect();
            let sending: Vec<_> = out.chunks(LONGEST).map(|part| other.immediate_send(scope, part)).collect();
            receiving.into_iter().for_each(|request| self.wait(request, with));
            sending.into_iter().for_each(|request| self.wait(request, with));
        });
        Ok(())
    }
}

/// Starts MPI, runs `work` on each rank, and ends all ranks if it fails or panics on one.
///
/// The failing rank prints its error with its number. All ranks then end, so none waits forever.
pub fn run(work: impl FnOnce(&MpiCollective) -> Result<(), Box<dyn Error>>) -> ExitCode {
    let Some(collective) = MpiCollective::new() else {
        let _ = writeln!(stderr(), "error: MPI has been started before");
        return ExitCode::FAILURE;
    };
    match catch_unwind(AssertUnwindSafe(|| work(&collective))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            collective.print(&error.to_string());
            sleep(Duration::from_millis(500)); // so that ranks with an error of their own print it too
            collective.world.abort(1)
        }
        Err(_) => collective.abort("panicked; its message is above"),
    }
}
