//! Backward: whatever is asked for and whatever arrives, and the sums over neurons.

use super::data::{ACTIVE, Data, PER, Per, SHAPES, STEPS, noise};
use super::{wide, worst};
use crate::kernel::Layout;
use crate::kernel::layout::reduce;
use crate::kernel::machine::Isa;

#[test]
fn what_else_learns_does_not_matter() {
    // the gradient of one parameter, whichever others are asked for; the rest is zero
    for (shape, per) in SHAPES.into_iter().flat_map(|shape| PER.map(|per| (shape, per))) {
        let data = Data::new(shape, per, STEPS);
        let all = data.backward(Isa::best(), &[0, 1, 2], [true; 3]);
        assert!(all.params.iter().all(|g| *g != 0.0), "every parameter matters");
        for active in ACTIVE {
            let some = data.backward(Isa::best(), active, [true; 3]);
            let start = |k: usize| data.param_lens[..k].iter().sum::<usize>();
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
            for (values, _) in zeros.upstream.iter_mut().zip(arrives).filter(|(_, arrives)| !arrives) {
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
