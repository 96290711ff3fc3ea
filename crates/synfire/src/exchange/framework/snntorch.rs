//! Neurons of snnTorch: `Leaky` and `RLeaky`; `Synaptic` and `RSynaptic` with a reset to zero, which is `lifm`.

use super::{Quantity, Rule, Use};

pub(super) const TYPICAL: &[&str] = &["reset_mechanism_val", "graded_spikes_factor", "threshold"];

pub(super) const NEURONS: &[Rule] = &[
    Rule { end: "beta", becomes: Use::Parameter("tau_m", Quantity::Decay) },
    Rule { end: "alpha", becomes: Use::Parameter("tau_p", Quantity::Decay) },
    Rule { end: "threshold", becomes: Use::Parameter("v_th", Quantity::Value) },
    Rule { end: "reset_mechanism_val", becomes: Use::Reset },
    Rule { end: "graded_spikes_factor", becomes: Use::One },
    Rule { end: "recurrent.weight", becomes: Use::Parameter("recurrent.weight", Quantity::Value) },
    Rule { end: "recurrent.bias", becomes: Use::Parameter("recurrent.bias", Quantity::Value) },
    Rule { end: "recurrent.V", becomes: Use::Parameter("recurrent.weight", Quantity::Value) },
    // a second copy of `recurrent.V`
    Rule { end: "V", becomes: Use::Drop },
];
