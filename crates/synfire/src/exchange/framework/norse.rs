//! Neurons of Norse: `LIFBox` with parameters that were made `torch.nn.Parameter`, and the weights of `LIFRecurrentCell`.

use super::{Quantity, Rule, Use};

pub(super) const TYPICAL: &[&str] = &["tau_mem_inv", "input_weights", "recurrent_weights"];

const fn value(end: &'static str, parameter: &'static str) -> Rule {
    Rule { end, becomes: Use::Parameter(parameter, Quantity::Value) }
}

pub(super) const CONNECTION: &[Rule] =
    &[value("weight", "weight"), value("bias", "bias"), value("input_weights", "weight")];

pub(super) const NEURONS: &[Rule] = &[
    Rule { end: "tau_mem_inv", becomes: Use::Parameter("tau_m", Quantity::InverseSeconds) },
    value("v_th", "v_th"),
    value("v_reset", "v_reset"),
    value("recurrent_weights", "recurrent.weight"),
];
