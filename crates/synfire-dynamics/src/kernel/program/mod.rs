//! The code of a scan, forward and backward, and the slots of its values.

mod backward;
mod forward;
mod slots;

pub(crate) use backward::Backward;
pub(crate) use forward::Forward;
pub(crate) use slots::SlotRange;

use super::code::Code;
use slots::Slots;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// The part that both directions have.
#[derive(Debug)]
pub(crate) struct Common {
    pub(crate) literals: Vec<f32>,
    pub(crate) params: SlotRange,
    /// Computes the loop-invariant values from the parameters.
    pub(crate) prelude: Code,
    /// States before and after the step.
    pub(crate) before: SlotRange,
    pub(crate) after: SlotRange,
    pub(crate) inputs: SlotRange,
    /// Computes one step.
    pub(crate) step: Code,
    /// Number of slots.
    pub(crate) table: usize,
}

type Cache<K, P> = LazyLock<Mutex<HashMap<K, Arc<P>>>>;

/// Looks up a program, and writes it the first time.
fn cached<K: Eq + Hash, P>(known: &Cache<K, P>, key: K, write: impl FnOnce() -> P) -> Arc<P> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(key).or_insert_with(|| Arc::new(write())).clone()
}
