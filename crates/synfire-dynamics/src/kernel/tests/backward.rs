//! Backward: every choice of learnable parameters and of upstream gradients, and the sums over neurons.

use super::data::{ALL, Data, LEARNABLE, PER, Per, SHAPES, STEPS, noise};
use super::{wide, worst};
use crate::kernel::isa::Isa;
use crate::kernel::layout::reduce;
use crate::scan::Results;

#[test]
fn a_gradient_does_not_depend_on_what_else_learns() {
    // where a parameter does not learn, its gradient is zero
    for (shape, per) in SHAPES.into_iter().flat_map(|shape| PER.map(|per| (shape, per))) {
        let data = Data::new(shape, per, STEPS);
        let all = data.backward(Isa::best(), &[0, 1, 2], ALL);
        assert!(all.params.iter().all(|g| *g != 0.0), "every parameter matters");
        for learnable in LEARNABLE {
            let some = data.backward(Isa::best(), learnable, ALL);
            let start = |k: usize| data.spec.param_lens[..k].iter().sum::<usize>();
            for k in 0..3 {
                let range = start(k)..start(k + 1);
                let expected = match learnable.contains(&k) {
                    true => wide(&all.params[range.clone()]),
                    false => vec![0.0; range.len()],
                };
                let error = worst(&some.params[range], &expected);
                assert!(error < 1e-5, "{shape:?} {per:?} {learnable:?} parameter {k}: {error:e}");
            }
            for (actual, expected) in [(&some.inputs, &all.inputs), (&some.initial, &all.initial)] {
                let error = worst(actual, &wide(expected));
                assert!(error < 1e-5, "{shape:?} {per:?} {learnable:?}: {error:e}");
            }
        }
    }
}

#[test]
fn a_missing_upstream_gradient_is_zero() {
    for shape in SHAPES {
        let data = Data::new(shape, Per::Neuron, STEPS);
        for which in 0..8 {
            let present = Results::from_array([0, 1, 2].map(|i| which >> i & 1 == 1));
            let mut zeros = Data::new(shape, Per::Neuron, STEPS);
            zeros.upstream.as_mut().zip(present).map(|(values, present)| {
                if !present {
                    values.fill(0.0);
                }
            });
            let missing = data.backward(Isa::best(), &[0, 1, 2], present);
            let zero = zeros.backward(Isa::best(), &[0, 1, 2], ALL);
            assert_eq!(missing.inputs, zero.inputs, "{shape:?} {present:?}");
            assert_eq!(missing.params, zero.params, "{shape:?} {present:?}");
            assert_eq!(missing.initial, zero.initial, "{shape:?} {present:?}");
        }
    }
}

#[test]
fn reduce_sums_over_the_neurons_that_share_a_value() {
    for shape in SHAPES {
        // one parameter per channel, one for the layer, one per neuron
        let spec = Data::new(shape, Per::Mixed, STEPS).spec;
        // large and small values of both signs: a sum in single precision would be off
        let plane: Vec<f32> =
            noise(9, spec.plane()).iter().enumerate().map(|(i, x)| x * if i % 3 == 0 { 1e6 } else { 1.0 }).collect();
        for (k, &len) in spec.param_lens.iter().enumerate() {
            let mut sums = vec![0f64; len];
            for (i, x) in plane.iter().enumerate() {
                sums[i % spec.neurons / (spec.neurons / len)] += f64::from(*x);
            }
            for (actual, expected) in reduce(&plane, k, &spec).into_iter().zip(sums) {
                let error = (f64::from(actual) - expected).abs() / expected.abs();
                assert!(error < 1.2e-7, "{shape:?} {len}: {actual} {expected}");
            }
        }
    }
}
