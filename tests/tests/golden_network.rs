//! Networks recorded from SPAIC: delays, recurrence, injection and a module between layers.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use serde_json::{Value, json};
use synfire::coding::Decoder;
use synfire::network::{Layer, Linear, Network, NetworkConfig};
use synfire::neuron::registry;
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{devices, numbers};

/// How recurrent connections are written: as a property of the neurons, or as a layer that leads back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Written {
    Recurrent,
    Feedback,
}

/// Neurons as SPAIC's source has them, with the surrogate of the recorded gradients.
fn neurons(case: &Recording, model: &str) -> Value {
    let mut layer = case.facts[model].clone();
    layer["neuron"] = model.into();
    layer["surrogate"] = "stca".into();
    layer["alpha"] = 0.5.into();
    if registry::find(model).unwrap().has_setting("spaic_compat") {
        layer["spaic_compat"] = true.into();
    }
    layer
}

fn config(case: &Recording, layers: Vec<Value>) -> NetworkConfig {
    let delay = usize::from(case.facts["strategy"] == 0);
    let all = json!({ "steps": case.steps(), "dt": case.dt(), "encoder": "null", "decoder": "final_step_voltage",
                      "delay": delay, "layers": layers });
    serde_json::from_value(all).unwrap()
}

/// The two layers, each followed by one that sends on the current that it receives.
fn net2(case: &Recording, written: Written) -> NetworkConfig {
    let [n1, n2] = [case.fact("n1") as usize, case.fact("n2") as usize];
    let mut l1 = neurons(case, "lif");
    let mut l2 = neurons(case, "clif");
    l1["name"] = "l1".into();
    l1["inputs"] = json!(["w1"]);
    l2["input"] = "w2".into();
    l2["v0"] = json!({ "learn": true });
    let recurrent = case.facts["recurrent"] == true;
    let feedback = recurrent && written == Written::Feedback;
    if feedback {
        l1["inputs"] = json!(["w1", "wr"]);
    } else if recurrent {
        l1["recurrent"] = true.into();
    }
    if let Some(current) = case.facts["injected_current"].as_f64() {
        l1["inject"] = json!({ "name": "cc_generator", "amplitude": current });
    }
    let mut probe = json!({ "neuron": "null", "name": "isyn1", "inputs": l1["inputs"] });
    if let Some(inject) = l1.get("inject") {
        probe["inject"] = inject.clone();
    }
    let mut layers = vec![json!({ "linear": n1, "bias": false, "name": "w1", "input": "input" })];
    if feedback {
        layers.push(json!({ "linear": n1, "bias": false, "name": "wr", "input": "l1" }));
    }
    layers.extend([
        probe,
        l1,
        json!({ "linear": n2, "bias": false, "name": "w2", "input": "l1" }),
        json!({ "neuron": "null", "name": "isyn2", "input": "w2" }),
        l2,
    ]);
    config(case, layers)
}

fn build(config: &NetworkConfig, case: &Recording, device: &Device) -> Network {
    let numbers = case.shape("x")[0] * case.shape("x")[2];
    let classes = match config.layers.iter().rev().find_map(|layer| match layer {
        synfire::network::LayerConfig::Linear { linear, .. } => Some(linear.resolve(1)),
        _ => None,
    }) {
        Some(outputs) => outputs,
        None => case.shape("x")[2],
    };
    config.init(&[numbers], classes, 0, device).unwrap_or_else(|error| panic!("{}: {error}", case.what()))
}

/// The samples `[B, T * N]` of a signal `[T, B, N]`.
fn samples(case: &Recording, device: &Device) -> Tensor<2> {
    case.tensor::<3>("x", device).swap_dims(0, 1).flatten(1, 2)
}

/// Weights are (post, pre) there.
fn with_weight(network: Network, case: &Recording, array: &str, name: &str, device: &Device) -> Network {
    let weight = case.tensor::<2>(array, device).transpose();
    network.with_value(name, &numbers(&weight)).unwrap()
}

fn linear(network: &Network, layer: usize) -> &Linear {
    match &network.layers()[layer] {
        Layer::Linear(linear) => linear,
        other => panic!("layer {layer} is {other:?}"),
    }
}

