use crate::training::collective::Collective;
use crate::training::collective::error::CollectiveError;

/// A single process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Single;

impl Collective for Single {
    fn rank(&self) -> usize {
        0
    }

    fn size(&self) -> usize {
        1
    }

    fn send(&self, to: usize, _bytes: &[u8]) -> Result<(), CollectiveError> {
        Err(nobody(to))
    }

    fn receive(&self, from: usize, _bytes: &mut [u8]) -> Result<(), CollectiveError> {
        Err(nobody(from))
    }
}

fn nobody(rank: usize) -> CollectiveError {
    CollectiveError::new(rank, "does not exist, because there is a single process")
}
