/// An error in the communication with another rank.
#[derive(Debug, thiserror::Error)]
#[error("rank {rank}: {problem}")]
#[non_exhaustive]
pub struct CollectiveError {
    /// The other rank.
    pub rank: usize,
    /// The problem, such as `has not answered for 30 s`.
    pub problem: String,
}

impl CollectiveError {
    /// An error in the communication with `rank`.
    pub fn new(rank: usize, problem: impl Into<String>) -> Self {
        Self { rank, problem: problem.into() }
    }
}
