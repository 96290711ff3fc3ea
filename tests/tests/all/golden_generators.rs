//! Every recorded generator of SPAIC: currents, spikes with its random draws put in, and firing rates.

use burn::tensor::{Device, Tensor};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use synfire::coding::{Activations, CounterRng, Generator, PoissonGenerator, TimeGrid, TimedPoissonGenerator};
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{devices, numbers};

/// Numbers as lists, one for each row of an array; an array of one number as the number.
fn values(case: &Recording, array: &str) -> Value {
    let exact = format!("{array}64");
    let all: Vec<f64> = match case.find(&exact) {
        Some(_) => case.doubles(&exact).to_vec(),
        None => case.numbers(array).iter().map(|x| f64::from(*x)).collect(),
    };
    match (all.as_slice(), case.shape(array)) {
        (one, []) | (one @ [_], _) => json!(one[0]),
        (all, &[.., columns]) => json!(all.chunks(columns).collect::<Vec<_>>()),
    }
}

/// The settings that make a generator what SPAIC's source has; every array but the results is one.
fn settings(case: &Recording) -> Map<String, Value> {
    let known = Generator::named(&case.name).unwrap().settings().clone();
    let mut settings = case.params();
    if known.contains_key("spaic_compat") {
        settings.insert("spaic_compat".to_string(), true.into());
    }
    // what SPAIC's has where it is not given
    for (key, default) in [("unit_conversion", 0.1), ("amp", 0.001)] {
        if known.contains_key(key) {
            settings.entry(key).or_insert(default.into());
        }
    }
    let results = ["out", "u", "mean_rate", "expected", "tol"];
    for array in case.names().filter(|name| !results.contains(name) && !name.ends_with("64")) {
        match (array, case.name.as_str()) {
            ("rate" | "slope", _) => drop(settings.insert(array.to_string(), values(case, array))),
            ("source", "cc_generator") => drop(settings.insert("amplitude".to_string(), values(case, array))),
            // amplitudes in the first row and periods in the second
            ("source", "sin_generator") => {
                let both = case.numbers(array);
                for (key, row) in ["amplitude", "period"].into_iter().zip(both.chunks(both.len() / 2)) {
                    settings.insert(key.to_string(), if row.len() == 1 { json!(row[0]) } else { json!(row) });
                }
            }
            _ => panic!("{}: the array `{array}` is not known", case.what()),
        }
    }
    settings
}

fn generator(case: &Recording) -> Generator {
    let mut settings = settings(case);
    settings.insert("name".to_string(), case.name.clone().into());
    let generator: Generator =
        serde_json::from_value(settings.into()).unwrap_or_else(|error| panic!("{}: {error}", case.what()));
    assert_eq!(generator.check(), Ok(()), "{}", case.what());
    generator
}

/// As the generator's own type, which takes recorded draws.
fn complete<G: DeserializeOwned>(case: &Recording) -> G {
    serde_json::from_value(generator(case).settings().clone().into()).unwrap()
}

fn generate(case: &Recording, grid: TimeGrid, device: &Device) -> Activations {
    let draws = || case.tensor("u", device);
    match (case.name.as_str(), case.find("u")) {
        ("poisson_generator", Some(_)) => complete::<PoissonGenerator>(case).spikes(draws(), grid).unwrap().into(),
        ("poisson_generator2", Some(_)) => complete::<TimedPoissonGenerator>(case).spikes(draws(), grid).unwrap(),
        (_, Some(_)) => panic!("{}: takes no draws", case.what()),
        (_, None) => {
            let shape = case.shape("out");
            generator(case).generate(grid, batch(case), shape[shape.len() - 1], &CounterRng::new(3), device).unwrap()
        }
    }
}

/// Samples: where only rates were recorded, as many as the rates are of.
fn batch(case: &Recording) -> usize {
    case.find("rate").map_or(case.shape("out")[1], |(shape, _)| shape[0])
}

fn check(case: &Recording, device: &Device) {
    let grid = TimeGrid { steps: case.steps(), dt: case.dt() };
    let signal = generate(case, grid, device);
    if let Some((_, expected)) = case.find("expected") {
        let rates = numbers(&signal.values.mean_dim(0));
        for ((rate, expected), tolerance) in rates.iter().zip(expected).zip(case.numbers("tol")) {
            let near = (rate - expected).abs() <= *tolerance;
            assert!(near, "{}: rate {rate}, expected {expected} +- {tolerance}", case.what());
        }
        return;
    }
    match case.shape("out") {
        // with a channel for the times
        &[steps, batch, 2, neurons] => {
            let times = signal.spike_times.unwrap().expand([steps, batch, neurons]);
            case.check("out", &Tensor::stack::<4>(vec![signal.values.expand([steps, batch, neurons]), times], 2));
        }
        &[steps, batch, neurons] => case.check("out", &signal.values.expand([steps, batch, neurons])),
        other => panic!("{}: an output of shape {other:?}", case.what()),
    }
}

#[test]
fn generators_do_what_spaic_does() {
    let cases = recordings("generator");
    for (backend, device) in devices() {
        for case in &cases {
            check(case, &device);
        }
        println!("{} generator cases on {backend}", cases.len());
    }
}
