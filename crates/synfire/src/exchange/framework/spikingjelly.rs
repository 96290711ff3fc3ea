//! Neurons of SpikingJelly: `ParametricLIFNode`. The other nodes save nothing.

use super::{Quantity, Rule, Use};

pub(super) const TYPICAL: &[&str] = &["w"];

pub(super) const NEURONS: &[Rule] = &[Rule { end: "w", becomes: Use::Parameter("tau_m", Quantity::Logit) }];
