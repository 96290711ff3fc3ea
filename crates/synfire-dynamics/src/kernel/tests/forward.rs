//! Forward, against neurons that are run one by one.

use super::data::{Data, PER, Per, SHAPES, STEPS};
use super::{bits, wide, worst};
use crate::kernel::Scanned;
use crate::kernel::machine::Isa;
use crate::probe::{Probe, ProbeInput, ProbeParams, ProbeState};
use crate::{Dynamics, Fields};

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
            let len = data.param_lens[k];
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
