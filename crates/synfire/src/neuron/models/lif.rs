//! The leaky integrate-and-fire neuron.

use super::kernel::decay;
use crate::neuron::{Neuron, NeuronConfig, Reset};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire, `lif`.
///
/// ```text
/// tau_m dV/dt = -V + input
///
/// beta_m = exp(-dt / tau_m)
/// v[t] = beta_m V[t-1] + I[t]
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v_reset if S[t] else v[t]        (reset = "hard")
/// ```
///
/// The input is added as it is, not scaled by the time step.
///
/// With `reset_delay` a spike resets at the next step, as in `Leaky` of snnTorch, and a soft reset is not subject to the
/// leak. Spikes differ with a soft reset alone; with a hard one the potential stays above the threshold for a step.
///
/// ```text
/// V[t] = beta_m V[t-1] + I[t] - v_th S[t-1]                          (reset = "soft")
/// V[t] = beta_m (v_reset if S[t-1] else V[t-1]) + I[t]               (reset = "hard")
/// ```
///
/// Differences from SPAIC, undone by `spaic_compat`:
///
/// - SPAIC takes a `v_reset` and ignores it: it resets to 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Reset of the potential at a spike.
    pub reset: Reset,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// Ignore `v_reset`, as SPAIC does.
    pub spaic_compat: bool,
    /// Whether a spike resets at the next step, after the leak, as in snnTorch.
    pub reset_delay: bool,
}

impl Default for Lif {
    fn default() -> Self {
        Lif {
            surrogate: Surrogate::default(),
            reset: Reset::Hard,
            detach_reset: true,
            spaic_compat: false,
            reset_delay: false,
        }
    }
}

record! {
    /// Parameters of [`Lif`].
    pub struct LifParams {
        /// membrane time constant
        tau_m: 8.0 [ms] > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// potential after a spike
        v_reset: 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`Lif`], derived from its parameters.
    pub struct LifConstants {
        /// decay of the membrane in one step
        beta_m: auto,
        /// firing threshold
        v_th: auto,
        /// potential after a spike
        v_reset: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`Lif`].
    pub struct LifState {
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`Lif`] neurons.
pub type LifConfig = NeuronConfig<Lif>;

impl Dynamics for Lif {
    type Params<R: Copy> = LifParams<R>;
    type Constants<R: Copy> = LifConstants<R>;
    type State<R: Copy> = LifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: LifParams<R>, dt: f32) -> LifConstants<R> {
        let beta_m = decay(p.tau_m, dt);
        let v_reset = if self.spaic_compat { p.v_reset.lit(0.0) } else { p.v_reset };
        LifConstants { beta_m, v_th: p.v_th, v_reset, alpha: p.alpha }
    }

    fn step<R: Real>(&self, c: &LifConstants<R>, s: &mut LifState<R>, current: R) -> R {
        let surrogate = self.surrogate.as_in_spaic(self.spaic_compat);
        if self.reset_delay {
            let last_spike = surrogate.spike(s.v, c.v_th, c.alpha);
            let reset = |v| self.reset.apply(v, last_spike, c.v_th, c.v_reset, self.detach_reset);
            s.v = match self.reset {
                Reset::Hard => c.beta_m * reset(s.v) + current,
                Reset::Soft | Reset::None => reset(c.beta_m * s.v + current),
            };
            return surrogate.spike(s.v, c.v_th, c.alpha);
        }
        let v = c.beta_m * s.v + current;
        let spike = surrogate.spike(v, c.v_th, c.alpha);
        s.v = self.reset.apply(v, spike, c.v_th, c.v_reset, self.detach_reset);
        spike
    }
}

impl Neuron for Lif {
    const NAME: &'static str = "lif";
    const ABOUT: &'static str = "leaky integrate-and-fire";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps of one neuron from rest; returns potential and spike of each.
    fn run(model: Lif, currents: [f32; 5]) -> Vec<(f32, f32)> {
        let constants = LifConstants { beta_m: 0.5, v_th: 1.0, v_reset: 0.25, alpha: 2.0 };
        let mut state = LifState { v: 0.0 };
        let step = |current| {
            let spike = model.step(&constants, &mut state, current);
            (state.v, spike)
        };
        currents.into_iter().map(step).collect()
    }

    #[test]
    fn a_delayed_reset_comes_with_the_next_step() {
        let of = |reset| Lif { reset, reset_delay: true, ..Lif::default() };
        let currents = [1.5, 0.5, 1.0, 1.0, 0.0];
        // snnTorch: mem = 0.5 mem + input - spike of the step before
        let soft = [(1.5, 1.0), (0.25, 0.0), (1.125, 1.0), (0.5625, 0.0), (0.28125, 0.0)];
        assert_eq!(run(of(Reset::Soft), currents), soft);
        let hard = [(1.5, 1.0), (0.625, 0.0), (1.3125, 1.0), (1.125, 1.0), (0.125, 0.0)];
        assert_eq!(run(of(Reset::Hard), currents), hard);
        let spikes = |steps: &[(f32, f32)]| steps.iter().map(|step| step.1).collect::<Vec<f32>>();
        assert_eq!(spikes(&run(Lif::default(), currents)), spikes(&hard), "a hard reset gives the same spikes at once");
    }
}
