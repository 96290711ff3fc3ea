//! What the kernels are tested on: layouts that fill registers and tiles in every way.

use crate::graph::Equations;
use crate::kernel::backward::backward_on;
use crate::kernel::forward::forward_on;
use crate::kernel::machine::Isa;
use crate::kernel::{BackwardArgs, ForwardArgs, Gradients, Layout, Scanned};
use crate::probe::Probe;
use std::sync::Arc;

pub(super) const STEPS: usize = 9;

/// `(batch, neurons, channels)`. Planes of 1, 7, 16, 17, 63, 65, 513 and 1100 places: less than a
/// register, whole ones, one more, one tile and one more; samples begin inside a register.
pub(super) const SHAPES: [(usize, usize, usize); 10] = [
    (1, 1, 1),
    (1, 7, 7),
    (2, 8, 4),
    (17, 1, 1),
    (1, 17, 1),
    (3, 21, 3),
    (5, 13, 1),
    (3, 171, 9),
    (2, 550, 50),
    (100, 11, 11),
];

/// How many numbers each parameter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Per {
    Layer,
    Channel,
    Neuron,
    /// One of each.
    Mixed,
}

pub(super) const PER: [Per; 4] = [Per::Layer, Per::Channel, Per::Neuron, Per::Mixed];

/// None, one (each), some and all parameters.
pub(super) const ACTIVE: [&[usize]; 6] = [&[], &[0], &[1], &[2], &[0, 2], &[0, 1, 2]];

/// `count` numbers in -1..1, the same for the same seed (splitmix64).
pub(super) fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// The buffers of one scan and of the gradients that arrive at it.
pub(super) struct Data {
    pub(super) layout: Layout,
    pub(super) inputs: Vec<f32>,
    pub(super) params: Vec<f32>,
    pub(super) param_lens: [usize; 3],
    pub(super) initial: Vec<f32>,
    pub(super) traces: Vec<usize>,
    pub(super) upstream: [Vec<f32>; 3],
    pub(super) equations: Arc<Equations>,
}

impl Data {
    pub(super) fn new((batch, neurons, channels): (usize, usize, usize), per: Per, input_rows: usize) -> Self {
        let layout = Layout { steps: STEPS, batch, neurons };
        let plane = layout.plane();
        let param_lens = match per {
            Per::Layer => [1; 3],
            Per::Channel => [channels; 3],
            Per::Neuron => [neurons; 3],
            Per::Mixed => [channels, 1, neurons],
        };
        let around = [0.7, 0.5, 1.1];
        let params = param_lens.iter().zip(around).enumerate();
        Data {
            layout,
            inputs: noise(1, 2 * input_rows * plane).iter().map(|x| 2.0 * x).collect(),
            params: params
                .flat_map(|(k, (&len, mean))| noise(2 + k as u64, len).into_iter().map(move |x| mean + 0.2 * x))
                .collect(),
            param_lens,
            initial: noise(5, 2 * plane).iter().map(|x| 0.5 * x + 0.5).collect(),
            traces: vec![1, 0],
            upstream: [noise(6, STEPS * plane), noise(7, 2 * STEPS * plane), noise(8, 2 * plane)],
            equations: Equations::of(&Probe, 1.0, &[]),
        }
    }

    pub(super) fn forward_args(&self) -> ForwardArgs<'_> {
        ForwardArgs {
            equations: &self.equations,
            layout: self.layout,
            inputs: &self.inputs,
            params: &self.params,
            param_lens: &self.param_lens,
            initial: &self.initial,
            traces: &self.traces,
        }
    }

    pub(super) fn forward(&self, isa: Isa) -> Scanned {
        forward_on(isa, &self.forward_args())
    }

    /// `arrives` says which of output, traces and final states have a gradient.
    pub(super) fn backward(&self, isa: Isa, active: &[usize], arrives: [bool; 3]) -> Gradients {
        let rows = |i: usize| arrives[i].then_some(&self.upstream[i][..]);
        let (output, traces, finals) = (rows(0), rows(1), rows(2));
        backward_on(
            isa,
            &BackwardArgs { forward: self.forward_args(), output, traces, finals, active, wants_inputs: true },
        )
    }
}
