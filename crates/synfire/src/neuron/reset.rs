//! What happens to the membrane potential at a spike.

use serde::{Deserialize, Serialize};
use synfire_dynamics::Real;

/// What a spike does to the membrane potential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// Hard reset: the potential becomes `v_reset`.
    #[default]
    Zero,
    /// Soft reset: the threshold is subtracted.
    Subtract,
    /// None: the potential goes on.
    None,
}

impl Reset {
    /// All of them.
    pub const ALL: [Reset; 3] = [Reset::Zero, Reset::Subtract, Reset::None];

    /// The potential after the reset. With `detach` no gradient flows through the spike that resets.
    #[inline(always)]
    pub fn apply<R: Real>(self, v: R, spike: R, v_th: R, v_reset: R, detach: bool) -> R {
        let spike = if detach { spike.detach() } else { spike };
        match self {
            // as a product and not as a difference: where it fires exactly `v_reset` is left
            Reset::Zero => v * (-spike + 1.0) + v_reset * spike,
            Reset::Subtract => v - v_th * spike,
            Reset::None => v,
        }
    }
}
