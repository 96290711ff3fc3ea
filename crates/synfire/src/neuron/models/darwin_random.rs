//! The stochastic neuron of the Darwin chip.

use super::darwin::decay;
use super::integer::indicator;
use crate::neuron::{Neuron, NeuronConfig};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Stochastic leaky integrate-and-fire, `darwin_random`, as the Darwin chip computes it.
///
/// ```text
/// P0 = round(65536 exp(-dt / tau_m)) / 65536
/// v    = P0 V[t-1] + round(std u[t] - std / 2) + bias, u[t] uniform in [0, 1)
/// O[t] = 1 if v > v_th else 0
/// V[t] = 0 if O[t] else v
/// ```
///
/// `std` and `bias` are rounded to integers, half to even. `u` is the input `draw`: the layer's
/// generator draws it, or a recording replays it. The input current is ignored, as in SPAIC, so that the
/// layer can take any place in a network. No gradient flows through it.
///
/// SPAIC draws the initial potential of each neuron from 10000 to 15000; here it is the middle, 12500.
/// Pass a state for other values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DarwinRandom {}

record! {
    /// Parameters of [`DarwinRandom`].
    pub struct DarwinRandomParams {
        /// membrane time constant
        tau_m: 10.0 [ms] > 0.0,
        /// width of the noise
        std: 0.0,
        /// bias, added in each step
        bias: 0.0,
        /// firing threshold
        v_th: 15000.0,
    }
}

record! {
    /// Constants of a step of [`DarwinRandom`], derived from its parameters.
    pub struct DarwinRandomConstants {
        /// decay of the membrane in one step
        p0: auto,
        /// width of the noise
        std: auto,
        /// bias, added in each step
        bias: auto,
        /// firing threshold
        v_th: auto,
    }
}

record! {
    /// Inputs of [`DarwinRandom`] in one step.
    pub struct DarwinRandomInput {
        /// input current, ignored
        current: 0.0,
        /// random number
        draw: auto [uniform],
    }
}

record! {
    /// State of [`DarwinRandom`].
    pub struct DarwinRandomState {
        /// membrane potential
        v: 12500.0,
    }
}

/// Configuration of [`DarwinRandom`] neurons.
pub type DarwinRandomConfig = NeuronConfig<DarwinRandom>;

impl Dynamics for DarwinRandom {
    type Params<R: Copy> = DarwinRandomParams<R>;
    type Constants<R: Copy> = DarwinRandomConstants<R>;
    type State<R: Copy> = DarwinRandomState<R>;
    type Input<R: Copy> = DarwinRandomInput<R>;

    fn constants<R: Real>(&self, p: DarwinRandomParams<R>, dt: f32) -> DarwinRandomConstants<R> {
        DarwinRandomConstants {
            p0: decay(p.tau_m, dt, 65_536.0),
            std: p.std.round(),
            bias: p.bias.round(),
            v_th: p.v_th,
        }
    }

    fn step<R: Real>(
        &self,
        c: &DarwinRandomConstants<R>,
        s: &mut DarwinRandomState<R>,
        input: DarwinRandomInput<R>,
    ) -> R {
        let noise = (c.std * input.draw - c.std * 0.5).round();
        let v = c.p0 * s.v + noise + c.bias;
        let fires = v.greater(c.v_th);
        s.v = R::select(fires, v.lit(0.0), v);
        indicator(fires, v)
    }
}

impl Neuron for DarwinRandom {
    const NAME: &'static str = "darwin_random";
    const ABOUT: &'static str = "stochastic leaky integrate-and-fire of the Darwin chip";
    const DIFFERENTIABLE: bool = false;
}
