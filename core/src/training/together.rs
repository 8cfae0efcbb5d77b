//! Scores that several ranks compute together.

use crate::metrics::{PartOf, Score, Tally, score_in_parts};
use crate::networks::{DataFor, Network};
use crate::training::collective::{CollectiveError, Ranks};

/// Scores a network on data, each rank on its part.
pub(super) fn score_together<Net: Network, D: DataFor<Net>>(
    net: &Net,
    data: &D,
    ranks: &Ranks,
) -> Result<Score, CollectiveError> {
    let part = PartOf { rank: ranks.rank(), ranks: ranks.size() };
    score_in_parts(net, data, part, |tallies| {
        if ranks.size() == 1 {
            return Ok(());
        }
        let mut bytes = tallies.as_flattened().iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        ranks.share(&mut bytes, |rank| size_of::<Tally>() * part.start(rank, tallies.len()))?;
        for (number, &read) in tallies.as_flattened_mut().iter_mut().zip(bytes.as_chunks().0) {
            *number = f64::from_le_bytes(read);
        }
        Ok(())
    })
}
