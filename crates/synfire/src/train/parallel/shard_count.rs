//! Number of shards of a batch, as configuration files write it.

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Number of shards that a batch is divided into: a number, or `"ranks"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardCount {
    /// So many, a power of two: results do not depend on the number of ranks, of which there are at most as many.
    Fixed(usize),
    /// One for each rank: gradients are added by MPI, and results depend on the number of ranks.
    Ranks,
}

impl ShardCount {
    /// That of a training with several ranks which does not say another.
    pub const STANDARD: Self = ShardCount::Fixed(8);

    /// The word for one shard for each rank.
    const RANKS: &'static str = "ranks";

    /// Shards for so many ranks.
    pub(in crate::train) fn of(self, ranks: usize) -> usize {
        match self {
            ShardCount::Fixed(shards) => shards,
            ShardCount::Ranks => ranks,
        }
    }

    /// Refuses what is no power of two, and ranks that cannot have equal parts of the tree.
    pub(in crate::train) fn check(self, ranks: usize) -> Result<(), String> {
        match self {
            ShardCount::Fixed(shards) if !shards.is_power_of_two() => {
                Err(format!("is {shards}; expected a power of two, such as 8, or \"ranks\""))
            }
            ShardCount::Fixed(shards) if !ranks.is_power_of_two() || ranks > shards => Err(format!(
                "is {shards}, the number of ranks is {ranks}; expected a power of two of them, at most {shards}, or \
                 shards = \"ranks\", whose results depend on the number of ranks"
            )),
            _ => Ok(()),
        }
    }
}

impl FromStr for ShardCount {
    type Err = String;

    /// Reads a number, or `ranks`.
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = |_| format!("`{text}` is no number of shards; expected a power of two, or `ranks`");
        if text == Self::RANKS { Ok(ShardCount::Ranks) } else { text.parse().map(ShardCount::Fixed).map_err(refuse) }
    }
}

impl Serialize for ShardCount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ShardCount::Fixed(shards) => shards.serialize(serializer),
            ShardCount::Ranks => Self::RANKS.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ShardCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl Visitor<'_> for Read {
    type Value = ShardCount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a power of two, or \"ranks\"")
    }

    fn visit_u64<E: Error>(self, shards: u64) -> Result<ShardCount, E> {
        let wrong = |_| E::invalid_value(Unexpected::Unsigned(shards), &self);
        usize::try_from(shards).map(ShardCount::Fixed).map_err(wrong)
    }

    fn visit_i64<E: Error>(self, shards: i64) -> Result<ShardCount, E> {
        let wrong = |_| E::invalid_value(Unexpected::Signed(shards), &self);
        usize::try_from(shards).map(ShardCount::Fixed).map_err(wrong)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<ShardCount, E> {
        match word {
            ShardCount::RANKS => Ok(ShardCount::Ranks),
            _ => Err(E::invalid_value(Unexpected::Str(word), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ShardCount;
    use crate::train::TrainConfig;

    #[test]
    fn files_have_a_number_or_a_word() {
        let mut config = TrainConfig::standard();
        for shards in [ShardCount::Fixed(8), ShardCount::Ranks] {
            config.training.shards = Some(shards);
            let read: TrainConfig = toml::from_str(&config.to_toml().unwrap()).unwrap();
            assert_eq!(read, config);
            assert_eq!(serde_json::from_str::<ShardCount>(&serde_json::to_string(&shards).unwrap()).unwrap(), shards);
        }
        for wrong in ["\"rank\"", "-1", "0.5", "true"] {
            let error = serde_json::from_str::<ShardCount>(wrong).unwrap_err().to_string();
            assert!(error.contains("expected a power of two, or \"ranks\""), "{error}");
        }
    }

    #[test]
    fn command_lines_have_a_number_or_a_word() {
        assert_eq!("8".parse(), Ok(ShardCount::Fixed(8)));
        assert_eq!("ranks".parse(), Ok(ShardCount::Ranks));
        assert!("rank".parse::<ShardCount>().unwrap_err().contains("expected a power of two, or `ranks`"));
    }

    #[test]
    fn ranks_have_equal_parts() {
        for (shards, ranks, words) in [
            (6, 1, "is 6; expected a power of two"),
            (0, 1, "is 0; expected a power of two"),
            (8, 3, "the number of ranks is 3; expected a power of two of them, at most 8"),
            (8, 16, "the number of ranks is 16"),
        ] {
            let problem = ShardCount::Fixed(shards).check(ranks).unwrap_err();
            assert!(problem.contains(words), "{problem}");
        }
        assert!([1, 2, 4, 8].into_iter().all(|ranks| ShardCount::STANDARD.check(ranks).is_ok()));
        assert!([1, 3, 7].into_iter().all(|ranks| ShardCount::Ranks.check(ranks).is_ok()));
    }
}
