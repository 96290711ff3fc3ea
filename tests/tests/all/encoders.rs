//! Every encoder of the registry: what it refuses, and that backends agree.

use burn::tensor::{Device, Tensor};
use serde_json::{Value, json};
use synfire::Error;
use synfire::coding::{Activations, Encoder, Events, Source, TimeGrid, encoder};
use synfire_tests::{absolute_error, devices, numbers};

const GRID: TimeGrid = TimeGrid { steps: 4, dt: 0.5 };
const BATCH: usize = 2;
const FEATURES: usize = 8;

fn samples(first: f32) -> Source {
    let mut values = [0.1, 0.9, 0.4, 0.4, 0.0, 1.0, 0.7, 0.2, 0.8, 0.3, 0.5, 0.6, 0.05, 0.95, 0.15, 0.85];
    values[0] = first;
    synfire_tests::tensor(values.to_vec(), [BATCH, FEATURES], &Device::flex()).into()
}

fn shaped(dims: [usize; 2]) -> Source {
    Tensor::<2>::zeros(dims, &Device::flex()).into()
}

fn events(times: &[f64], inputs: &[usize]) -> Source {
    let events = Events { times: times.to_vec(), inputs: inputs.to_vec() };
    Source::Events { events: vec![Events::default(), events], inputs: FEATURES, device: Device::flex() }
}

/// Every encoder of the registry with its defaults.
fn all() -> Vec<Encoder> {
    encoder::all().iter().map(|entry| Encoder::named(entry.name).unwrap()).collect()
}

