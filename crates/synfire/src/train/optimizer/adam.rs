//! Adam and AdamW, in one pass over the parameters on CPUs.

use burn::optim::{AdamState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};
use synfire_dynamics::{AdamStep, WeightDecay, adam_step};

/// Adam with the usual settings (Kingma & Ba 2015); its state is that of Burn's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adam {
    pub(super) decay: WeightDecay,
}

const BETAS: [f32; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        parameters: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        let state = state.map(|state| state.momentum);
        let time = state.as_ref().map_or(0, |state| state.time) + 1;
        let moments =
            state.map_or_else(|| [0; 2].map(|_| gradient.zeros_like()), |state| [state.moment_1, state.moment_2]);
        let step = AdamStep { rate, betas: BETAS, epsilon: EPSILON, decay: self.decay, time };
        let (parameters, [first, second]) = adam_step(parameters, gradient, moments, &step);
        (parameters, Some(AdamState::new(AdaptiveMomentumState::new(time, first, second))))
    }

    fn to_device<const D: usize>(mut state: AdamState<D>, device: &Device) -> AdamState<D> {
        state.momentum = state.momentum.to_device(device);
        state
    }
}
