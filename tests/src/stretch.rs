//! A model that stretches the engine: five states, exponentials, divisions, powers and roots.

use serde::{Deserialize, Serialize};
use synfire::Surrogate;
use synfire::neuron::Neuron;
use synfire_dynamics::{Dynamics, Real, record};

record! {
    /// Parameters of [`Stretch`], scaled to potentials of about 1.
    pub struct StretchParams {
        /// membrane time constant
        tau_m: 8.0 [ms] > 0.0,
        /// slope factor of the exponential
        delta_t: 0.2 > 0.0,
        /// exponent of the calcium current
        power: 1.5 > 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`Stretch`].
    pub struct StretchState {
        /// membrane potential
        v: 0.1,
        /// adaptation
        w: 0.05,
        /// calcium
        c: 0.2,
        /// gate of a slow current, between 0 and 1
        n: 0.3,
        /// moving threshold above 1
        theta: 0.02,
    }
}

/// An adaptive exponential neuron with calcium, a gate and a moving threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stretch {
    /// Surrogate gradient.
    pub surrogate: Surrogate,
}

impl Dynamics for Stretch {
    type Params<R: Copy> = StretchParams<R>;
    type Constants<R: Copy> = StretchParams<R>;
    type State<R: Copy> = StretchState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: StretchParams<R>, dt: f32) -> StretchParams<R> {
        StretchParams { tau_m: p.tau_m.recip() * dt, ..p }
    }

    fn step<R: Real>(&self, k: &StretchParams<R>, s: &mut StretchState<R>, current: R) -> R {
        let threshold = s.theta + 1.0;
        // the exponential is cut off above the threshold, as adex implementations do
        let upswing = k.delta_t * ((s.v - threshold) / k.delta_t).min(s.v.lit(1.0)).exp();
        let slow = s.n.powi(3) * (s.v + 0.5) * 0.2;
        let c = s.c.max(s.c.lit(0.0));
        let calcium = (c + 0.01).powf(k.power) / ((c * c + 1.0).sqrt() + 0.5);
        let v = s.v + k.tau_m * (upswing - s.v - s.w - slow - calcium) + current;
        s.n = s.n + ((v * 2.0 - 1.0).sigmoid() - s.n) * 0.2;
        let spike = self.surrogate.spike(v, threshold, k.alpha);
        s.v = v * (-spike + 1.0);
        s.w = s.w + (v * 0.1 - s.w) * 0.05 + spike * 0.3;
        s.c = c - c * 0.08 + spike * 0.3 + (v.tanh() * 0.05).abs();
        s.theta = s.theta * 0.9 + spike * 0.1 + (s.c + 1.0).ln() * 0.01;
        spike
    }
}

impl Neuron for Stretch {
    const NAME: &'static str = "tests_stretch";
    const ABOUT: &'static str = "stretches the engine";
    const LEARNABLE: &'static [&'static str] = &["tau_m"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
