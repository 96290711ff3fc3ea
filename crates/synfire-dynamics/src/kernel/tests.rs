//! The kernels against themselves: every instruction set, layout and number of threads must give the
//! same bits, and what comes out must be what one neuron in plain `f32` gives.

use super::backward::backward_on;
use super::forward::forward_on;
use super::layout::reduce;
use super::machine::Isa;
use super::{BackwardArgs, ForwardArgs, Gradients, Layout, Scanned};
use crate::graph::Equations;
use crate::probe::{Probe, ProbeInput, ProbeParams, ProbeState};
use crate::{Dynamics, Fields};
use std::sync::Arc;

const STEPS: usize = 9;

/// `(batch, neurons, channels)`. Planes of 1, 7, 16, 17, 63, 65, 513 and 1100 places: less than a
/// register, whole ones, one more, one tile and one more; samples begin inside a register.
const SHAPES: [(usize, usize, usize); 10] = [
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
enum Per {
    Layer,
    Channel,
    Neuron,
    /// One of each.
    Mixed,
}

const PER: [Per; 4] = [Per::Layer, Per::Channel, Per::Neuron, Per::Mixed];

/// None, one (each), some and all parameters.
const ACTIVE: [&[usize]; 6] = [&[], &[0], &[1], &[2], &[0, 2], &[0, 1, 2]];

/// `count` numbers in -1..1, the same for the same seed (splitmix64).
fn noise(seed: u64, count: usize) -> Vec<f32> {
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
struct Data {
    layout: Layout,
    inputs: Vec<f32>,
    params: Vec<f32>,
    columns: [usize; 3],
    initial: Vec<f32>,
    traces: Vec<usize>,
    arriving: [Vec<f32>; 3],
    equations: Arc<Equations>,
}

impl Data {
    fn new((batch, neurons, channels): (usize, usize, usize), per: Per, input_rows: usize) -> Self {
        let layout = Layout { steps: STEPS, batch, neurons };
        let plane = layout.plane();
        let columns = match per {
            Per::Layer => [1; 3],
            Per::Channel => [channels; 3],
            Per::Neuron => [neurons; 3],
            Per::Mixed => [channels, 1, neurons],
        };
        let around = [0.7, 0.5, 1.1];
        let params = columns.iter().zip(around).enumerate();
        Data {
            layout,
            inputs: noise(1, 2 * input_rows * plane).iter().map(|x| 2.0 * x).collect(),
            params: params
                .flat_map(|(k, (&len, mean))| noise(2 + k as u64, len).into_iter().map(move |x| mean + 0.2 * x))
                .collect(),
            columns,
            initial: noise(5, 2 * plane).iter().map(|x| 0.5 * x + 0.5).collect(),
            traces: vec![1, 0],
            arriving: [noise(6, STEPS * plane), noise(7, 2 * STEPS * plane), noise(8, 2 * plane)],
            equations: Equations::of(&Probe, 1.0, &[]),
        }
    }

    fn forward_args(&self) -> ForwardArgs<'_> {
        ForwardArgs {
            equations: &self.equations,
            layout: self.layout,
            inputs: &self.inputs,
            params: &self.params,
            columns: &self.columns,
            initial: &self.initial,
            traces: &self.traces,
        }
    }

    fn forward(&self, isa: Isa) -> Scanned {
        forward_on(isa, &self.forward_args())
    }

    /// `arrives` says which of output, traces and final states have a gradient.
    fn backward(&self, isa: Isa, active: &[usize], arrives: [bool; 3]) -> Gradients {
        let rows = |i: usize| arrives[i].then_some(&self.arriving[i][..]);
        let (output, traces, finals) = (rows(0), rows(1), rows(2));
        backward_on(
            isa,
            &BackwardArgs { forward: self.forward_args(), output, traces, finals, active, wants_inputs: true },
        )
    }
}

fn bits(scanned: &Scanned) -> [Vec<u32>; 3] {
    [&scanned.output, &scanned.traces, &scanned.finals].map(|x| x.iter().map(|x| x.to_bits()).collect())
}

fn gradient_bits(gradients: &Gradients) -> [Vec<u32>; 3] {
    [&gradients.inputs, &gradients.params, &gradients.initial].map(|x| x.iter().map(|x| x.to_bits()).collect())
}

/// Largest difference, relative to the largest number of `expected`.
fn worst(actual: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(actual.len(), expected.len());
    let scale = expected.iter().fold(1e-3, |most: f64, x| most.max(x.abs()));
    actual.iter().zip(expected).fold(0.0, |most: f64, (a, e)| most.max((f64::from(*a) - e).abs())) / scale
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

/// Neuron by neuron with plain numbers: no register, no tile, another `exp` and `ln`.
fn one_by_one(data: &Data) -> Scanned {
    let (plane, neurons) = (data.layout.plane(), data.layout.neurons);
    let input_rows = data.inputs.len() / (2 * plane);
    let mut out = Scanned {
        output: vec![0.0; STEPS * plane],
        traces: vec![0.0; 2 * STEPS * plane],
        finals: vec![0.0; 2 * plane],
    };
    for place in 0..plane {
        let mut start = 0;
        let params = ProbeParams::from_fn(|k| {
            let len = data.columns[k];
            let at = start + place % neurons / (neurons / len);
            start += len;
            data.params[at]
        });
        let mut state = ProbeState::from_fn(|k| data.initial[k * plane + place]);
        for t in 0..STEPS {
            let row = t.min(input_rows - 1);
            let input = ProbeInput::from_fn(|i| data.inputs[(i * input_rows + row) * plane + place]);
            out.output[t * plane + place] = Probe.step(&params, &mut state, input);
            for (k, &trace) in data.traces.iter().enumerate() {
                out.traces[(k * STEPS + t) * plane + place] = state.get(trace);
            }
        }
        for k in 0..2 {
            out.finals[k * plane + place] = state.get(k);
        }
    }
    out
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let sets = Isa::available();
    println!("instruction sets: {sets:?}");
    for shape in SHAPES {
        for (per, input_rows) in PER.into_iter().flat_map(|per| [(per, STEPS), (per, 1)]) {
            let data = Data::new(shape, per, input_rows);
            let scanned = bits(&data.forward(Isa::Baseline));
            for &isa in &sets {
                assert!(bits(&data.forward(isa)) == scanned, "forward {isa:?} {shape:?} {per:?}");
            }
            for active in ACTIVE {
                let gradients = gradient_bits(&data.backward(Isa::Baseline, active, [true; 3]));
                for &isa in &sets {
                    let same = gradient_bits(&data.backward(isa, active, [true; 3])) == gradients;
                    assert!(same, "backward {isa:?} {shape:?} {per:?} {active:?}");
                }
            }
        }
    }
}

#[test]
fn lanes_compute_what_one_neuron_computes() {
    let mut spikes = 0.0;
    for shape in SHAPES {
        for (per, input_rows) in PER.into_iter().flat_map(|per| [(per, STEPS), (per, 1)]) {
            let data = Data::new(shape, per, input_rows);
            let (lanes, plain) = (data.forward(Isa::best()), one_by_one(&data));
            assert_eq!(lanes.output, plain.output, "{shape:?} {per:?}");
            for (actual, expected) in [(&lanes.traces, &plain.traces), (&lanes.finals, &plain.finals)] {
                let error = worst(actual, &wide(expected));
                assert!(error < 2e-6, "{shape:?} {per:?}: {error:e}");
            }
            spikes += lanes.output.iter().sum::<f32>() / lanes.output.len() as f32;
        }
    }
    let rate = spikes / (8 * SHAPES.len()) as f32;
    assert!((0.1..0.9).contains(&rate), "the probe should fire now and then, not at a rate of {rate}");
}

#[test]
fn an_input_that_stays_the_same_is_that_input_repeated() {
    for shape in SHAPES {
        let once = Data::new(shape, Per::Mixed, 1);
        let plane = once.layout.plane();
        let repeated = Data {
            inputs: once.inputs.chunks_exact(plane).flat_map(|row| row.repeat(STEPS)).collect(),
            ..Data::new(shape, Per::Mixed, STEPS)
        };
        assert!(bits(&once.forward(Isa::best())) == bits(&repeated.forward(Isa::best())), "{shape:?}");

        let (one, each) = [&once, &repeated].map(|data| data.backward(Isa::best(), &[0, 1, 2], [true; 3])).into();
        let mut sums = vec![0.0; 2 * plane];
        for (row, values) in each.inputs.chunks_exact(plane).enumerate() {
            for (place, value) in values.iter().enumerate() {
                sums[row / STEPS * plane + place] += f64::from(*value);
            }
        }
        let error = worst(&one.inputs, &sums);
        assert!(error < 1e-6, "{shape:?}: {error:e}");
        assert_eq!(one.params, each.params, "{shape:?}");
        assert_eq!(one.initial, each.initial, "{shape:?}");
    }
}

#[test]
fn what_else_learns_does_not_matter() {
    // the gradient of one parameter, whichever others are asked for; the rest is zero
    for (shape, per) in SHAPES.into_iter().flat_map(|shape| PER.map(|per| (shape, per))) {
        let data = Data::new(shape, per, STEPS);
        let all = data.backward(Isa::best(), &[0, 1, 2], [true; 3]);
        assert!(all.params.iter().all(|g| *g != 0.0), "every parameter matters");
        for active in ACTIVE {
            let some = data.backward(Isa::best(), active, [true; 3]);
            let start = |k: usize| data.columns[..k].iter().sum::<usize>();
            for k in 0..3 {
                let range = start(k)..start(k + 1);
                let expected = match active.contains(&k) {
                    true => wide(&all.params[range.clone()]),
                    false => vec![0.0; range.len()],
                };
                let error = worst(&some.params[range], &expected);
                assert!(error < 1e-5, "{shape:?} {per:?} {active:?} parameter {k}: {error:e}");
            }
            for (actual, expected) in [(&some.inputs, &all.inputs), (&some.initial, &all.initial)] {
                let error = worst(actual, &wide(expected));
                assert!(error < 1e-5, "{shape:?} {per:?} {active:?}: {error:e}");
            }
        }
    }
}

#[test]
fn a_gradient_that_does_not_arrive_is_zero() {
    for shape in SHAPES {
        let data = Data::new(shape, Per::Neuron, STEPS);
        for which in 0..8 {
            let arrives = [0, 1, 2].map(|i| which >> i & 1 == 1);
            let mut zeros = Data::new(shape, Per::Neuron, STEPS);
            for (values, _) in zeros.arriving.iter_mut().zip(arrives).filter(|(_, arrives)| !arrives) {
                values.fill(0.0);
            }
            let (absent, zero) =
                (data.backward(Isa::best(), &[0, 1, 2], arrives), zeros.backward(Isa::best(), &[0, 1, 2], [true; 3]));
            assert_eq!(absent.inputs, zero.inputs, "{shape:?} {arrives:?}");
            assert_eq!(absent.params, zero.params, "{shape:?} {arrives:?}");
            assert_eq!(absent.initial, zero.initial, "{shape:?} {arrives:?}");
        }
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for shape in [(1, 7, 7), (2, 550, 50), (9, 600, 6)] {
        let data = Data::new(shape, Per::Channel, STEPS);
        let results = [1, 2, 5].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                (bits(&data.forward(Isa::best())), gradient_bits(&data.backward(Isa::best(), &[0, 1, 2], [true; 3])))
            })
        });
        assert!(results[0] == results[1], "{shape:?}: 2 threads");
        assert!(results[0] == results[2], "{shape:?}: 5 threads");
    }
}

#[test]
fn reduce_adds_up_each_column() {
    for (batch, neurons, channels) in SHAPES {
        let layout = Layout { steps: STEPS, batch, neurons };
        // large and small numbers of both signs: a sum in single precision would be off
        let plane: Vec<f32> =
            noise(9, layout.plane()).iter().enumerate().map(|(i, x)| x * if i % 3 == 0 { 1e6 } else { 1.0 }).collect();
        for len in [1, channels, neurons] {
            let mut sums = vec![0f64; len];
            for (i, x) in plane.iter().enumerate() {
                sums[i % neurons / (neurons / len)] += f64::from(*x);
            }
            for (actual, expected) in reduce(&plane, len, &layout).into_iter().zip(sums) {
                let error = (f64::from(actual) - expected).abs() / expected.abs();
                assert!(error < 1.2e-7, "{batch} {neurons} {len}: {actual} {expected}");
            }
        }
    }
}
