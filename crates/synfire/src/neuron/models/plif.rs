//! The leaky integrate-and-fire neuron with a learnable time constant.

use crate::neuron::{Neuron, NeuronConfig, Reset, OperatingPoint};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Parametric leaky integrate-and-fire, `plif`: its time constant is learnable by default.
///
/// ```text
/// k = 1 / tau_m, tau_m > 1 in steps
/// v[t] = V[t-1] + k (I[t] - V[t-1])
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v_reset if S[t] else v[t]        (reset = "hard")
/// ```
///
/// Fang et al., *Incorporating Learnable Membrane Time Constant to Enhance Learning of Spiking Neural
/// Networks*, ICCV 2021. The paper learns `w` with `k = sigmoid(w)`, that is `tau_m = 1 + e^-w`; so
/// does this model. The time step does not enter.
///
/// Differences from SPAIC, undone by `spaic_compat`:
///
/// - SPAIC resets by the previous step's spike, so the potential stays above the threshold for one step;
/// - SPAIC takes a `v_reset` and ignores it: it resets to 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Reset of the potential at a spike.
    pub reset: Reset,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// Reset one step late and to 0, as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for Plif {
    fn default() -> Self {
        Plif { surrogate: Surrogate::default(), reset: Reset::Hard, detach_reset: true, spaic_compat: false }
    }
}

record! {
    /// Parameters of [`Plif`].
    pub struct PlifParams {
        /// membrane time constant
        tau_m: 2.0 [steps] > 1.0,
        /// firing threshold
        v_th: 1.0,
        /// potential after a spike
        v_reset: 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`Plif`], derived from its parameters.
    pub struct PlifConstants {
        /// fraction of the distance to its input that the membrane covers in one step
        k: auto,
        /// firing threshold
        v_th: auto,
        /// potential after a spike
        v_reset: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`Plif`].
    pub struct PlifState {
        /// membrane potential
        v: 0.0,
        /// spike of the last step, kept with `spaic_compat` only
        last_spike: 0.0,
    }
}

/// Configuration of [`Plif`] neurons.
pub type PlifConfig = NeuronConfig<Plif>;

impl Dynamics for Plif {
    type Params<R: Copy> = PlifParams<R>;
    type Constants<R: Copy> = PlifConstants<R>;
    type State<R: Copy> = PlifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: PlifParams<R>, _: f32) -> PlifConstants<R> {
        let v_reset = if self.spaic_compat { p.v_reset.lit(0.0) } else { p.v_reset };
        PlifConstants { k: p.tau_m.recip(), v_th: p.v_th, v_reset, alpha: p.alpha }
    }

    fn step<R: Real>(&self, c: &PlifConstants<R>, s: &mut PlifState<R>, current: R) -> R {
        let v = s.v + c.k * (current - s.v);
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, c.v_th, c.alpha);
        let resets = if self.spaic_compat { s.last_spike } else { spike };
        s.v = self.reset.apply(v, resets, c.v_th, c.v_reset, self.detach_reset);
        if self.spaic_compat {
            s.last_spike = spike;
        }
        spike
    }
}

impl Neuron for Plif {
    const NAME: &'static str = "plif";
    const ABOUT: &'static str = "leaky integrate-and-fire with a learnable time constant";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 2.0, ..OperatingPoint::UNIT };
    const LEARNABLE: &'static [&'static str] = &["tau_m"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
