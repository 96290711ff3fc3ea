//! What all ranks must have in common before the first step.

use super::Communicator;
use crate::Error;

/// Something that all ranks have in common.
pub(in crate::train) struct Fact {
    /// Its name in messages.
    pub(in crate::train) name: &'static str,
    /// Its value, or a digest of it.
    pub(in crate::train) value: String,
    /// The cure where it differs.
    pub(in crate::train) cure: &'static str,
}

/// Compares facts with those of the other ranks.
///
/// # Errors
///
/// [`Error::Rank`], on all ranks the same, names the first rank that differs from rank 0, and in which fact.
pub(in crate::train) fn check(ranks: &dyn Communicator, facts: &[Fact]) -> Result<(), Error> {
    if ranks.size() == 1 {
        return Ok(());
    }
    let own = facts.iter().map(|fact| fact.value.replace('\0', " ")).collect::<Vec<_>>().join("\0");
    let all = ranks.gather(own.as_bytes())?;
    let all: Vec<String> = all.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    let Some((rank, other)) = all.iter().enumerate().find(|(_, other)| **other != all[0]) else { return Ok(()) };
    let pairs = all[0].split('\0').zip(other.split('\0')).zip(facts);
    let different = pairs.into_iter().find(|((first, other), _)| first != other);
    Err(match different {
        Some(((first, other), Fact { name, cure, .. })) => {
            Error::Rank { rank, problem: differing(name, first, other) + "; " + cure }
        }
        None => Error::Rank { rank, problem: "is of another version of Synfire; start the same program".to_string() },
    })
}

/// `differs from rank 0 in its configuration: it has `epochs = 3`, rank 0 has `epochs = 2``, of the first line that differs.
fn differing(name: &str, first: &str, other: &str) -> String {
    let count = first.lines().count().max(other.lines().count());
    let line = |text: &str, i: usize| text.lines().nth(i).unwrap_or("nothing").trim().to_string();
    let pairs = (0..count).map(|i| (line(first, i), line(other, i)));
    let (first, other) = pairs.into_iter().find(|(first, other)| first != other).unwrap_or_default();
    format!("differs from rank 0 in its {name}: it has `{other}`, rank 0 has `{first}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::parallel::devices::tests::run;

    #[test]
    fn the_rank_that_differs_is_named_on_all_of_them() {
        let checked = |data: fn(usize) -> &'static str| {
            run(4, |ranks| {
                let fact = |name, value: &str, cure| Fact { name, value: value.to_string(), cure };
                let facts = [
                    fact("configuration", "epochs = 2\nseed = 0", "give all the same"),
                    fact("data", data(ranks.rank()), "give all the same --data"),
                ];
                check(&*ranks, &facts).err().map(|error| error.to_string())
            })
        };
        assert_eq!(checked(|_| "a"), vec![None; 4]);
        let named = checked(|rank| if rank == 2 { "a\nc" } else { "a\nb" });
        let expected = "rank 2 differs from rank 0 in its data: it has `c`, rank 0 has `b`; give all the same --data";
        assert_eq!(named, vec![Some(expected.to_string()); 4]);
        let shorter = checked(|rank| if rank > 1 { "a" } else { "a\nb" });
        assert!(
            shorter[0].as_ref().is_some_and(|text| text.contains("it has `nothing`, rank 0 has `b`")),
            "{shorter:?}"
        );
    }
}
