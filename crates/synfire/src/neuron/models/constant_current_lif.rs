//! The leaky integrate-and-fire neuron driven by a current that lasts.

use super::explicit;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire for input currents that last, `constantcurrentlif`: the membrane relaxes towards
/// its input by the forward Euler method, so the input is scaled by the time step, unlike in [`Lif`](super::Lif).
///
/// ```text
/// tau_m dV/dt = v_reset - V + I
///
/// v[t] = V[t-1] + (dt / tau_m) (v_reset - V[t-1] + I[t])
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v[t] + (v_reset - v[t]) S[t]
/// ```
///
/// Gerstner and Kistler, *Spiking Neuron Models* (2002), section 4.1. The gradient flows through the reset.
///
/// Differences from SPAIC, undone by `spaic_compat`:
///
/// - SPAIC integrates the previous step's input;
/// - SPAIC resets by the previous step's spike, so the potential stays above the threshold for one step;
/// - SPAIC takes a `v_reset` and ignores it: it rests at 0 and resets to 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConstantCurrentLif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Use the previous step's input and spike, and no `v_reset`, as SPAIC does.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`ConstantCurrentLif`].
    pub struct ConstantCurrentLifParams {
        /// membrane time constant
        tau_m: 20.0 [ms] > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// potential after a spike and at rest
        v_reset: 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`ConstantCurrentLif`], derived from its parameters.
    pub struct ConstantCurrentLifConstants {
        /// fraction of the distance to its input that the membrane covers in one step
        k: auto,
        /// firing threshold
        v_th: auto,
        /// potential after a spike and at rest
        v_reset: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`ConstantCurrentLif`].
    pub struct ConstantCurrentLifState {
        /// membrane potential
        v: 0.0,
        /// input of the last step, kept with `spaic_compat` only
        last_input: 0.0,
        /// spike of the last step, kept with `spaic_compat` only
        last_spike: 0.0,
    }
}

/// Configuration of [`ConstantCurrentLif`] neurons.
pub type ConstantCurrentLifConfig = NeuronConfig<ConstantCurrentLif>;

impl Dynamics for ConstantCurrentLif {
    type Params<R: Copy> = ConstantCurrentLifParams<R>;
    type Constants<R: Copy> = ConstantCurrentLifConstants<R>;
    type State<R: Copy> = ConstantCurrentLifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: ConstantCurrentLifParams<R>, dt: f32) -> ConstantCurrentLifConstants<R> {
        let v_reset = if self.spaic_compat { p.v_reset.lit(0.0) } else { p.v_reset };
        ConstantCurrentLifConstants { k: p.tau_m.recip() * dt, v_th: p.v_th, v_reset, alpha: p.alpha }
    }

    fn step<R: Real>(
        &self,
        c: &ConstantCurrentLifConstants<R>,
        s: &mut ConstantCurrentLifState<R>,
        current: R,
    ) -> R {
        let input = if self.spaic_compat { s.last_input } else { current };
        let v = s.v + c.k * (c.v_reset + input - s.v);
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, c.v_th, c.alpha);
        let resets = if self.spaic_compat { s.last_spike } else { spike };
        s.v = v + (c.v_reset - v) * resets;
        if self.spaic_compat {
            s.last_input = current;
            s.last_spike = spike;
        }
        spike
    }
}

impl Neuron for ConstantCurrentLif {
    const NAME: &'static str = "constantcurrentlif";
    const ABOUT: &'static str = "leaky integrate-and-fire, input scaled by the time step";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 5.0, current: 5.0, ..OperatingPoint::UNIT };

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn warning(&self, p: ConstantCurrentLifParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau_m", 1.0 / p.tau_m)], dt, "")
    }
}
