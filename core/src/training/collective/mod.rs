//! Processes that train one network together.

mod error;
mod ranks;
mod single;
mod threads;

pub use error::CollectiveError;
pub(super) use ranks::Ranks;
pub use single::Single;
pub use threads::in_threads;

/// Processes, called ranks, that train one network together.
///
/// A collective moves bytes between ranks; [`Trainer::collective`](crate::training::Trainer::collective) decides what is
/// sent, and adds in an order that does not depend on the number of ranks. All ranks call the same methods in the same
/// order.
///
/// [`Single`] is one process. The crate `typenet-mpi` has ranks on one or more machines.
pub trait Collective {
    /// This process's number, from 0 to [`size`](Self::size) - 1.
    fn rank(&self) -> usize;

    /// The number of ranks.
    fn size(&self) -> usize;

    /// Sends bytes to a rank, which receives them with [`receive`](Self::receive).
    ///
    /// # Errors
    ///
    /// [`CollectiveError`] if they cannot be sent, for example because the rank ended.
    fn send(&self, to: usize, bytes: &[u8]) -> Result<(), CollectiveError>;

    /// Fills `bytes` with the next ones that a rank sends here.
    ///
    /// # Errors
    ///
    /// [`CollectiveError`] if none arrive, or another number of them.
    fn receive(&self, from: usize, bytes: &mut [u8]) -> Result<(), CollectiveError>;

    /// Sends `out` to a rank, and fills `into` with the bytes that it sends here at the same time.
    ///
    /// By default the lower rank sends first. A collective that can do both at once should.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send) and [`receive`](Self::receive).
    fn exchange(&self, with: usize, out: &[u8], into: &mut [u8]) -> Result<(), CollectiveError> {
        if self.rank() < with {
            self.send(with, out)?;
            self.receive(with, into)
        } else {
            self.receive(with, into)?;
            self.send(with, out)
        }
    }
}
