//! The integrate-and-fire neuron with a soft reset.

use crate::neuron::{Neuron, NeuronConfig};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Integrate-and-fire with a soft reset, `ifsoftreset`: the excess over the threshold is kept.
///
/// ```text
/// v[t] = V[t-1] + I[t] - decay
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v[t] - v_th S[t]
/// ```
///
/// Rueckauer et al., *Conversion of Continuous-Valued Deep Networks to Efficient Event-Driven Networks*,
/// Frontiers in Neuroscience 2017: its rate is the rectified mean of its input, without a bias. The
/// gradient flows through the reset. The time step does not enter.
///
/// Differences from SPAIC, undone by `spaic_compat`:
///
/// - SPAIC resets to zero, `V[t] = v[t] - v[t] S[t]`, despite the name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IfSoftReset {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Reset to zero, as SPAIC does.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`IfSoftReset`].
    pub struct IfSoftResetParams {
        /// firing threshold
        v_th: 1.0,
        /// subtracted from the potential in each step
        decay: 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`IfSoftReset`].
    pub struct IfSoftResetState {
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`IfSoftReset`] neurons.
pub type IfSoftResetConfig = NeuronConfig<IfSoftReset>;

impl Dynamics for IfSoftReset {
    type Params<R: Copy> = IfSoftResetParams<R>;
    type Constants<R: Copy> = IfSoftResetParams<R>;
    type State<R: Copy> = IfSoftResetState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: IfSoftResetParams<R>, _: f32) -> IfSoftResetParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &IfSoftResetParams<R>, s: &mut IfSoftResetState<R>, current: R) -> R {
        let v = s.v + current - c.decay;
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, c.v_th, c.alpha);
        s.v = v - spike * if self.spaic_compat { v } else { c.v_th };
        spike
    }
}

impl Neuron for IfSoftReset {
    const NAME: &'static str = "ifsoftreset";
    const ABOUT: &'static str = "integrate-and-fire with a soft reset";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
