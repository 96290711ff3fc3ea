//! Neurons that remember.

use super::trials::{ASKED, INPUTS};
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use synfire::Error;
use synfire::coding::Activations;
use synfire::connection::{EventLinear, EventLinearConfig};
use synfire::neuron::{LifConfig, Neurons, NonSpikingIfbConfig, ParameterConfig};

const HIDDEN: usize = 64;
/// The trace of a cue when the question comes is in the membranes: each keeps it for a time of its own, from
/// 3 ms to 60 ms at first.
const SHORTEST: f32 = 3.0;
const LONGEST: f32 = 60.0;

/// Two layers of leaky integrate-and-fire neurons, and two integrators, one for each answer.
#[derive(Module, Debug)]
pub(crate) struct Network {
    into: EventLinear,
    first: Neurons,
    between: EventLinear,
    second: Neurons,
    out: EventLinear,
    answers: Neurons,
}

impl Network {
    pub(crate) fn new(rng: &mut ChaCha8Rng, device: &Device) -> Result<Self, Error> {
        let tau = |i: usize| SHORTEST * (LONGEST / SHORTEST).powf(i as f32 / HIDDEN as f32);
        let taus: Vec<f32> = (0..HIDDEN).map(tau).collect();
        let config = LifConfig::new().with("tau_m", ParameterConfig::learnable(taus));
        Ok(Network {
            into: EventLinearConfig::new(INPUTS, HIDDEN).init_with(rng, device),
            first: config.init(&[HIDDEN], device),
            between: EventLinearConfig::new(HIDDEN, HIDDEN).init_with(rng, device),
            second: config.init(&[HIDDEN], device),
            out: EventLinearConfig::new(HIDDEN, 2).init_with(rng, device),
            answers: NonSpikingIfbConfig::new().init(&[2], device),
        })
    }

    /// Activity of the answer neurons while the question is asked.
    pub(crate) fn forward(&self, spikes: Tensor<3>) -> Activations {
        let spikes = self.first.forward(self.into.forward(spikes));
        let spikes = self.second.forward(self.between.forward(spikes));
        let [from, steps] = ASKED;
        let output = self.answers.forward(self.out.forward(spikes.narrow(0, from, steps)));
        output.into()
    }
}
