//! One pass against tensor operations, for each backend and instruction set.

use super::adam::by_operations as adam_by_operations;
use super::sgd::by_operations as sgd_by_operations;
use super::*;
use crate::kernel::Isa;
use crate::testing::{Noise, assert_close, assert_independent_of_threads, devices, values};

/// A unit in the last place or two: Burn may divide otherwise.
const ROUNDING: f32 = 3e-7;

/// Less than a register, whole registers, a rest, and more than a task.
const SIZES: [usize; 5] = [1, 15, 64, 100, 70_001];
const DECAYS: [WeightDecay; 3] = [WeightDecay::None, WeightDecay::Gradient(0.1), WeightDecay::Parameters(0.1)];

#[test]
fn a_pass_is_the_tensor_operations() {
    for device in devices() {
        for size in SIZES {
            for decay in DECAYS {
                let mut noise = Noise::new(3);
                let mut tensor = || noise.tensor([size], &device);
                let (parameters, gradient, first) = (tensor(), tensor(), tensor());
                let second = tensor().square();
                let step = AdamStep { rate: 0.01, betas: [0.9, 0.999], epsilon: 1e-8, decay, time: 3 };
                let moments = [first, second];
                let ours = adam_step(parameters.clone(), gradient.clone(), moments.clone(), &step);
                let operations = adam_by_operations(parameters.clone(), gradient.clone(), moments.clone(), &step);
                for (ours, operations) in
                    [(&ours.0, &operations.0), (&ours.1[0], &operations.1[0]), (&ours.1[1], &operations.1[1])]
                {
                    let what = format!("adam, {size} values, {decay:?}, {device:?}");
                    assert_close(&what, &values(ours), &values(operations), ROUNDING);
                }
                let step = SgdStep { rate: 0.01, momentum: 0.9, decay };
                let [velocity, _] = moments;
                let ours = sgd_step(parameters.clone(), gradient.clone(), velocity.clone(), &step);
                let operations = sgd_by_operations(parameters, gradient, velocity, &step);
                let what = format!("sgd, {size} values, {decay:?}, {device:?}");
                assert_close(&what, &values(&ours.0), &values(&operations.0), ROUNDING);
                assert_close(&what, &values(&ours.1), &values(&operations.1), ROUNDING);
            }
        }
    }
}

#[test]
fn tensors_that_others_hold_stay_as_they_are() {
    for device in devices() {
        let mut noise = Noise::new(4);
        let whole: Tensor<2> = noise.tensor([6, 40], &device);
        // parts and views of one tensor
        let parts = [0, 2, 4].map(|at| whole.clone().slice([at..at + 2, 0..40]));
        let [parameters, gradient, first] = parts.map(|part| part.swap_dims(0, 1));
        let second = parameters.clone().square();
        let before = values(&whole);
        let step = AdamStep { rate: 0.1, betas: [0.9, 0.999], epsilon: 1e-8, decay: WeightDecay::None, time: 1 };
        let moments = [first, second];
        let ours = adam_step(parameters.clone(), gradient.clone(), moments.clone(), &step);
        let operations = adam_by_operations(parameters, gradient, moments, &step);
        assert_close("parameters", &values(&ours.0), &values(&operations.0), ROUNDING);
        assert_close("second moment", &values(&ours.1[1]), &values(&operations.1[1]), ROUNDING);
        assert_eq!(values(&whole), before);
    }
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let factors =
        AdamStep { rate: 0.01, betas: [0.9, 0.999], epsilon: 1e-8, decay: WeightDecay::Gradient(0.1), time: 2 };
    let run = |isa: Isa| {
        let mut noise = Noise::new(5);
        let [parameters, mut gradient, mut first] = [0; 3].map(|_| noise.values(40_001));
        let mut second: Vec<f32> = noise.values(40_001).into_iter().map(f32::abs).collect();
        adam_pass(isa, &factors.factors(), &parameters, &mut gradient, [&mut first, &mut second]);
        [gradient, first, second].concat()
    };
    let baseline = run(Isa::Baseline);
    for isa in Isa::available() {
        assert!(run(isa) == baseline, "{isa:?}");
        assert_independent_of_threads("adam", || run(isa));
    }
}