/// Something that encoders do not take but for a few.
type Case = (&'static str, fn() -> Source, &'static [&'static str]);

const CASES: &[Case] = &[
    ("no samples", || shaped([0, FEATURES]), &[]),
    ("empty samples", || shaped([BATCH, 0]), &[]),
    ("NaN", || samples(f32::NAN), &[]),
    ("infinite", || samples(f32::INFINITY), &[]),
    ("negative infinite", || samples(f32::NEG_INFINITY), &[]),
    ("negative", || samples(-0.5), &["constant", "constant_current", "delta", "series", "rank_order"]),
    (
        "above 1",
        || samples(1.5),
        &["constant", "constant_current", "delta", "series", "rank_order", "relative_latency", "spike_times"],
    ),
    (
        "after the grid",
        || samples(2.0),
        &["constant", "constant_current", "delta", "series", "rank_order", "relative_latency"],
    ),
    ("events", || events(&[0.0, 1.9], &[0, 7]), &["events"]),
    ("no events", || Source::Events { events: vec![], inputs: FEATURES, device: Device::flex() }, &[]),
    (
        "events of nothing",
        || Source::Events { events: vec![Events::default()], inputs: 0, device: Device::flex() },
        &[],
    ),
    ("an event before the beginning", || events(&[-0.1], &[0]), &[]),
    ("an event at no time", || events(&[f64::NAN], &[0]), &[]),
    ("an event after the grid", || events(&[2.0], &[0]), &[]),
    ("an event of no input", || events(&[0.5], &[FEATURES]), &[]),
    ("times without inputs", || events(&[0.5, 0.6], &[0]), &[]),
];

/// Refused by name, or activations as they should be.
fn result(encoder: &Encoder, source: Source, grid: TimeGrid) -> Result<Activations, String> {
    match encoder.encode(source, grid, 1) {
        Ok(activations) => {
            let [steps, batch, inputs] = activations.values.dims();
            assert!(steps == 1 || steps == grid.steps, "{encoder:?}: {steps} steps");
            assert_eq!((batch, Ok(inputs)), (BATCH, encoder.inputs(FEATURES, grid)), "{encoder:?}");
            assert!(numbers(&activations.values).iter().all(|x| x.is_finite()), "{encoder:?}");
            if let Some(times) = &activations.spike_times {
                // of spikes alone, and inside their step
                assert_eq!(times.dims(), activations.values.dims(), "{encoder:?}");
                let all = numbers(&activations.values).into_iter().zip(numbers(times));
                let fits = |(x, time): (f32, f32)| (0.0..=grid.dt).contains(&time) && (time == 0.0 || x != 0.0);
                assert!(all.into_iter().all(fits), "{encoder:?}");
            }
            assert_eq!(activations.dt, grid.dt, "{encoder:?}");
            Ok(activations)
        }
        Err(Error::Source { encoder: name, problem }) => {
            assert_eq!(name, encoder.name());
            Err(problem)
        }
        Err(other) => panic!("{encoder:?}: {other}"),
    }
}

#[test]
fn what_cannot_be_encoded_is_refused() {
    for encoder in all() {
        for (what, source, taken_by) in CASES {
            let taken = result(&encoder, source(), GRID).is_ok();
            assert_eq!(taken, taken_by.contains(&encoder.name()), "`{}` takes {what}: {taken}", encoder.name());
        }
        let good = || if encoder.name() == "events" { events(&[0.5], &[0]) } else { samples(0.1) };
        result(&encoder, good(), GRID).unwrap();
        for (steps, dt) in [(0, 0.5), (4, 0.0), (4, -1.0), (4, f32::NAN), (4, f32::INFINITY)] {
            let problem = result(&encoder, good(), TimeGrid { steps, dt }).unwrap_err();
            assert!(problem.contains("grid"), "`{}`: {problem}", encoder.name());
        }
    }
}

#[test]
fn samples_over_time_have_as_many_steps_as_there_are() {
    for name in ["series", "delta"] {
        let encoder = Encoder::named(name).unwrap();
        let grid = TimeGrid { steps: 3, dt: 1.0 };
        assert!(encoder.inputs(FEATURES, grid).unwrap_err().contains("3 steps"));
        assert!(result(&encoder, samples(0.1), grid).unwrap_err().contains("3 steps"));
    }
}

#[test]
fn the_number_of_inputs_of_events_is_checked() {
    let encoder: Encoder = serde_json::from_value(json!({ "name": "events", "num": 7 })).unwrap();
    assert!(encoder.inputs(FEATURES, GRID).unwrap_err().contains("`num = 7`"));
    assert!(result(&encoder, events(&[0.5], &[0]), GRID).unwrap_err().contains("`num = 7`"));
}

/// Whatever the settings are, they are refused where they are read, where they are checked, and where they are used,
/// or the activations are as they should be.
#[test]
fn no_setting_makes_an_encoder_panic() {
    for entry in encoder::all() {
        let settings = entry.settings();
        let mut refused = vec![];
        for key in settings.keys() {
            for value in [json!(-1e9), json!(-1), json!(0), json!(1e300), json!("x"), json!(true), json!([])] {
                let mut table = json!({ "name": entry.name });
                table[key] = value.clone();
                let Ok(encoder) = serde_json::from_value::<Encoder>(table) else {
                    refused.push(key);
                    continue;
                };
                let good = if entry.name == "events" { events(&[0.5], &[0]) } else { samples(0.1) };
                if encoder.check().is_err() {
                    refused.push(key);
                    assert!(result(&encoder, good, GRID).is_err(), "`{}` uses {key} = {value}", entry.name);
                } else {
                    let _ = result(&encoder, good, GRID);
                }
            }
        }
        assert!(settings.keys().all(|key| refused.contains(&key)), "`{}` takes anything", entry.name);
    }
}

#[test]
fn backends_agree() {
    let mut devices = devices();
    let (_, first) = devices.remove(0);
    let on = |encoder: &Encoder, device: &Device, seed: u64| -> Vec<f32> {
        let source = match samples(0.1) {
            _ if encoder.name() == "events" => {
                let events = vec![Events { times: vec![0.2, 1.7], inputs: vec![1, 0] }];
                Source::Events { events, inputs: 2, device: device.clone() }
            }
            Source::Tensor(samples) => synfire_tests::tensor::<2>(numbers(&samples), [BATCH, FEATURES], device).into(),
            other => other,
        };
        numbers(&encoder.encode(source, GRID, seed).unwrap().values)
    };
    for encoder in all() {
        let reference = on(&encoder, &first, 5);
        for (name, device) in &devices {
            // what has an exponential is rounded otherwise
            let error = absolute_error(&on(&encoder, device, 5), &reference);
            let tolerance = if encoder.name() == "population" { 1e-5 } else { 0.0 };
            assert!(error <= tolerance, "`{}` on {name} is off by {error}", encoder.name());
        }
        let random = matches!(encoder.name(), "poisson" | "bernoulli");
        assert_eq!(on(&encoder, &first, 6) != reference, random, "`{}` and its seed", encoder.name());
    }
}

/// Bytes and floats on the host become the same activations as the tensor of their values.
#[test]
fn samples_from_the_host_are_encoded_as_those_of_a_tensor() {
    let bytes: Vec<u8> = (0..BATCH * FEATURES).map(|i| 17 * i as u8).collect();
    let floats: Vec<f32> = bytes.iter().map(|b| f32::from(*b) / 255.0).collect();
    for encoder in all().into_iter().filter(|encoder| encoder.name() != "events") {
        let encode = |source| result(&encoder, source, GRID).unwrap().values.into_data();
        let host = |values| Source::Host {
            values,
            batch: BATCH,
            features: FEATURES,
            indices: vec![],
            lengths: vec![],
            device: Device::flex(),
        };
        let expected = encode(synfire_tests::tensor::<2>(floats.clone(), [BATCH, FEATURES], &Device::flex()).into());
        assert_eq!(encode(host(bytes.clone().into())), expected, "{encoder:?}");
        assert_eq!(encode(host(floats.clone().into())), expected, "{encoder:?}");
    }
}

#[test]
fn names_and_settings_are_as_the_configuration_says() {
    let table: Value = json!({ "name": "float" });
    assert_eq!(serde_json::from_value::<Encoder>(table).unwrap().name(), "constant");
    let names: Vec<&str> = encoder::all().iter().map(|entry| entry.name).collect();
    for name in
        ["series", "spike_times", "events", "uniform", "delta", "rank_order", "population", "phase", "relative_latency"]
    {
        assert!(names.contains(&name), "{name}");
    }
}
