//! Every recorded encoder of SPAIC: spikes, with its random draws put in, and firing rates.

use burn::tensor::{Device, Tensor};
use serde_json::Value;
use synfire::coding::{Encoder, Events, Poisson, Source, Window};
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{devices, numbers};

/// The settings that make an encoder what SPAIC's source has.
fn settings(case: &Recording) -> Value {
    let mut settings = case.params();
    let known = Encoder::named(&case.name).unwrap().settings().clone();
    if known.contains_key("spaic_compat") {
        settings.insert("spaic_compat".to_string(), true.into());
    }
    // SPAIC says whether there is a limit, ours what it is
    if case.name == "latency" {
        let cuts = settings.remove("cut_off") == Some(Value::Bool(true));
        settings.insert("cut_off".to_string(), if cuts { 0.05 } else { 0.0 }.into());
    }
    settings.into()
}

fn encoder(case: &Recording) -> Encoder {
    let mut settings = settings(case);
    settings["name"] = case.name.clone().into();
    serde_json::from_value(settings).unwrap_or_else(|error| panic!("{}: {error}", case.what()))
}

/// Samples of any shape, flattened.
fn samples(case: &Recording, device: &Device) -> Tensor<2> {
    let shape = case.shape("source");
    synfire_tests::tensor(case.numbers("source").to_vec(), [shape[0], shape[1..].iter().product()], device)
}

fn events(case: &Recording, device: &Device) -> Source {
    let times = case.doubles("times64");
    let inputs = case.numbers("ids");
    let [batch, count] = [case.shape("ids")[0], case.shape("ids")[1]];
    let sample = |sample: usize| Events {
        times: times[sample * count..][..count].to_vec(),
        inputs: inputs[sample * count..][..count].iter().map(|&input| input as usize).collect(),
    };
    let inputs = case.fact("num") as usize;
    Source::Events { events: (0..batch).map(sample).collect(), inputs, device: device.clone() }
}

fn check(case: &Recording, device: &Device) {
    let window = Window { steps: case.steps(), dt: case.dt() };
    if case.find("mean_rate").is_some() {
        return check_rate(case, window, device);
    }
    let signal = match case.name.as_str() {
        "poisson" => {
            let poisson: Poisson = serde_json::from_value(with_defaults(case)).unwrap();
            poisson.spikes(samples(case, device), case.tensor("u", device), window).into()
        }
        "mstb" => encoder(case).encode(events(case, device), window, 0).unwrap(),
        _ => encoder(case).encode(samples(case, device).into(), window, 0).unwrap(),
    };
    let [_, batch, inputs] = signal.values.dims();
    let dims = [window.steps, batch, inputs];
    match case.shape("spikes") {
        // with a channel for the times
        &[_, _, 2, _] if case.name == "mstb" => {
            let times = signal.values.clone() * signal.spike_times.unwrap() * window.dt;
            case.check("spikes", &Tensor::stack::<4>(vec![signal.values, times], 2));
        }
        _ => case.check("spikes", &signal.values.expand(dims)),
    }
}

fn with_defaults(case: &Recording) -> Value {
    let mut all = Encoder::named(&case.name).unwrap().settings().clone();
    for (key, value) in case.params() {
        assert!(all.insert(key.clone(), value).is_some(), "{}: unknown setting `{key}`", case.what());
    }
    all.into()
}

/// Mean spikes per step against what was expected, within five standard deviations.
fn check_rate(case: &Recording, window: Window, device: &Device) {
    // intensities above 1 saturate
    let spikes = match case.name.as_str() {
        "poisson" => {
            let poisson: Poisson = serde_json::from_value(with_defaults(case)).unwrap();
            let samples = samples(case, device);
            let features = samples.dims()[1];
            let draws = synfire_tests::Noise::new(3).tensor([window.steps, 1, features], 0.0, 1.0, device);
            poisson.spikes(samples, draws, window)
        }
        _ => encoder(case).encode(samples(case, device).into(), window, 3).unwrap().values,
    };
    let rates = numbers(&spikes.mean_dim(0));
    for ((rate, expected), tolerance) in rates.iter().zip(case.numbers("expected")).zip(case.numbers("tol")) {
        assert!(
            (rate - expected).abs() <= *tolerance,
            "{}: rate {rate}, expected {expected} +- {tolerance}",
            case.what()
        );
    }
}

#[test]
fn encoders_do_what_spaic_does() {
    let cases = recordings("encoder");
    for (backend, device) in devices() {
        for case in &cases {
            check(case, &device);
        }
        println!("{} encoder cases on {backend}", cases.len());
    }
}
