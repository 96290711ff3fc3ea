//! A training that several processes share.

use super::Training;
use crate::Error;
use crate::checkpoint::hexadecimal;
use crate::host::floats;
use crate::parameters::raw_values;
use crate::train::parallel::{Fact, check_agreement};
use crate::train::{BuildModel, Communicator, ShardCount};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

impl<C: BuildModel> Training<C> {
    /// Shares the training with other processes, which call this with the same training: each of them computes some shards
    /// of every batch. The configuration has [`ShardCount::STANDARD`] shards from now on if it did not say how many, and where Burn
    /// adds gradients [`ShardCount::Ranks`].
    ///
    /// Only rank 0 needs a [run folder](crate::train::RunFolder) that is written.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the ranks cannot share the shards of a batch; [`Error::Rank`] if version, seed, configuration, data,
    /// parameters or position are not those of rank 0.
    pub fn join(mut self, ranks: Arc<dyn Communicator>) -> Result<Self, Error> {
        let standard = if ranks.devices().is_some() { ShardCount::Ranks } else { ShardCount::STANDARD };
        let shards = *self.options.shards.get_or_insert(standard);
        shards.check(ranks.size()).map_err(|problem| Error::config("training.shards", problem))?;
        let (samples, size) = (self.options.batch_size.min(self.train.len()), ranks.size());
        if samples < 2 * size {
            let problem = format!(
                "a batch has {samples} samples, which {size} ranks cannot share; expected 2 for each or more: take \
                 larger batches or fewer ranks"
            );
            return Err(Error::config("training.batch_size", problem));
        }
        self.ranks = ranks;
        check_agreement(&*self.ranks, &self.facts()?)?;
        Ok(self)
    }

    /// The processes that train together.
    #[must_use]
    pub fn ranks(&self) -> &dyn Communicator {
        &*self.ranks
    }

    fn facts(&self) -> Result<[Fact; 6], Error> {
        let fact = |name, value, cure| Fact { name, value, cure };
        let same = "give all ranks the same configuration file and options";
        let position = format!("epoch {}, batch {}", self.position.epoch, self.position.batch);
        Ok([
            fact("version", env!("CARGO_PKG_VERSION").to_string(), "start the same program on all hosts"),
            fact("seed", self.options.seed.to_string(), same),
            fact("configuration", json(&self.options)? + "\n" + &json(&self.config)?, same),
            fact("data", self.fingerprint.clone(), "give all ranks the same data"),
            fact("position", position, "let all ranks resume from the same checkpoint"),
            self.weights(),
        ])
    }

    /// Digest of all parameters.
    fn weights(&self) -> Fact {
        let mut hasher = Sha256::new();
        for (_, data) in raw_values(&self.model) {
            floats(&data).iter().for_each(|value| hasher.update(value.to_le_bytes()));
        }
        let value = hexadecimal(&hasher.finalize()[..16]);
        let cure =
            "ranks must compute on processors of one kind, and models must draw at random by the batch's seed only";
        Fact { name: "weights", value, cure }
    }

    /// Refuses ranks whose parameters are no longer the same.
    pub(super) fn check_weights(&self) -> Result<(), Error> {
        if self.ranks.size() == 1 { Ok(()) } else { check_agreement(&*self.ranks, &[self.weights()]) }
    }
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    let refuse = |error| Error::config("the configuration", format!("has no JSON form: {error}"));
    serde_json::to_string_pretty(value).map_err(refuse)
}

#[cfg(test)]
mod tests;
