//! Gradients of long series in chunks of steps: in the memory of one chunk, by running each of them twice.

use super::forward::{Call, Kept};
use super::{ForwardOutput, Network, NetworkState};
use crate::Error;
use crate::coding::{Activations, Reads, Source};
use burn::module::Module;
use burn::tensor::{Gradients, Tensor};
use synfire_dynamics::CounterRng;

/// Division of the steps, and of backpropagation through time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunks {
    /// Steps of a chunk, at least 1.
    pub(crate) steps: usize,
    /// Whether the gradient is cut between chunks.
    pub(crate) truncated: bool,
}

/// A run of which only the states between chunks are kept: the graph of its results begins at the activity of the last
/// layer, and [`backward`](Self::backward) is the part of backpropagation before that.
#[derive(Clone, Debug)]
pub(crate) struct ChunkedRun {
    network: Network,
    chunks: Chunks,
    /// Inputs of all steps, without autodiff.
    input: Activations,
    rng: CounterRng,
    /// State before each chunk, without autodiff.
    states: Vec<NetworkState>,
    /// Activity of the last layer, leaves of the graph.
    activity: Activations,
    /// Whether it has the potential of every step, and not of the last alone.
    potentials: bool,
}

impl Network {
    /// As [`forward_full`](Self::forward_full), in chunks.
    pub(crate) fn forward_in_chunks(
        &self,
        source: Source,
        seed: u64,
        chunks: Chunks,
    ) -> Result<(ForwardOutput, ChunkedRun), Error> {
        let rng = CounterRng::new(seed).of_samples(source.indices().iter().copied());
        let ends = self.ends(&source);
        let potentials = match self.config.decoder.reads() {
            Reads::Potentials => true,
            Reads::FinalPotential => !ends.is_empty(),
            Reads::Output | Reads::SpikeTimes => false,
        };
        let input = each(self.encoded(source, seed)?.without_hold(self.config.steps), Tensor::inner);
        let (network, activity, states) = (self.valid(), input.clone(), vec![]);
        let mut run = ChunkedRun { network, chunks, activity, input, rng, states, potentials };
        let (mut state, mut outputs) = (NetworkState::default(), vec![]);
        for chunk in run.chunks() {
            run.states.push(state.clone());
            outputs.push(run.forward(chunk, run.input.clone(), &mut state)?);
        }
        run.activity = each(Activations::join(outputs, potentials), leaf);
        run.network = self.clone();
        Ok((self.decoded(run.activity.clone(), ends), run))
    }
}

impl ChunkedRun {
    /// First step and number of steps of each chunk.
    fn chunks(&self) -> Vec<[usize; 2]> {
        let (all, chunk) = (self.network.config.steps, self.chunks.steps);
        (0..all).step_by(chunk).map(|first| [first, chunk.min(all - first)]).collect()
    }

    /// Activity of the last layer over a chunk.
    fn forward(
        &self,
        [first, steps]: [usize; 2],
        input: Activations,
        state: &mut NetworkState,
    ) -> Result<Activations, Error> {
        let input = if input.steps() == 1 { input } else { input.part(first, steps) };
        let record_from = if self.potentials { self.network.layers.len() - 1 } else { usize::MAX };
        let call = Call { rng: self.rng.clone(), steps, record_from };
        let mut kept = Kept::All(state);
        let output = self.network.propagate(input.into(), &call, &mut kept, None)?;
        state.step += steps;
        Ok(output)
    }

    /// Runs each chunk once more, the last one first, and calls `add` with its gradients. `upstream` are those of the
    /// loss of the results.
    pub(crate) fn backward(&self, upstream: &Gradients, mut add: impl FnMut(Gradients)) -> Result<(), Error> {
        let of = |leaf: &Tensor<3>| leaf.grad(upstream).map(Tensor::from_inner);
        let Activations { values, spike_times, potential, .. } = &self.activity;
        let [values, times, potential] =
            [Some(values), spike_times.as_ref(), potential.as_ref()].map(|x| x.and_then(of));
        let chunks = self.chunks();
        let last = chunks.len().saturating_sub(1);
        let mut of_state: Vec<Option<Tensor<1>>> = vec![];
        for (i, chunk @ [first, steps]) in chunks.into_iter().enumerate().rev() {
            let mut leaves = vec![];
            let mut state = self.states[i].clone().map(|x| {
                leaves.push(leaf(x));
                leaves[leaves.len() - 1].clone()
            });
            let output = self.forward(chunk, each(self.input.clone(), Tensor::from_inner), &mut state)?;
            let part = |x: &Option<Tensor<3>>| x.clone().map(|x| x.narrow(0, first, steps));
            let of_potential = match self.potentials {
                true => part(&potential),
                false => potential.clone().filter(|_| i == last),
            };
            let pairs = [
                Some(output.values).zip(part(&values)),
                output.spike_times.zip(part(&times)),
                output.potential.zip(of_potential),
            ];
            let of_output = pairs.into_iter().flatten().map(|(x, gradient)| (x * gradient).sum());
            let of_states = state.tensors().into_iter().zip(of_state);
            let of_states = of_states.filter_map(|(x, gradient)| Some((x * Tensor::from_inner(gradient?)).sum()));
            // the gradient of this sum is the chunk's part of the loss's
            let Some(sum) = of_output.chain(of_states).reduce(|sum, x| sum + x) else {
                of_state = vec![];
                continue;
            };
            let gradients = sum.backward();
            of_state = match self.chunks.truncated {
                true => vec![],
                false => leaves.iter().map(|leaf| leaf.grad(&gradients)).collect(),
            };
            add(gradients);
        }
        Ok(())
    }
}

