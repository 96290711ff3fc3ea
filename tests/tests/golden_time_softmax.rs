//! The decoders of spike times against arrays recorded from SPAIC: values and gradients.
//!
//! `SYNFIRE_GOLDEN` names the folder of the cases; without it and without `shared/golden/cases` next
//! to the workspace the tests skip, with a message.

use burn::tensor::{Device, Int, Tensor, TensorData};
use safetensors::SafeTensors;
use std::path::PathBuf;
use synfire::coding::{Activity, Criterion, Likelihood, time_shares, time_softmax};
use synfire_tests::{absolute_error, numbers, tensor};

const DT: f32 = 0.5;
const DIMS: [usize; 3] = [12, 2, 6];

/// Spikes and their times in one array, `[T, B, 2, N]`.
fn both_channels(spikes: &[f32], times: &[f32]) -> Vec<f32> {
    let rows = spikes.chunks(DIMS[2]).zip(times.chunks(DIMS[2]));
    rows.flat_map(|(spikes, times)| [spikes, times].concat()).collect()
}

fn check(case: &str, run: impl Fn(&SafeTensors<'_>, Tensor<3>, Tensor<3>) -> Tensor<1>, scale: f32) {
    let folder = std::env::var_os("SYNFIRE_GOLDEN")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/golden/cases"), PathBuf::from);
    let Ok(bytes) = std::fs::read(folder.join("decoder_time_softmax.safetensors")) else {
        eprintln!("skipped: no golden arrays of `time_softmax` in {}; set SYNFIRE_GOLDEN", folder.display());
        return;
    };
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let device = Device::flex().autodiff();
    let record = array(&file, &format!("{case}/record"));
    let channel = |which: usize| -> Vec<f32> {
        record.chunks(2 * DIMS[2]).flat_map(|row| row[which * DIMS[2]..][..DIMS[2]].to_vec()).collect()
    };
    let [spikes, times] = [0, 1].map(|which| tensor::<3>(channel(which), DIMS, &device).require_grad());
    let gradients = run(&file, spikes.clone(), times.clone()).backward();
    let [of_spikes, of_times] = [spikes, times].map(|x| numbers(&(x.grad(&gradients).unwrap() * scale)));
    let expected = array(&file, &format!("{case}/grad_record"));
    let error = absolute_error(&both_channels(&of_spikes, &of_times), &expected);
    assert!(error < 3e-6, "gradient of {case} is off by {error:e}");
}

fn array(file: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    let view = file.tensor(name).unwrap();
    view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn near(actual: &[f32], expected: &[f32], tolerance: f64, what: &str) {
    let error = absolute_error(actual, expected);
    assert!(error < tolerance, "{what} is off by {error:e}");
}

#[test]
fn scores_and_rate_loss() {
    let run = |file: &SafeTensors<'_>, spikes: Tensor<3>, times: Tensor<3>| {
        let out = time_softmax(spikes, times, DT);
        near(&numbers(&out.scores), &array(file, "a/out"), 1e-4, "out");
        near(&numbers(&out.rate_loss), &array(file, "a/rateloss"), 2e-6, "rateloss");
        let coefficients = tensor::<2>(array(file, "a/coef"), [DIMS[1], DIMS[2]], &out.scores.device());
        (out.scores * coefficients).sum() + out.rate_loss * 0.7
    };
    check("a", run, 1.0);
}

#[test]
fn loss_of_shares() {
    let run = |file: &SafeTensors<'_>, spikes: Tensor<3>, times: Tensor<3>| {
        let shares = time_shares(spikes, times, DT);
        near(&numbers(&shares), &array(file, "coding3/out"), 5e-7, "out");
        let view = file.tensor("coding3/target").unwrap();
        let targets: Vec<i32> =
            view.data().chunks_exact(4).map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let labels = Tensor::<1, Int>::from_data(TensorData::new(targets, [DIMS[1]]), &shares.device());
        let scores = shares.unsqueeze_dim::<3>(0);
        let activity = Activity { output: scores.clone(), spike_times: None, potential: None, dt: DT };
        let loss = Likelihood {}.loss(&scores.into(), &activity, labels);
        near(&numbers(&loss), &array(file, "coding3/loss"), 3e-6, "loss");
        loss
    };
    // SPAIC's gradient is of the sum over the batch, its loss the mean
    check("coding3", run, DIMS[1] as f32);
}
