//! Energies of operations.

use crate::Error;
use serde::{Deserialize, Serialize};

/// Energies of operations in pJ. The defaults are those of 32-bit floating point in 45 nm CMOS at 0.9 V: 3.7 pJ for a
/// multiplication and 0.9 pJ for an addition (Horowitz, *Computing's energy problem*, ISSCC 2014). Memory accesses, which
/// cost more than either, are not among them: compare networks by these numbers, not chips.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnergyConstants {
    /// Of a multiply-accumulate.
    pub mac_pj: f64,
    /// Of an accumulate, a synaptic operation.
    pub ac_pj: f64,
    /// Of the update of a neuron in a step: one multiply-accumulate, `beta v + I`.
    pub update_pj: f64,
}

impl Default for EnergyConstants {
    fn default() -> Self {
        EnergyConstants { mac_pj: 4.6, ac_pj: 0.9, update_pj: 4.6 }
    }
}

impl EnergyConstants {
    pub(super) fn check(&self) -> Result<(), Error> {
        for (key, value) in [("mac_pj", self.mac_pj), ("ac_pj", self.ac_pj), ("update_pj", self.update_pj)] {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(Error::config(
                    key,
                    format!("is {value}; expected an energy in pJ of 0 or more, such as 4.6"),
                ));
            }
        }
        Ok(())
    }
}
