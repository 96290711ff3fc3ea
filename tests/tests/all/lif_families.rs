//! What the models of the `if`, `lif` and `clif` families do by default, where that is not what SPAIC does
//! (that is in `conformance.rs`), worked out by hand; and which parameters they refuse.

use burn::tensor::{Device, Tensor};
use serde_json::json;
use synfire::neuron::{Neurons, Settings, registry};
use synfire_tests::{absolute_error, numbers, relative_error, tensor};

/// One neuron of a model with a time step of 1 ms.
fn neuron(model: &str, settings: serde_json::Value) -> Result<Neurons, String> {
    let settings: Settings = serde_json::from_value(settings).unwrap();
    let entry = registry::find(model).unwrap();
    entry.layer(&settings, &[1], 1.0, &Device::flex().autodiff()).map_err(|error| error.to_string())
}

/// Output and one state of a neuron, and what arrives at it.
fn run(model: &str, settings: serde_json::Value, current: &[f32], state: &str) -> [Tensor<3>; 3] {
    let neuron = neuron(model, settings).unwrap();
    let current = tensor(current.to_vec(), [current.len(), 1, 1], &Device::flex().autodiff()).require_grad();
    let state = neuron.state_index(state).unwrap();
    let out = neuron.run(current.clone(), current.dims()[0], None, &[state]).unwrap();
    let [trace] = out.traces.try_into().unwrap();
    [out.output, trace, current]
}

#[track_caller]
fn expect(model: &str, settings: serde_json::Value, current: &[f32], spikes: &[f32], v: &[f32]) {
    let [output, trace, _] = run(model, settings, current, "v");
    assert_eq!(numbers(&output), spikes, "{model} spikes");
    assert!(absolute_error(&numbers(&trace), v) < 1e-6, "{model}: {:?}, expected {v:?}", numbers(&trace));
}

#[test]
fn a_soft_reset_keeps_what_exceeds_the_threshold() {
    expect("ifsoftreset", json!({}), &[0.75, 0.75, 0.75], &[0.0, 1.0, 1.0], &[0.75, 0.5, 0.25]);
    expect("ifsoftreset", json!({ "spaic_compat": true }), &[0.75, 0.75, 0.75], &[0.0, 1.0, 0.0], &[0.75, 0.0, 0.75]);
    // the gradient of a soft reset: dV/dI = 1 - v_th times the surrogate's slope, here 1
    let settings = json!({ "surrogate": "straight_through", "v_th": 0.5 });
    let [_, v, current] = run("ifsoftreset", settings, &[0.75], "v");
    let gradients = v.sum().backward();
    assert_eq!(numbers(&current.grad(&gradients).unwrap()), [0.5]);
}

#[test]
fn resets_come_at_once_and_to_v_reset() {
    // half of the way to the input in each step
    let input = [3.0, 1.0, 1.0];
    expect("plif", json!({ "v_reset": 0.25 }), &input, &[1.0, 0.0, 0.0], &[0.25, 0.625, 0.8125]);
    let compat = json!({ "v_reset": 0.25, "spaic_compat": true });
    expect("plif", compat, &input, &[1.0, 1.0, 0.0], &[1.5, 0.0, 0.0]);
    let settings = json!({ "tau_m": 2.0, "v_reset": 0.25 });
    // rests at v_reset, so it goes half of the way to 0.25 + input
    expect("constantcurrentlif", settings, &input, &[1.0, 0.0, 0.0], &[0.25, 0.75, 1.0]);
    let ln2 = std::f32::consts::LN_2;
    expect("lif", json!({ "tau_m": 1.0 / ln2, "v_reset": 0.25 }), &[1.5, 0.0], &[1.0, 0.0], &[0.25, 0.125]);
    let compat = json!({ "tau_m": 1.0 / ln2, "v_reset": 0.25, "spaic_compat": true });
    expect("lif", compat, &[1.5, 0.0], &[1.0, 0.0], &[0.0, 0.0]);
}

#[test]
fn a_leaky_integrator_answers_in_the_same_step() {
    let settings =
        |compat: bool| json!({ "tau_p": 8.0, "tau_q": 2.0, "tau_m": 2.0, "v0": 1.0, "spaic_compat": compat });
    let impulse = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let psp = |t: usize| (-(t as f32) / 8.0).exp() - (-(t as f32) / 2.0).exp();
    let mut v = vec![0.0];
    for t in 1..impulse.len() {
        v.push(v[t - 1] + 0.5 * (psp(t) - v[t - 1]));
    }
    expect("nonspikinglif", settings(false), &impulse, &v, &v);
    // SPAIC's is the same three steps later
    let late = [vec![0.0; 3], v[..4].to_vec()].concat();
    expect("nonspikinglif", settings(true), &impulse, &late, &late);
}

#[test]
fn v0_makes_the_peak_of_the_kernel_one() {
    for (model, slow, fast) in [("clif", "tau_p", "tau_q"), ("aclif", "tau_p", "tau_q"), ("clif2k", "tau_m", "tau_s")] {
        let settings = json!({ slow: 400.0, fast: 100.0, "v_th": 10.0 });
        let mut impulse = vec![0.0; 400];
        impulse[0] = 1.0;
        let [_, v, _] = run(model, settings, &impulse, "v");
        let peak = numbers(&v).into_iter().fold(0.0, f32::max);
        assert!((peak - 1.0).abs() < 1e-4, "{model}: {peak}");
        let learns = neuron(model, json!({})).unwrap();
        assert_eq!(learns.info().learnable, ["v0"], "{model}");
    }
}

#[test]
fn adaptation_makes_it_fire_less() {
    let counts = [0.0, 0.3].map(|strength| {
        let [output, _, _] = run("aclif", json!({ "beta_adaptive": strength }), &[0.5; 100], "v");
        numbers(&output).iter().sum::<f32>()
    });
    assert!(counts[1] > 2.0 && counts[1] < 0.7 * counts[0], "{counts:?}");
    assert_eq!(registry::find("aclif").unwrap().info.persistent, ["vth1"]);
}

#[test]
fn a_relay_passes_everything_on() {
    let neuron = neuron("relay", json!({})).unwrap();
    let current = tensor(vec![0.5, -2.0], [2, 1, 1], &Device::flex().autodiff()).require_grad();
    let output = neuron.forward(current.clone());
    assert_eq!(numbers(&output), [0.5, -2.0]);
    let gradients = (output * 3.0).sum().backward();
    assert!(relative_error(&numbers(&current.grad(&gradients).unwrap()), &[3.0, 3.0]) < 1e-6);
}

#[test]
fn kernels_that_are_zero_and_decays_that_grow_are_refused() {
    for (model, settings, what) in [
        ("clif", json!({ "tau_p": 8.0 }), ["`tau_q`", "must differ"]),
        ("clif2k", json!({ "tau_m": 5.0, "tau_s": 5.0 }), ["`tau_m`", "both 5"]),
        ("aclif", json!({ "tau_p": 8.0 }), ["`tau_q`", "must differ"]),
        ("nonspikinglif", json!({ "tau_p": 1.0 }), ["`tau_p`", "must differ"]),
        ("pclif", json!({ "tau_s": 8.0 }), ["`tau_s`", "at most 1"]),
    ] {
        let problem = neuron(model, settings).unwrap_err();
        assert!(what.iter().all(|word| problem.contains(word)), "{model}: {problem}");
    }
}
