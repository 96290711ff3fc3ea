//! Division of a batch into shards and their parts, and the ranks that compute them.

use std::ops::Range;

/// Division of the samples of a batch. It depends on their number and the settings, not on the number of ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::train) struct Division {
    /// Samples of the batch.
    pub(in crate::train) samples: usize,
    /// Places of the tree, a power of two unless ranks have one each.
    pub(in crate::train) shards: usize,
    /// Parts of a shard at most, computed one after the other to save memory.
    pub(in crate::train) parts: usize,
}

/// A part of a shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::train) struct Part {
    /// Its samples, as positions in the batch.
    pub(in crate::train) samples: Range<usize>,
    /// Number in the batch.
    pub(in crate::train) number: usize,
}

impl Division {
    /// The parts of the shard at a place of the tree; none where a batch is too small for so many shards. A shard and a part
    /// have two samples or more if the batch has, since batch normalisation has no variance of one.
    pub(in crate::train) fn parts_of(&self, place: usize) -> Vec<Part> {
        let count = self.shards.min(self.samples / 2).max(1);
        // evenly over the places, so that ranks have equal work
        let Some(shard) = (0..count).find(|shard| shard * self.shards / count == place) else { return vec![] };
        let within = |range: Range<usize>, i: usize, of: usize| range.start + range.len() * i / of;
        let cut =
            |range: &Range<usize>, i: usize, of: usize| within(range.clone(), i, of)..within(range.clone(), i + 1, of);
        let shard_samples = cut(&(0..self.samples), shard, count);
        let parts = self.parts.min(shard_samples.len() / 2).max(1);
        let part = |i| Part { samples: cut(&shard_samples, i, parts), number: shard * self.parts + i };
        (0..parts).map(part).collect()
    }

    /// Places of the tree whose shards a rank computes.
    pub(in crate::train) fn places_of(&self, rank: usize, ranks: usize) -> Range<usize> {
        let each = self.shards / ranks;
        rank * each..(rank + 1) * each
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_in_one_part_and_none_is_alone() {
        for samples in 1..70 {
            for (shards, parts) in [(1, 1), (1, 5), (8, 1), (8, 3), (3, 1), (64, 1)] {
                let division = Division { samples, shards, parts };
                let all: Vec<Part> = (0..shards).flat_map(|place| division.parts_of(place)).collect();
                assert_eq!(
                    all.iter().flat_map(|part| part.samples.clone()).collect::<Vec<_>>(),
                    Vec::from_iter(0..samples)
                );
                assert!(samples == 1 || all.iter().all(|part| part.samples.len() > 1), "{division:?}");
                assert!(all.windows(2).all(|two| two[0].number < two[1].number), "{division:?}");
            }
        }
    }

    #[test]
    fn ranks_share_the_places_and_small_batches_evenly() {
        let division = Division { samples: 9, shards: 8, parts: 1 };
        let shards = |rank| division.places_of(rank, 4).filter(|&place| !division.parts_of(place).is_empty()).count();
        assert_eq!([0, 1, 2, 3].map(shards), [1, 1, 1, 1]);
        let places: Vec<usize> = (0..4).flat_map(|rank| division.places_of(rank, 4)).collect();
        assert_eq!(places, Vec::from_iter(0..8));
    }
}
