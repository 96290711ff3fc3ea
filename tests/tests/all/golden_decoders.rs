//! Every recorded decoder of SPAIC: scores and gradients, on every CPU backend.

use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use synfire::coding::{
    Activations, ComplexTimingDistance, Criterion, Decode, Decoder, Likelihood, TimeSoftmax, time_norms,
};
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{devices, numbers};

/// The record as the leaves that gradients are taken of: itself, or spikes and their times (real and imaginary
/// parts), which lie on this axis of the recorded array.
struct Leaves {
    parts: Vec<Tensor<3>>,
    axis: Option<usize>,
}

impl Leaves {
    fn read(case: &Recording, device: &Device) -> Self {
        let axis = match (case.shape("record").len(), case.name.starts_with("complex")) {
            (3, _) => {
                return Leaves { parts: vec![case.tensor::<3>("record", device).require_grad()], axis: None };
            }
            (_, true) => 3,
            (_, false) => 2,
        };
        let record = case.tensor::<4>("record", device);
        let part = |which| record.clone().narrow(axis, which, 1).squeeze_dim::<3>(axis).require_grad();
        Leaves { parts: vec![part(0), part(1)], axis: Some(axis) }
    }

    fn activity(&self, dt: f32) -> Activations {
        let output = self.parts[0].clone();
        let Some(axis) = self.axis else {
            // a decoder reads the one or the other
            return Activations { potential: Some(output.clone()), ..Activations::new(output, dt) };
        };
        let unit = if axis == 3 { dt } else { 1.0 };
        Activations { spike_times: Some(self.parts[1].clone() * unit), ..Activations::new(output, dt) }
    }

    /// The gradient in the shape of the recorded array.
    fn gradient(&self, gradients: &Gradients) -> Vec<f32> {
        let of = |x: &Tensor<3>| x.grad(gradients).unwrap_or_else(|| x.clone().inner().zeros_like());
        match self.axis {
            None => numbers(&of(&self.parts[0])),
            Some(axis) => numbers(&Tensor::stack::<4>(self.parts.iter().map(of).collect(), axis)),
        }
    }
}

/// The settings that make a decoder what SPAIC's source has.
fn decoder(case: &Recording) -> Decoder {
    let mut settings = case.params();
    settings.insert("name".to_string(), case.name.clone().into());
    if Decoder::named(&case.name).unwrap().settings().contains_key("spaic_compat") {
        settings.insert("spaic_compat".to_string(), true.into());
    }
    serde_json::from_value(settings.into()).unwrap_or_else(|error| panic!("{}: {error}", case.what()))
}

fn check(case: &Recording, device: &Device) {
    let leaves = Leaves::read(case, device);
    let activity = leaves.activity(case.dt());
    let (loss, scale) = match (case.name.as_str(), case.tag.as_str()) {
        ("complex_timing_distance", _) => timing_distance(case, &activity),
        ("time_softmax", tag) if tag.starts_with("coding3") => shares(case, &activity),
        ("time_softmax", tag) if tag.starts_with("coding1") => {
            let scores = time_norms(activity.values.clone(), activity.times(), activity.dt);
            (weighted(case, scores.unsqueeze_dim(0)), 1.0)
        }
        ("time_softmax", _) => {
            let decoded = TimeSoftmax { rate_weight: 1.0 }.decode(&activity, &[]);
            let penalty = decoded.penalty.unwrap();
            case.check("rateloss", &penalty);
            (weighted(case, decoded.scores) + penalty * 0.7, 1.0)
        }
        ("complex_trajectory", _) => return trajectory(case, &leaves, &activity, device),
        _ => (weighted(case, decoder(case).decode(&activity, &[]).scores), 1.0),
    };
    let gradient: Vec<f32> = leaves.gradient(&loss.backward()).into_iter().map(|x| x * scale).collect();
    case.check_numbers("grad_record", &gradient);
}

/// Compares the scores, and weights them for the loss.
fn weighted(case: &Recording, scores: Tensor<3>) -> Tensor<1> {
    case.check("out", &scores);
    let weights = case.tensor::<3>("coef", &scores.device());
    (scores * weights).sum()
}

fn timing_distance(case: &Recording, activity: &Activations) -> (Tensor<1>, f32) {
    let settings = serde_json::to_value(case.params()).unwrap();
    let filter_time = settings["filter_time"].as_f64().unwrap_or(10.0) as f32;
    let target = case.tensor::<3>("target", &activity.values.device()).permute([2, 0, 1]);
    let out = ComplexTimingDistance { filter_time }.distance(activity, target);
    case.check("out", &out.distance);
    case.check("record_rate", &out.rate.permute([1, 2, 0]));
    case.check("target_rate", &out.target_rate.permute([1, 2, 0]));
    (out.distance, 1.0)
}

/// SPAIC's loss of `time_softmax`: its gradient is of the sum over the batch, its value the mean.
fn shares(case: &Recording, activity: &Activations) -> (Tensor<1>, f32) {
    let decoded = Decoder::named("time_shares").unwrap().decode(activity, &[]);
    case.check("out", &decoded.scores);
    let batch = activity.values.dims()[1];
    let targets: Vec<i64> = case.numbers("target").iter().map(|&x| x as i64).collect();
    let labels = Tensor::<1, Int>::from_data(TensorData::new(targets, [batch]), &activity.values.device());
    let loss = Likelihood {}.loss(&decoded, activity, &labels.into());
    case.check("loss", &loss);
    (loss, batch as f32)
}

fn trajectory(case: &Recording, leaves: &Leaves, activity: &Activations, device: &Device) {
    let parameters = ["tau_d", "tau_r", "weight"];
    let learned = parameters.map(|name| case.tensor::<2>(name, device).squeeze_dim::<1>(0).require_grad());
    // ours is time first
    let scores = decoder(case).decode(activity, &learned).scores.permute([1, 2, 0]);
    let loss = weighted(case, scores);
    let gradients = loss.backward();
    for (name, learned) in parameters.iter().zip(&learned) {
        case.check(&format!("grad_{name}"), &learned.grad(&gradients).unwrap());
    }
    case.check_numbers("grad_record", &leaves.gradient(&gradients));
}

#[test]
fn decoders_do_what_spaic_does() {
    let cases = recordings("decoder");
    for (backend, device) in devices() {
        for case in &cases {
            check(case, &device);
        }
        println!("{} decoder cases on {backend}", cases.len());
    }
}
