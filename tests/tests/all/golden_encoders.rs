//! Every recorded encoder of SPAIC: spikes, with its random draws put in, and firing rates.

use burn::tensor::{Device, Tensor};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use synfire::coding::{Bernoulli, Encoder, Events, Poisson, Source, TimeGrid};
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{devices, numbers};

/// The settings that make an encoder what SPAIC's source has.
fn settings(case: &Recording) -> Map<String, Value> {
    let mut settings = case.params();
    let known = Encoder::named(&case.name).unwrap().settings().clone();
    if known.contains_key("spaic_compat") {
        settings.insert("spaic_compat".to_string(), true.into());
    }
    match case.name.as_str() {
        // SPAIC says whether there is a limit, ours what it is; a negative one lets all spike
        "latency" => {
            let cuts = settings.remove("cut_off") == Some(Value::Bool(true));
            settings.insert("cut_off".to_string(), if cuts { 0.05 } else { -1.0 }.into());
        }
        // neither has an effect in SPAIC
        "relative_latency" => drop(settings.remove("bias")),
        "constant_current" => drop(settings.remove("input_norm")),
        _ => {}
    }
    settings
}

fn encoder(case: &Recording) -> Encoder {
    let mut settings = settings(case);
    settings.insert("name".to_string(), case.name.clone().into());
    let encoder: Encoder =
        serde_json::from_value(settings.into()).unwrap_or_else(|error| panic!("{}: {error}", case.what()));
    assert_eq!(encoder.check(), Ok(()), "{}", case.what());
    encoder
}

/// As the encoder's own type, which takes recorded draws.
fn complete<E: DeserializeOwned>(case: &Recording) -> E {
    serde_json::from_value(encoder(case).settings().clone().into()).unwrap()
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
    let known = ["source", "times", "times64", "ids", "u", "spikes", "mean_rate", "expected", "tol"];
    assert!(case.names().all(|name| known.contains(&name)), "{}: an array that is none of {known:?}", case.what());
    let grid = TimeGrid { steps: case.steps(), dt: case.dt() };
    let signal = match (case.name.as_str(), case.find("u")) {
        ("poisson", Some(_)) => {
            complete::<Poisson>(case).spikes(samples(case, device), case.tensor("u", device), grid).unwrap().into()
        }
        ("bernoulli", Some(_)) => {
            complete::<Bernoulli>(case).spikes(samples(case, device), case.tensor("u", device), grid).unwrap().into()
        }
        (_, Some(_)) => panic!("{}: takes no draws", case.what()),
        ("mstb", None) => encoder(case).encode(events(case, device), grid, 0).unwrap(),
        (_, None) => encoder(case).encode(samples(case, device).into(), grid, 3).unwrap(),
    };
    if case.find("mean_rate").is_some() {
        return check_rate(case, &signal.values);
    }
    let [_, batch, inputs] = signal.values.dims();
    match case.shape("spikes") {
        // with a channel for the times
        &[_, _, 2, _] if case.name == "mstb" => {
            let times = signal.spike_times.unwrap();
            case.check("spikes", &Tensor::stack::<4>(vec![signal.values, times], 2));
        }
        _ => case.check("spikes", &signal.values.expand([grid.steps, batch, inputs])),
    }
}

/// Mean spikes per step against what was expected, within five standard deviations.
fn check_rate(case: &Recording, spikes: &Tensor<3>) {
    let rates = numbers(&spikes.clone().mean_dim(0));
    for ((rate, expected), tolerance) in rates.iter().zip(case.numbers("expected")).zip(case.numbers("tol")) {
        let near = (rate - expected).abs() <= *tolerance;
        assert!(near, "{}: rate {rate}, expected {expected} +- {tolerance}", case.what());
    }
}

/// Samples of two axes or more through an encoder that keeps their shape.
fn check_shaped(case: &Recording, device: &Device) {
    let grid = TimeGrid { steps: case.steps(), dt: case.dt() };
    match case.shape("source").len() {
        3 => {
            let shaped: Tensor<3> = encoder(case).encode_shaped(case.tensor::<3>("source", device), grid, 0).unwrap();
            assert_eq!(shaped.dims().as_slice(), case.shape("spikes"), "{}", case.what());
            case.check("spikes", &shaped);
        }
        5 => {
            let shaped: Tensor<5> = encoder(case).encode_shaped(case.tensor::<5>("source", device), grid, 0).unwrap();
            assert_eq!(shaped.dims().as_slice(), case.shape("spikes"), "{}", case.what());
            case.check("spikes", &shaped);
        }
        _ => {}
    }
}

#[test]
fn encoders_do_what_spaic_does() {
    let cases = recordings("encoder");
    for (backend, device) in devices() {
        for case in &cases {
            check(case, &device);
            if case.name == "null" {
                check_shaped(case, &device);
            }
        }
        println!("{} encoder cases on {backend}", cases.len());
    }
}