fn check_net2(case: &Recording, written: Written, device: &Device) {
    let config = net2(case, written);
    let mut network = build(&config, case, device);
    let at = |name: &str| config.layers.iter().position(|layer| layer.wiring().name.as_deref() == Some(name));
    let last = config.layers.len() - 1;
    let [w1, w2, l1] = ["w1", "w2", "l1"].map(|name| at(name).unwrap());
    let mut weights = vec![("W1", format!("layers.{w1}.weight")), ("W2", format!("layers.{w2}.weight"))];
    if case.find("Wr").is_some() {
        weights.push((
            "Wr",
            match at("wr") {
                Some(wr) => format!("layers.{wr}.weight"),
                None => format!("layers.{l1}.recurrent.weight"),
            },
        ));
    }
    for (array, name) in &weights {
        network = with_weight(network, case, array, name, device);
    }
    let (_, records) = network.record(samples(case, device), 0).unwrap();
    let record = |layer: usize| records.iter().find(|record| record.name == format!("layers.{layer}")).unwrap();
    for (name, layer) in [("l1", l1), ("l2", last)] {
        case.check(&format!("{name}/O"), &record(layer).output);
        case.check(&format!("{name}/V"), record(layer).potential.as_ref().unwrap());
    }
    // the probe has no part in the neurons' own connections
    if case.find("Wr").is_none() || written == Written::Feedback {
        case.check("l1/Isyn", &record(at("isyn1").unwrap()).output);
    }
    case.check("l2/Isyn", &record(at("isyn2").unwrap()).output);

    let outcome = network.outcome(samples(case, device), 0).unwrap();
    let counts = Decoder::named("spike_counts").unwrap().decode(&outcome.activity, &[]).pooled();
    let voltage = outcome.decoded.pooled();
    case.check("spike_counts", &counts);
    case.check("final_step_voltage", &voltage);
    let coefficient = |name: &str| case.tensor::<2>(&format!("coef/{name}"), device);
    let loss = (counts * coefficient("spike_counts")).sum() + (voltage * coefficient("final_step_voltage")).sum();
    case.check("grad_stca/loss", &loss);
    let gradients = loss.backward();
    for (array, name) in &weights {
        let connections = match name.strip_suffix(".recurrent.weight") {
            Some(_) => network.recurrent(l1).unwrap(),
            None => linear(&network, name.split('.').nth(1).unwrap().parse().unwrap()),
        };
        let gradient = connections.weight.val().grad(&gradients).unwrap();
        case.check(&format!("grad_stca/{array}"), &gradient.transpose());
    }
    let Layer::Neurons(clif) = &network.layers()[last] else { panic!("the last layer is one of neurons") };
    let v0 = clif.parameter("v0").unwrap();
    let of_raw = numbers(&v0.raw.val().grad(&gradients).unwrap())[0];
    // what the optimiser moves need not be the number itself
    let slope = v0.value().sum().backward();
    case.check_numbers("grad_stca/V0", &[of_raw / numbers(&v0.raw.val().grad(&slope).unwrap())[0]]);
}

/// A module of a user's, as torch's linear.
#[derive(Module, Debug)]
struct Affine {
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
}

fn check_module(case: &Recording, device: &Device) {
    let [n, nin] = [case.fact("n") as usize, case.fact("nin") as usize];
    // a module returns as many numbers as it is given: the sample is padded, and so are the weights
    let wide = n.max(nin);
    let mut layer = neurons(case, "lif");
    layer["name"] = "l".into();
    let mut config = config(case, vec![json!({ "neuron": "null" }), layer]);
    config.delay = 0;
    config.steps = case.steps();
    let pad = |x: Tensor<3>| {
        let [steps, batch, width] = x.dims();
        let zeros = Tensor::zeros([steps, batch, wide - width], &x.device());
        if wide == width { x } else { Tensor::cat(vec![x, zeros], 2) }
    };
    let network = config.init(&[case.steps() * wide], wide, 0, device).unwrap();
    let square = |x: Tensor<2>| {
        let [outputs, inputs] = x.dims();
        let mut all = Tensor::<2>::zeros([wide, wide], &x.device());
        all = all.slice_assign([0..inputs, 0..outputs], x.transpose());
        all
    };
    let bias = pad(case.tensor::<1>("bias", device).reshape([1, 1, n])).reshape([wide]);
    let weight = square(case.tensor::<2>("weight", device));
    let affine = Affine { weight: Param::from_tensor(weight), bias: Param::from_tensor(bias) };
    let network = network.insert(0, affine, |affine, x| x.matmul(affine.weight.val()) + affine.bias.val().unsqueeze());
    let network = network.unwrap();
    let samples = pad(case.tensor::<3>("x", device)).swap_dims(0, 1).flatten::<2>(1, 2);
    let (_, records) = network.record(samples, 0).unwrap();
    let own = |x: &Tensor<3>| x.clone().narrow(2, 0, n);
    case.check("Isyn", &own(&records[0].output));
    case.check("O", &own(&records[1].output));
    case.check("V", &own(records[1].potential.as_ref().unwrap()));
    let loss = (own(&records[1].output) * case.tensor::<3>("coef/O", device)).sum();
    case.check("grad_stca/loss", &loss);
    let gradients = loss.backward();
    let gradients = burn::optim::GradientsParams::from_grads(gradients, &network);
    let id = |name: &str| network.parameters().into_iter().find(|p| p.name == name).unwrap().id;
    let weight = gradients.get::<2>(id("layers.0.module.weight")).unwrap();
    case.check("grad_stca/weight", &weight.slice([0..nin, 0..n]).transpose());
    let bias = gradients.get::<1>(id("layers.0.module.bias")).unwrap();
    case.check("grad_stca/bias", &bias.slice([0..n]));
}

#[test]
fn networks_do_what_spaic_does() {
    let cases = recordings("network");
    for (backend, device) in devices() {
        for case in &cases {
            match case.name.as_str() {
                "net2" => {
                    check_net2(case, Written::Recurrent, &device);
                    check_net2(case, Written::Feedback, &device);
                }
                "module" => check_module(case, &device),
                other => panic!("a recorded network `{other}` that no test knows"),
            }
        }
        println!("{} network cases on {backend}", cases.len());
    }
}
