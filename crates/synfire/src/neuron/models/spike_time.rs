//! Spikes with a time inside their step, for the spike-time neurons.

use super::integer::clamp;
use synfire_dynamics::{Real, record};

record! {
    /// Inputs of a spike-time neuron in one step.
    pub struct SpikeTimeInput {
        /// input current: the sum of weights times spikes
        current: auto,
        /// sum of weights times the times of these spikes, each the time by which the spike precedes the end of the step
        current_time: 0.0 [ms],
    }
}

/// A spike and the time in ms by which it precedes the end of its step.
#[derive(Clone, Copy)]
pub(super) struct Spike<R> {
    pub(super) fired: R,
    pub(super) time: R,
}

/// Threshold crossing inside a step, and its gradient.
#[derive(Clone, Copy)]
pub(super) struct Threshold<R> {
    pub(super) v_th: R,
    /// below the threshold a potential within this distance has a gradient
    pub(super) alpha: R,
    /// scale of the gradient
    pub(super) beta: R,
    pub(super) dt: R,
}

impl<R: Real> Threshold<R> {
    /// Fires if the potential `v` with its slope `dv` crosses the threshold before the step ends.
    ///
    /// ```text
    /// b     = max(dV, 1e-6)
    /// fired = 1 if V + b dt > v_th else 0
    /// time  = fired (dt - min(max(v_th - V, 0) / b, dt))
    ///
    /// d fired / dV = beta dt clamp(V + alpha - v_th, 0, alpha) / alpha
    /// d time / dV  = beta dt fired / b
    /// ```
    ///
    /// All other derivatives are 0: *SpikeProp* (Bohte et al. 2002), with a surrogate for spikes that have
    /// not occurred yet.
    #[inline(always)]
    pub(super) fn fire(self, v: R, dv: R) -> Spike<R> {
        let Threshold { v_th, alpha, beta, dt } = self;
        let zero = v.lit(0.0);
        let slope = dv.max(v.lit(1e-6));
        let fired = v.with_slopes((v + slope * dt).greater(v_th), []);
        let time = fired * (dt - ((v_th - v).max(zero) / slope).min(dt));
        let near = beta * dt * clamp(v + alpha - v_th, zero, alpha) / alpha;
        let shift = beta * dt * fired / slope;
        Spike {
            fired: v.with_slopes(fired.primal(), [(v, near.primal())]),
            time: v.with_slopes(time.primal(), [(v, shift.primal())]),
        }
    }
}

impl<R: Real> Spike<R> {
    /// The spike as an exponential with time constant `tau` sees it at the end of the step, to first order.
    #[inline(always)]
    pub(super) fn decayed(self, tau: R) -> R {
        self.fired - self.time / tau
    }

    /// The same with its gradients scaled by `share`.
    #[inline(always)]
    pub(super) fn with_gradient(self, share: f32) -> Self {
        let scaled = |x: R| x.with_slopes(x.primal(), [(x, x.lit(share).primal())]);
        Spike { fired: scaled(self.fired), time: scaled(self.time) }
    }
}
