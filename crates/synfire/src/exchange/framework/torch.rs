//! Layers of `torch.nn`, which all frameworks share.

use super::{Quantity, Rule, Use};

const fn value(end: &'static str, parameter: &'static str) -> Rule {
    Rule { end, becomes: Use::Parameter(parameter, Quantity::Value) }
}

/// `Linear`, `Conv1d`, `Conv2d`, `ConvTranspose2d`.
pub(super) const CONNECTION: &[Rule] = &[value("weight", "weight"), value("bias", "bias")];

/// `BatchNorm`, `LayerNorm`, `GroupNorm`.
pub(super) const NORM: &[Rule] = &[
    value("weight", "gamma"),
    value("bias", "beta"),
    value("running_mean", "running_mean"),
    value("running_var", "running_var"),
    Rule { end: "num_batches_tracked", becomes: Use::Drop },
];