/// Applies `f` to all tensors, the potential too.
fn each(x: Activations, f: impl Fn(Tensor<3>) -> Tensor<3>) -> Activations {
    Activations { potential: x.potential.clone().map(&f), ..x.map(f) }
}

fn leaf<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_inner(x).require_grad()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NetworkConfig;
    use crate::network::testing::gradients;
    use crate::parameters::parameters;
    use burn::tensor::{Device, Distribution};

    fn loss(output: &ForwardOutput) -> Tensor<1> {
        let scores = output.decoded.scores.clone();
        let weights: Vec<f32> = (0..scores.dims().iter().product()).map(|i| (i as f32 * 0.7).sin()).collect();
        let weights = Tensor::<1>::from_floats(weights.as_slice(), &scores.device()).reshape(scores.dims());
        (scores * weights).sum()
    }

    const NEURONS: &str = "[[layers]]\nneuron = \"plif\"\ntau_m = { value = 2.0, learn = true }\nv_th = 0.3\n";

    #[test]
    fn gradients_are_those_of_all_steps_at_once() {
        let device = Device::default().autodiff();
        let samples = Tensor::<2>::random([3, 24], Distribution::Uniform(0.0, 1.0), &device);
        let linear = "[[layers]]\nlinear = 12\ngain = 2.0\n";
        let cases = [
            format!("{linear}{NEURONS}"),
            format!("encoder = \"poisson\"\n{linear}{NEURONS}"),
            format!("decoder = \"final_step_voltage\"\n{linear}{NEURONS}"),
            format!("decoder = \"membrane_trajectory\"\n{linear}{NEURONS}"),
            format!("{linear}{NEURONS}recurrent = true\n{linear}delay = 2\n{NEURONS}"),
            format!("{linear}{NEURONS}{linear}delay = {{ value = 1.5, max = 3, learn = true }}\n{NEURONS}"),
            format!("[[layers]]\nconv2d = 3\nkernel = 3\n{NEURONS}{linear}{NEURONS}"),
        ];
        for layers in cases {
            let config: NetworkConfig = toml::from_str(&format!("steps = 11\n{layers}")).unwrap();
            let network = config.init(&[1, 4, 6], 12, 0, &device).unwrap();
            let whole = network.forward_full(samples.clone(), 4).unwrap();
            let expected = gradients(&network, &[loss(&whole).backward()]);
            assert!(expected.iter().filter(|x| **x != 0.0).count() > parameters(&network).len(), "{layers}");
            for steps in [1, 4, 11] {
                let chunks = Chunks { steps, truncated: false };
                let (output, run) = network.forward_in_chunks(samples.clone().into(), 4, chunks).unwrap();
                assert_eq!(output.activity.values.clone().into_data(), whole.activity.values.clone().into_data());
                let mut all = vec![loss(&output).backward()];
                let mut more = vec![];
                run.backward(&all[0], |gradients| more.push(gradients)).unwrap();
                all.extend(more);
                let actual = gradients(&network, &all);
                assert_eq!(actual.len(), expected.len());
                let scale = expected.iter().fold(0.0, |most: f32, x| most.max(x.abs()));
                let close = actual.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= 1e-5 * scale);
                assert!(close, "chunks of {steps}, {layers}: {actual:?} {expected:?}");
            }
        }
    }

    #[test]
    fn a_truncated_gradient_is_another() {
        let device = Device::default().autodiff();
        let layers = format!("[[layers]]\nlinear = 12\ngain = 2.0\n{NEURONS}");
        let config: NetworkConfig = toml::from_str(&format!("steps = 8\n{layers}")).unwrap();
        let network = config.init(&[24], 12, 0, &device).unwrap();
        let samples = Tensor::<2>::random([3, 24], Distribution::Uniform(0.0, 1.0), &device);
        let [exact, truncated] = [false, true].map(|truncated| {
            let chunks = Chunks { steps: 2, truncated };
            let (output, run) = network.forward_in_chunks(samples.clone().into(), 0, chunks).unwrap();
            let mut all = vec![];
            run.backward(&loss(&output).backward(), |gradients| all.push(gradients)).unwrap();
            assert_eq!(all.len(), 4);
            gradients(&network, &all)
        });
        assert_ne!(exact, truncated);
    }
}
