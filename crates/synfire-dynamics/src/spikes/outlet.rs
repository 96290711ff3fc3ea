//! Where spikes go as bits, and where their gradients come back.

use super::{FactoredGradient, SpikeBits};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Where an operation puts spikes that it hands on as bits, and finds their gradients when it runs backward.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outlet(Arc<Ends>);

#[derive(Debug, Default)]
struct Ends {
    spikes: OnceLock<SpikeBits>,
    gradients: Mutex<Vec<Arc<FactoredGradient>>>,
}

impl Outlet {
    /// Puts the spikes; only the first ones count.
    pub(crate) fn put(&self, spikes: SpikeBits) {
        let _ = self.0.spikes.set(spikes);
    }

    pub(crate) fn spikes(&self) -> Option<&SpikeBits> {
        self.0.spikes.get()
    }

    /// Hands a gradient back, to be added to those that come through the autodiff graph.
    pub(crate) fn give_back(&self, gradient: FactoredGradient) {
        self.0.gradients.lock().unwrap_or_else(PoisonError::into_inner).push(gradient.into());
    }

    /// The gradients that were handed back.
    pub(crate) fn gradients(&self) -> Vec<Arc<FactoredGradient>> {
        self.0.gradients.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
