//! Two spiking networks: one acts, one says what to expect.

use super::physics::State;
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use synfire::coding::{Activations, Constant, Encode, TimeGrid};
use synfire::connection::{EventLinear, EventLinearConfig};
use synfire::neuron::{Neurons, NonSpikingIfbConfig, PlifConfig};

/// Steps in which the networks think about a decision.
pub(crate) const STEPS: usize = 8;
const HIDDEN: usize = 64;
/// States that are usual have numbers about 1.
const USUAL: State = [1.0, 1.0, 0.1, 1.0];

/// PLIF neurons between two connections, read out by integrators that do not spike.
#[derive(Module, Debug)]
pub(crate) struct Spiking {
    into: EventLinear,
    hidden: Neurons,
    out: EventLinear,
    readout: Neurons,
}

impl Spiking {
    fn new(outputs: usize, rng: &mut ChaCha8Rng, device: &Device) -> Result<Self, synfire::Error> {
        Ok(Spiking {
            into: EventLinearConfig::new(4, HIDDEN).with_gain(3.0).init_with(rng, device),
            hidden: PlifConfig::new().init(&[HIDDEN], device),
            out: EventLinearConfig::new(HIDDEN, outputs).init_with(rng, device),
            readout: NonSpikingIfbConfig::new().init(&[outputs], device),
        })
    }

    /// Activity of the readout neurons while the networks see these states, `[T, B, outputs]`.
    fn forward(&self, states: Tensor<2>) -> Result<Tensor<3>, synfire::Error> {
        let current = Constant {}.encode(states.into(), TimeGrid { steps: STEPS, dt: 1.0 }, 0)?.values;
        let spikes = self.hidden.run(self.into.forward(current), STEPS, None, &[])?.output;
        Ok(self.readout.run(self.out.forward(spikes), STEPS, None, &[])?.output)
    }
}

/// Actor and critic.
#[derive(Module, Debug)]
pub(crate) struct Agent {
    actor: Spiking,
    critic: Spiking,
}

impl Agent {
    pub(crate) fn new(rng: &mut ChaCha8Rng, device: &Device) -> Result<Self, synfire::Error> {
        Ok(Agent { actor: Spiking::new(2, rng, device)?, critic: Spiking::new(1, rng, device)? })
    }

    /// Activity of the action neurons in these states.
    pub(crate) fn acts(&self, states: Tensor<2>) -> Result<Activations, synfire::Error> {
        let output = self.actor.forward(states)?;
        Ok(Activations { potential: Some(output.clone()), ..output.into() })
    }

    /// Reward that is still to come from these states, `[B]`, as a share of what a reward of 1 for ever is worth.
    pub(crate) fn expects(&self, states: Tensor<2>) -> Result<Tensor<1>, synfire::Error> {
        let values = self.critic.forward(states)?;
        Ok(values.narrow(0, STEPS - 1, 1).reshape([-1]))
    }
}

/// States as the networks see them, `[B, 4]`.
pub(crate) fn tensor(states: &[State], device: &Device) -> Tensor<2> {
    let numbers: Vec<f32> = states.iter().flat_map(|s| s.iter().zip(USUAL).map(|(x, usual)| x / usual)).collect();
    Tensor::from_data(TensorData::new(numbers, [states.len(), 4]), device)
}
