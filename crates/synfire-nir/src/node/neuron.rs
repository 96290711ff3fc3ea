//! Neurons: time constants in seconds, potentials without unit. A spike is sent where `v > v_threshold`, and `v` becomes
//! `v_reset`.

use super::elementwise::{common_shape, elementwise};
use super::{Fields, Source, check_finite};
use crate::{Array, Group, NirError};

elementwise! {
    /// Integrator, `dv/dt = r i`.
    Integrator {
        /// Resistance.
        r
    }
}

elementwise! {
    /// Leaky integrator, `tau dv/dt = (v_leak - v) + r i`.
    Li {
        /// Membrane time constant in seconds.
        tau > 0.0,
        /// Resistance.
        r,
        /// Potential that the membrane decays to.
        v_leak
    }
}

elementwise! {
    /// Integrate-and-fire: an [`Integrator`] that spikes.
    If {
        /// Resistance.
        r,
        /// Firing threshold.
        v_threshold,
        /// Potential after a spike; 0 where a file does not tell.
        v_reset: zeros like v_threshold
    }
}

elementwise! {
    /// Leaky integrate-and-fire: an [`Li`] that spikes.
    Lif {
        /// Membrane time constant in seconds.
        tau > 0.0,
        /// Resistance.
        r,
        /// Potential that the membrane decays to.
        v_leak,
        /// Firing threshold.
        v_threshold,
        /// Potential after a spike; 0 where a file does not tell.
        v_reset: zeros like v_threshold
    }
}

elementwise! {
    /// Leaky integrator behind an exponential synapse.
    ///
    /// ```text
    /// tau_syn dI/dt = -I + w_in s
    /// tau_mem dv/dt = (v_leak - v) + r I
    /// ```
    CubaLi {
        /// Synaptic time constant in seconds.
        tau_syn > 0.0,
        /// Membrane time constant in seconds.
        tau_mem > 0.0,
        /// Resistance.
        r,
        /// Potential that the membrane decays to.
        v_leak,
        /// Weight of the input; a single number for all neurons is common.
        w_in
    }
}

elementwise! {
    /// Leaky integrate-and-fire behind an exponential synapse: a [`CubaLi`] that spikes.
    CubaLif {
        /// Synaptic time constant in seconds.
        tau_syn > 0.0,
        /// Membrane time constant in seconds.
        tau_mem > 0.0,
        /// Resistance.
        r,
        /// Potential that the membrane decays to.
        v_leak,
        /// Firing threshold.
        v_threshold,
        /// Potential after a spike; 0 where a file does not tell.
        v_reset: zeros like v_threshold,
        /// Weight of the input; a single number for all neurons is common.
        w_in
    }
}
