//! Samples of a training or an evaluation, one shard after the other.

use crate::Error;
use std::vec::IntoIter;
use synfire_data::{Batch, DataError, Draw, Prefetch, Split};

/// Shards in the order of their use. Samples that must be read from files are read ahead by other threads, at most four
/// shards.
pub(super) enum Shards {
    Memory { split: Split, indices: IntoIter<Vec<usize>>, draw: Option<Draw> },
    Files(Prefetch),
}

impl Shards {
    /// The shards with these indices; with a draw for training.
    pub(super) fn begin(split: &Split, indices: Vec<Vec<usize>>, draw: impl Into<Option<Draw>>) -> Self {
        let draw = draw.into();
        match split.samples().in_memory() {
            true => Shards::Memory { split: split.clone(), indices: indices.into_iter(), draw },
            false => Shards::Files(Prefetch::new(split, indices, draw, threads())),
        }
    }

    /// The next shard.
    pub(super) fn next(&mut self) -> Result<Batch, Error> {
        let read = match self {
            Shards::Memory { split, indices, draw } => indices.next().map(|indices| match *draw {
                Some(draw) => split.training_batch(&indices, draw),
                None => split.batch(&indices),
            }),
            Shards::Files(prefetch) => prefetch.next(),
        };
        Ok(read.unwrap_or_else(|| Err(DataError::custom("there is no further shard of samples")))?)
    }
}

/// Threads that read samples: one, or two where there are four or more to compute with.
fn threads() -> usize {
    if rayon::current_num_threads() >= 4 { 2 } else { 1 }
}
