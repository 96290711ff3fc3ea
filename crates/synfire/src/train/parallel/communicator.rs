//! The processes that train a model together, as one of them sees them.

use crate::Error;
use burn::tensor::Device;
use std::fmt::Debug;

/// Processes that train one model together, and messages between them. Each of them, a *rank*, holds the whole model and
/// the data, and computes a part of every batch.
///
/// All ranks call the same methods in the same order. A rank that cannot go on ends the others too:
/// [`abort`](Self::abort).
pub trait Communicator: Debug + Send + Sync {
    /// Number of this process, from 0. Rank 0 writes and shows what there is to see.
    fn rank(&self) -> usize;

    /// Number of processes, at least 1.
    fn size(&self) -> usize;

    /// Sends bytes to another rank, and receives those that it sends at the same time; `receive` is as long as what it sends.
    ///
    /// # Errors
    ///
    /// [`Error::Rank`] if the other rank cannot be reached.
    fn exchange(&self, peer: usize, send: &[u8], receive: &mut [u8]) -> Result<(), Error>;

    /// Replaces the values by their sums over all ranks, in an order that may depend on the number of ranks; the same bits
    /// on all of them.
    ///
    /// # Errors
    ///
    /// [`Error::Rank`] if a rank cannot be reached.
    fn sum(&self, values: &mut [f32]) -> Result<(), Error>;

    /// Bytes of every rank, in the order of ranks; any number of them from each.
    ///
    /// # Errors
    ///
    /// [`Error::Rank`] if a rank cannot be reached.
    fn gather(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Error>;

    /// The devices of all ranks, in their order, where Burn itself adds tensors over them; none by default: gradients
    /// are added on the host.
    fn devices(&self) -> Option<&[Device]> {
        None
    }

    /// Ends all ranks now, with this exit code.
    fn abort(&self, code: i32) -> !;
}

/// A single process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Communicator for Alone {
    fn rank(&self) -> usize {
        0
    }

    fn size(&self) -> usize {
        1
    }

    fn exchange(&self, peer: usize, _: &[u8], _: &mut [u8]) -> Result<(), Error> {
        Err(Error::Rank { rank: peer, problem: "does not exist; there is a single process".to_string() })
    }

    fn sum(&self, _: &mut [f32]) -> Result<(), Error> {
        Ok(())
    }

    fn gather(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        Ok(vec![bytes.to_vec()])
    }

    fn abort(&self, code: i32) -> ! {
        std::process::exit(code)
    }
}

/// Whether it is so on any rank.
pub(crate) fn any(ranks: &dyn Communicator, flag: bool) -> Result<bool, Error> {
    Ok(if ranks.size() == 1 { flag } else { ranks.gather(&[u8::from(flag)])?.iter().any(|flag| flag[..] == [1]) })
}

/// The bytes of rank 0; those of the others are not looked at.
pub(crate) fn broadcast(ranks: &dyn Communicator, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
    let own = if ranks.rank() == 0 { &bytes[..] } else { &[] };
    Ok(ranks.gather(own)?.into_iter().next().unwrap_or_default())
}
