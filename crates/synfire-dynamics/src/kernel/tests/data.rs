//! Test data of the kernels: layouts that fill registers and tiles in every way.

use crate::graph::Equations;
use crate::kernel::backward::backward_on;
use crate::kernel::forward::forward_on;
use crate::kernel::isa::Isa;
use crate::probe::Probe;
use crate::scan::{Operands, Results, ScanSpec};

pub(super) const STEPS: usize = 9;

/// `(batch, neurons, channels)`. Planes of 1, 7, 16, 17, 63, 65, 513 and 1100 neurons: less than a
/// register, whole registers and one more, a tile and one more; samples begin inside a register.
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

/// Number of values of each parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Per {
    Layer,
    Channel,
    Neuron,
    /// One of each.
    Mixed,
}

pub(super) const PER: [Per; 4] = [Per::Layer, Per::Channel, Per::Neuron, Per::Mixed];

/// All results have an upstream gradient.
pub(super) const ALL: Results<bool> = Results { output: true, traces: true, finals: true };

/// Parameters that learn: none, each one alone, some, and all.
pub(super) const LEARNABLE: [&[usize]; 6] = [&[], &[0], &[1], &[2], &[0, 2], &[0, 1, 2]];

/// `count` pseudo-random values in -1..1 (splitmix64).
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

/// The buffers of one scan and its upstream gradients.
pub(super) struct Data {
    pub(super) spec: ScanSpec,
    pub(super) operands: Operands<Vec<f32>>,
    pub(super) upstream: Results<Vec<f32>>,
}

impl Data {
    pub(super) fn new((batch, neurons, channels): (usize, usize, usize), per: Per, input_rows: usize) -> Self {
        let plane = batch * neurons;
        let param_lens = match per {
            Per::Layer => vec![1; 3],
            Per::Channel => vec![channels; 3],
            Per::Neuron => vec![neurons; 3],
            Per::Mixed => vec![channels, 1, neurons],
        };
        let params = param_lens.iter().zip([0.7, 0.5, 1.1]).enumerate();
        let params =
            params.flat_map(|(k, (&len, mean))| noise(2 + k as u64, len).into_iter().map(move |x| mean + 0.2 * x));
        Data {
            operands: Operands {
                inputs: noise(1, 2 * input_rows * plane).iter().map(|x| 2.0 * x).collect(),
                params: params.collect(),
                initial: noise(5, 2 * plane).iter().map(|x| 0.5 * x + 0.5).collect(),
            },
            upstream: Results {
                output: noise(6, STEPS * plane),
                traces: noise(7, 2 * STEPS * plane),
                finals: noise(8, 2 * plane),
            },
            spec: ScanSpec {
                outlet: None,
                equations: Equations::of(&Probe, 1.0, &[]),
                steps: STEPS,
                batch,
                neurons,
                constant_input: input_rows == 1,
                uniform_start: false,
                param_lens,
                traces: vec![1, 0],
                learnable: vec![0, 1, 2],
            },
        }
    }

    pub(super) fn forward(&self, isa: Isa) -> Results<Vec<f32>> {
        forward_on(isa, &self.spec, self.operands.as_ref().map(Vec::as_slice))
    }

    /// `present` says which results have an upstream gradient.
    pub(super) fn backward(&self, isa: Isa, learnable: &[usize], present: Results<bool>) -> Operands<Vec<f32>> {
        let spec = ScanSpec { learnable: learnable.to_vec(), ..self.spec.clone() };
        let upstream =
            self.upstream.as_ref().zip(present).map(|(values, present)| present.then_some(values.as_slice()));
        let operands = self.operands.as_ref().map(Vec::as_slice);
        let wanted = Operands { inputs: true, params: true, initial: true };
        backward_on(isa, &spec, operands, upstream, wanted).map(|gradient| gradient.expect("a wanted gradient"))
    }
}
