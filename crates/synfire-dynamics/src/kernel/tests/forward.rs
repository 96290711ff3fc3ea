//! Forward, against neurons that are run one after the other.

use super::data::{ALL, Data, PER, Per, SHAPES, STEPS};
use super::{bits, wide, worst};
use crate::kernel::isa::Isa;
use crate::probe::{Probe, ProbeInput, ProbeParams, ProbeState};
use crate::scan::Results;
use crate::spikes::Outlet;
use crate::{Dynamics, Fields};

/// Runs neuron after neuron in plain `f32`: no register, no tile, another `exp` and `ln`.
fn one_by_one(data: &Data) -> Results<Vec<f32>> {
    let (spec, operands) = (&data.spec, &data.operands);
    let (plane, neurons, input_rows) = (spec.plane(), spec.neurons, spec.input_rows());
    let mut out =
        Results { output: STEPS * plane, traces: 2 * STEPS * plane, finals: 2 * plane }.map(|len| vec![0.0; len]);
    for at in 0..plane {
        let mut start = 0;
        let params = ProbeParams::from_fn(|k| {
            let len = spec.param_lens[k];
            let index = start + at % neurons / (neurons / len);
            start += len;
            operands.params[index]
        });
        let mut state = ProbeState::from_fn(|k| operands.initial[k * plane + at]);
        for t in 0..STEPS {
            let row = t.min(input_rows - 1);
            let input = ProbeInput::from_fn(|i| operands.inputs[(i * input_rows + row) * plane + at]);
            out.output[t * plane + at] = Probe.step(&params, &mut state, input);
            for (k, &trace) in spec.traces.iter().enumerate() {
                out.traces[(k * STEPS + t) * plane + at] = state.get(trace);
            }
        }
        for k in 0..2 {
            out.finals[k * plane + at] = state.get(k);
        }
    }
    out
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
fn spikes_as_bits_are_the_output() {
    // neurons that fill words, in tiles that are whole and not, and neurons that do not
    let whole = [(1, 64, 1), (2, 64, 4), (3, 128, 2), (5, 192, 3), (1, 320, 5)];
    for shape in whole.into_iter().chain(SHAPES) {
        for per in PER {
            let data = Data::new(shape, per, STEPS);
            let values = data.forward(Isa::Baseline);
            for isa in Isa::available() {
                let outlet = Outlet::default();
                let mut to_bits = Data::new(shape, per, STEPS);
                to_bits.spec.outlet = Some(outlet.clone());
                let results = to_bits.forward(isa);
                let spikes = outlet.spikes().expect("spikes").values();
                assert_eq!(spikes, values.output, "{isa:?} {shape:?} {per:?}");
                assert!(
                    results.finals == values.finals && results.traces == values.traces,
                    "{isa:?} {shape:?} {per:?}"
                );
            }
        }
    }
}

#[test]
fn a_constant_input_is_that_input_repeated() {
    for shape in SHAPES {
        let once = Data::new(shape, Per::Mixed, 1);
        let plane = once.spec.plane();
        let mut repeated = Data::new(shape, Per::Mixed, STEPS);
        repeated.operands.inputs = once.operands.inputs.chunks_exact(plane).flat_map(|row| row.repeat(STEPS)).collect();
        assert!(bits(once.forward(Isa::best())) == bits(repeated.forward(Isa::best())), "{shape:?}");

        let (one, each) = [&once, &repeated].map(|data| data.backward(Isa::best(), &[0, 1, 2], ALL)).into();
        let mut sums = vec![0.0; 2 * plane];
        for (row, values) in each.inputs.chunks_exact(plane).enumerate() {
            for (at, value) in values.iter().enumerate() {
                sums[row / STEPS * plane + at] += f64::from(*value);
            }
        }
        let error = worst(&one.inputs, &sums);
        assert!(error < 1e-6, "{shape:?}: {error:e}");
        assert_eq!(one.params, each.params, "{shape:?}");
        assert_eq!(one.initial, each.initial, "{shape:?}");
    }
}

#[test]
fn a_uniform_start_is_that_state_for_every_neuron() {
    for shape in SHAPES {
        let mut each = Data::new(shape, Per::Mixed, STEPS);
        let plane = each.spec.plane();
        let mut uniform = Data::new(shape, Per::Mixed, STEPS);
        (uniform.spec.uniform_start, uniform.operands.initial) = (true, vec![0.25, 0.5]);
        each.operands.initial = uniform.operands.initial.iter().flat_map(|&x| vec![x; plane]).collect();
        assert!(bits(uniform.forward(Isa::best())) == bits(each.forward(Isa::best())), "{shape:?}");
    }
}
