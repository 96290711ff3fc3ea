//! The recorded networks of SPAIC: two layers with delays, recurrence and an injected current, and a module.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use serde_json::json;
use synfire::network::{NetworkConfig, fold_time};
use synfire::neuron::registry;
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{dot, numbers};

/// The encoder and the two layers, as SPAIC was told to build them.
fn description(case: &Recording) -> NetworkConfig {
    let facts = &case.facts;
    let neurons = |model: &str| {
        let mut layer = facts[model].clone();
        layer["neuron"] = model.into();
        layer["surrogate"] = "stca".into();
        layer["alpha"] = 0.5.into();
        layer
    };
    let mut first = neurons("lif");
    if facts["recurrent"] == json!(true) {
        first["recurrent"] = json!(true);
    }
    if let Some(current) = facts["injected_current"].as_f64() {
        first["inject"] = json!({ "name": "cc_generator", "amplitude": current });
    }
    let linear = |outputs: f64| json!({ "linear": outputs as usize, "bias": false });
    let description = json!({
        "steps": case.steps(),
        "dt": case.dt(),
        // the default build delays each connection by a step
        "delay": if facts["strategy"] == json!(0) { 1 } else { 0 },
        "encoder": "null",
        "decoder": "v_t",
        "layers": [linear(case.fact("n1")), first, linear(case.fact("n2")), neurons("clif")],
    });
    serde_json::from_value(description).unwrap_or_else(|error| panic!("{}: {error}", case.what()))
}

/// The gradient of a weight comes as it is kept, `[inputs, outputs]`; SPAIC's is the other way round.
fn transposed(numbers: &[f32], [rows, columns]: [usize; 2]) -> Vec<f32> {
    (0..columns * rows).map(|at| numbers[(at % rows) * columns + at / rows]).collect()
}

const WEIGHTS: [(&str, &str); 3] =
    [("W1", "layers.0.weight"), ("W2", "layers.2.weight"), ("Wr", "layers.1.recurrent.weight")];

fn check_layers(case: &Recording, device: &Device) {
    let [_, batch, inputs] = case.shape("x")[..] else { panic!("{}: x is not [T, B, n]", case.what()) };
    let mut network = description(case).init(&[case.steps(), inputs], case.fact("n2") as usize, 0, device).unwrap();
    let recorded = || WEIGHTS.into_iter().filter(|(theirs, _)| case.find(theirs).is_some());
    for (theirs, ours) in recorded() {
        network = network.with_value(ours, case.numbers(theirs)).unwrap();
    }
    let samples = case.tensor::<3>("x", device).swap_dims(0, 1).reshape([batch, case.steps() * inputs]);
    let (_, records) = network.record(samples.clone(), 0).unwrap();
    for (layer, record) in ["l1", "l2"].into_iter().zip(&records) {
        case.check(&format!("{layer}/O"), &record.output);
        case.check(&format!("{layer}/V"), record.potential.as_ref().unwrap());
    }
    let activity = network.forward_full(samples, 0).unwrap().activity;
    let counts = activity.values.clone().sum_dim(0);
    let last = activity.final_potential();
    case.check("spike_counts", &counts);
    case.check("final_step_voltage", &last);
    let weighted = |scores: Tensor<3>, name: &str| (scores * case.tensor::<3>(&format!("coef/{name}"), device)).sum();
    let loss = weighted(counts, "spike_counts") + weighted(last, "final_step_voltage");
    case.check("grad_stca/loss", &loss);
    let gradients = GradientsParams::from_grads(loss.backward(), &network);
    let parameters = network.parameters();
    for (theirs, ours) in recorded() {
        let weight = parameters.iter().find(|p| p.name == ours).unwrap();
        let gradient = numbers(&gradients.get::<2>(weight.id).unwrap());
        case.check_numbers(&format!("grad_stca/{theirs}"), &transposed(&gradient, [weight.shape[1], weight.shape[0]]));
    }
    let v0 = network.layers()[3].neurons().unwrap().parameter("v0").unwrap();
    // what is learned may be its logarithm
    let raw = v0.raw.val();
    let gradient = numbers(&gradients.get::<1>(v0.raw.id).unwrap());
    let derivative = numbers(&raw.grad(&v0.value().sum().backward()).unwrap());
    case.check_numbers("grad_stca/V0", &[gradient[0] / derivative[0]]);
}

/// A linear module between the input and neurons: it acts in the same step.
fn check_module(case: &Recording, device: &Device) {
    let mut settings = case.facts["lif"].as_object().unwrap().clone();
    settings.insert("surrogate".to_string(), "stca".into());
    settings.insert("alpha".to_string(), 0.5.into());
    let settings = settings.into_iter().collect();
    let n = case.fact("n") as usize;
    let neurons = registry::find("lif").unwrap().layer(&settings, &[n], case.dt(), device).unwrap();
    let weight = case.tensor::<2>("weight", device).transpose().detach().require_grad();
    let bias = case.tensor::<1>("bias", device).require_grad();
    let module = burn::nn::Linear {
        weight: burn::module::Param::from_tensor(weight),
        bias: Some(burn::module::Param::from_tensor(bias)),
    };
    let current: Tensor<3> = fold_time(case.tensor::<3>("x", device), |x: Tensor<2>| module.forward(x));
    case.check("Isyn", &current);
    let v = neurons.state_index("v").unwrap();
    let out = neurons.run(current, case.steps(), None, &[v]).unwrap();
    case.check("O", &out.output);
    case.check("V", &out.traces[0]);
    let loss = (out.output.clone() * case.tensor::<3>("coef/O", device)).sum();
    let expected = dot(&numbers(&out.output), case.numbers("coef/O"));
    assert!((f64::from(numbers(&loss)[0]) - expected).abs() < 1e-4);
    case.check("grad_stca/loss", &loss);
    let gradients = loss.backward();
    let of_weight = module.weight.val().grad(&gradients).unwrap();
    case.check("grad_stca/weight", &of_weight.transpose());
    case.check("grad_stca/bias", &module.bias.as_ref().unwrap().val().grad(&gradients).unwrap());
}

#[test]
fn networks_do_what_spaic_does() {
    let cases = recordings("network");
    for (backend, device) in synfire_tests::devices() {
        for case in &cases {
            match case.name.as_str() {
                "module" => check_module(case, &device),
                _ => check_layers(case, &device),
            }
        }
        println!("{} network cases on {backend}", cases.len());
    }
}
