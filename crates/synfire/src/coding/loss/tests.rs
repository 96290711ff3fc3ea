//! Losses of scores worked out by hand.

use super::*;
use burn::tensor::Device;

fn value(loss: &Loss, scores: [[f32; 2]; 2]) -> f32 {
    let device = Device::default();
    let scores = Tensor::<2>::from_floats(scores, &device).unsqueeze_dim::<3>(0);
    let activity = Activity { output: scores.clone(), spike_times: None, potential: None, dt: 1.0 };
    loss.loss(&scores.into(), &activity, Tensor::from_ints([0, 1], &device)).into_scalar()
}

#[track_caller]
fn check(loss: impl Into<Loss>, scores: [[f32; 2]; 2], expected: f32) {
    let actual = value(&loss.into(), scores);
    assert!((actual - expected).abs() < 1e-6, "{actual} instead of {expected}");
}

#[test]
fn losses_of_known_scores() {
    // (ln(1 + e^-2) + ln 2) / 2
    check(CrossEntropy {}, [[2.0, 0.0], [1.0, 1.0]], 0.410_038_1);
    // (ln 2 + ln 4) / 2
    check(Likelihood {}, [[0.5, 0.5], [0.75, 0.25]], 1.039_720_8);
    check(Mse {}, [[2.0, 0.0], [1.0, 1.0]], 0.5);
}
