//! Every recorded spike function of SPAIC: value, slope, and the gradient of its width where it learns.

use burn::tensor::{Device, Tensor};
use synfire::Surrogate;
use synfire::neuron::{If, NeuronConfig, NeuronState, ParameterConfig, Reset};
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{devices, numbers, tensor};

/// Ours for SPAIC's name, the first part of a tag.
fn surrogate(tag: &str) -> Surrogate {
    match tag.split('/').next().unwrap() {
        "SigmoidGrad" => Surrogate::Sigmoid,
        "AtanGrad" => Surrogate::Atan,
        "RectangleGrad" => Surrogate::Rectangle,
        "GateGrad" => Surrogate::Gate,
        "QGateGrad" => Surrogate::QuadraticGate,
        "ReLUGrad" => Surrogate::Relu,
        "STE" => Surrogate::StraightThrough,
        "STCA" => Surrogate::Stca,
        "STBP" => Surrogate::SpaicStbp,
        other => panic!("no surrogate of ours is SPAIC's `{other}`"),
    }
}

fn check(case: &Recording, device: &Device) {
    let surrogate = surrogate(&case.tag);
    let fact = |name: &str| case.facts[name].as_f64().map(|x| x as f32);
    let (alpha, v_th) = (fact("alpha"), fact("v_th").unwrap_or(0.0));
    let x = case.numbers("x");
    // one step of a neuron that keeps what it is given: the potential is the input
    let model = If { surrogate, reset: Reset::None, detach_reset: true };
    let mut config = NeuronConfig::new().with_model(model).with("v_th", v_th);
    if let Some(alpha) = alpha {
        config = match surrogate.has_alpha_gradient() {
            true => config.with("alpha", ParameterConfig::learnable(alpha)),
            false => config.with("alpha", alpha),
        };
    }
    let neurons = config.init(&[x.len()], device);
    let rest = NeuronState(vec![Tensor::zeros([1, x.len()], device)]);
    let potential = tensor::<3>(x.to_vec(), [1, 1, x.len()], device).require_grad();
    let (spikes, _) = neurons.forward_from(potential.clone(), Some(rest));
    case.check_numbers("y", &numbers(&spikes));
    let upstream = case.tensor::<3>("upstream", device);
    let gradients = (spikes * upstream).sum().backward();
    // a curve ends where its argument is exactly its width; which side that point is on is rounding
    let near_edge = |x: f32| {
        let edges = alpha.map_or(vec![], |alpha| vec![alpha, 1.0 / alpha]);
        edges.iter().any(|edge| ((x - v_th).abs() - edge).abs() < 1e-5)
    };
    let mut ours = numbers(&potential.grad(&gradients).unwrap());
    for ((ours, theirs), x) in ours.iter_mut().zip(case.numbers("grad")).zip(x) {
        if near_edge(*x) {
            *ours = *theirs;
        }
    }
    case.check_numbers("grad", &ours);
    if case.find("grad_alpha").is_some() {
        let alpha = neurons.parameter("alpha").unwrap();
        // what is learned is its logarithm
        let slope = numbers(&alpha.value());
        let gradient = numbers(&alpha.raw.val().grad(&gradients).unwrap());
        case.check_numbers("grad_alpha", &[gradient[0] / slope[0]]);
    }
}

#[test]
fn surrogates_are_those_of_spaic() {
    let cases = recordings("surrogate");
    for (backend, device) in devices() {
        for case in &cases {
            check(case, &device);
        }
        println!("{} surrogates on {backend}", cases.len());
    }
}
