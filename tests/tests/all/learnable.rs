//! Every parameter that may learn gets a gradient, for every model with every surrogate, reset and other setting; what
//! gets none is refused, and the message's cure cures.

use burn::tensor::{Device, Tensor};
use serde_json::{Value, json};
use synfire::Surrogate;
use synfire::neuron::{NeuronInput, Neurons, Reset, Settings, registry};
use synfire_tests::{Noise, numbers};

const NEURONS: usize = 8;

/// The settings of a model: each setting alone with each of its values, and every surrogate with every reset.
fn ways(entry: &registry::Entry) -> Vec<Settings> {
    let resets: Vec<Value> = match entry.has_setting("reset") {
        true => Reset::ALL.iter().map(|reset| json!(reset)).collect(),
        false => vec![],
    };
    let one = |key: &str, value: &Value| -> Settings { [(key.to_string(), value.clone())].into() };
    let mut ways = vec![Settings::new()];
    for (key, default) in entry.settings() {
        if let Value::Bool(default) = default {
            ways.push(one(&key, &json!(!default)));
        }
    }
    if entry.has_setting("surrogate") {
        for surrogate in Surrogate::ALL {
            let way = one("surrogate", &json!(surrogate));
            ways.extend(resets.iter().map(|reset| [way.clone(), one("reset", reset)].into_iter().flatten().collect()));
            ways.push(way);
        }
    }
    ways
}

/// Runs a layer and takes the gradients of its parameters from output, potential and times of spikes.
fn gradients(entry: &registry::Entry, neurons: &Neurons, device: &Device) -> Vec<(String, Vec<f32>)> {
    let (info, noise) = (neurons.info(), &mut Noise::new(1));
    // no more than two spikes where each multiplies the gradient by a power of ten
    let steps = if info.operating_point.exploding_gradients { 8 } else { 30 };
    let dims = [steps, 2, NEURONS];
    let strength = entry.info.operating_point.current;
    let input = info.inputs.iter().enumerate().fold(NeuronInput::new(), |input, (i, field)| {
        let [low, high] = if i == 0 { [-0.5 * strength, 1.5 * strength] } else { [0.0, 1.0] };
        input.with(field.name, noise.tensor(dims, low, high, device))
    });
    let read = |name: &str| name == "v" || Some(name) == info.spike_time;
    let traces: Vec<usize> = (0..info.states.len()).filter(|k| read(info.states[*k].name)).collect();
    let out = neurons.run(input, steps, None, &traces).unwrap();
    let weighted = |x: Tensor<3>, noise: &mut Noise| (x * noise.tensor(dims, 0.5, 1.0, device)).sum();
    let loss = out.traces.into_iter().fold(weighted(out.output, noise), |loss, trace| loss + weighted(trace, noise));
    let grads = loss.backward();
    let learnt = neurons.all_parameters().filter(|parameter| parameter.is_learnable());
    let of = |raw: Tensor<1>| raw.grad(&grads).map_or_else(Vec::new, |gradient| numbers(&gradient));
    learnt.map(|parameter| (parameter.name().to_string(), of(parameter.raw.val()))).collect()
}

#[test]
fn what_may_learn_gets_a_gradient_and_what_gets_none_is_refused() {
    let device = Device::flex().autodiff();
    let (mut accepted, mut refused, mut still) = (0, 0, vec![]);
    for entry in registry::models() {
        for way in ways(&entry) {
            let what = format!("{} {way:?}", entry.info.name);
            let with = |names: &[&str]| -> Settings {
                let learn = |name: &&str| (name.to_string(), json!({ "learn": true }));
                way.clone().into_iter().chain(names.iter().map(learn)).collect()
            };
            // SPAIC's forward Euler overflows in steps of 1 ms
            let dt = if entry.info.name == "hh" { 0.05 } else { 1.0 };
            let names: Vec<&str> = entry.info.parameters.iter().map(|field| field.name).collect();
            let layer = |settings: &Settings| entry.layer(settings, &[NEURONS], dt, &device);
            let (learns, cannot): (Vec<&str>, Vec<&str>) =
                names.iter().partition(|name| layer(&with(&[**name])).is_ok());
            for name in cannot {
                refused += 1;
                let problem = layer(&with(&[name])).unwrap_err().to_string();
                assert!(problem.contains(&format!("`{name}`")), "{what}: {problem}");
                assert!(problem.contains("no gradient reaches it"), "{what}: {problem}");
                // `set `reset` to "hard"`
                if let Some((key, values)) = problem.split("set `").nth(1).and_then(|cure| cure.split_once("` to ")) {
                    let value = values.split([' ', ',']).next().unwrap();
                    let mut cured = with(&[name]);
                    cured.insert(key.to_string(), serde_json::from_str(value).unwrap());
                    assert!(layer(&cured).is_ok(), "{what}: {problem}");
                }
            }
            if learns.is_empty() {
                continue;
            }
            for (name, gradient) in gradients(&entry, &layer(&with(&learns)).unwrap(), &device) {
                accepted += 1;
                let moves = gradient.iter().any(|g| *g != 0.0) && gradient.iter().all(|g| g.is_finite());
                // an upstroke of many mV in a step misses a triangle of 1 mV
                let missed = what.contains("triangle") && name == "v_spk";
                if !moves && !missed {
                    still.push(format!("{what}: `{name}` learns, but its gradient is {gradient:?}"));
                }
            }
        }
    }
    assert!(still.is_empty(), "{}", still.join("\n"));
    assert!(accepted > 1000 && refused > 100, "{accepted} {refused}");
}

#[test]
fn messages_name_what_would_let_a_parameter_learn() {
    let message = |model: &str, settings: Value, name: &str| {
        let mut settings: Settings = serde_json::from_value(settings).unwrap();
        settings.insert(name.to_string(), json!({ "learn": true }));
        let layer = registry::find(model).unwrap().layer(&settings, &[1], 1.0, &Device::flex());
        layer.unwrap_err().to_string()
    };
    let alpha = message("lif", json!({ "surrogate": "sigmoid" }), "alpha");
    assert!(alpha.contains("set `surrogate` to \"atan\" or \"relu\", or leave `learn` out"), "{alpha}");
    let v_th = message("lif", json!({ "surrogate": "stbp" }), "v_th");
    assert!(v_th.contains("set `reset` to \"soft\"") && v_th.contains("\"atan\""), "{v_th}");
    let v_reset = message("lif", json!({ "reset": "none" }), "v_reset");
    assert!(v_reset.contains("set `reset` to \"hard\", or leave"), "{v_reset}");
}
