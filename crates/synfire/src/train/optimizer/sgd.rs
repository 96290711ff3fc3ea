//! Gradient descent, in one pass over the parameters on CPUs.

use burn::optim::{LearningRate, Optimizer, RecordState, StateSink, StateSource, join_path};
use burn::tensor::{Device, Tensor};
use synfire_dynamics::{SgdStep, WeightDecay, sgd_step};

/// Gradient descent with momentum in [0, 1).
#[derive(Clone, Copy, Debug)]
pub(super) struct Sgd {
    pub(super) momentum: f32,
    pub(super) decay: WeightDecay,
}

impl Optimizer for Sgd {
    type State<const D: usize> = SgdState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        parameters: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<SgdState<D>>,
    ) -> (Tensor<D>, Option<SgdState<D>>) {
        let velocity = state.and_then(|state| state.velocity).unwrap_or_else(|| gradient.zeros_like());
        let step = SgdStep { rate, momentum: self.momentum, decay: self.decay };
        let (parameters, velocity) = sgd_step(parameters, gradient, velocity, &step);
        // without momentum the velocity is the gradient, which no later step asks for
        (parameters, Some(SgdState { velocity: (self.momentum > 0.0).then_some(velocity) }))
    }

    fn to_device<const D: usize>(state: SgdState<D>, device: &Device) -> SgdState<D> {
        SgdState { velocity: state.velocity.map(|velocity| velocity.to_device(device)) }
    }
}

/// Velocity of a parameter, where there is momentum. Named in files as Burn's own.
#[derive(Clone, Debug)]
pub(super) struct SgdState<const D: usize> {
    velocity: Option<Tensor<D>>,
}

const MOMENTUM: &str = "momentum";
const VELOCITY: &str = "velocity";

impl<const D: usize> RecordState for SgdState<D> {
    fn state_flatten(&self, prefix: &str, out: &mut StateSink) {
        if let Some(velocity) = &self.velocity {
            out.push_tensor(&join_path(prefix, MOMENTUM), VELOCITY, velocity.to_data());
        }
    }

    fn state_unflatten(prefix: &str, src: &mut StateSource, device: &Device) -> Option<Self> {
        let velocity = src.take_tensor(&join_path(prefix, MOMENTUM), VELOCITY);
        Some(SgdState { velocity: velocity.map(|data| Tensor::from_data(data, device)) })
    }
}
