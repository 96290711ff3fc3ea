//! The neuron lab.

use super::{get, server};
use crate::device;
use axum::http::StatusCode;
use synfire::neuron::{Current, InputTrace, Settings, Simulation, registry};

fn lab() -> axum::Router {
    server(tempfile::tempdir().unwrap().path())
}

#[test]
fn the_rate_is_that_of_the_simulation() {
    let entry = registry::find("lif").unwrap();
    let (device, dt) = (device::open().unwrap(), entry.info.operating_point.trace_dt());
    let layer = entry.layer(&Settings::new(), &[1], dt as f32, &device).unwrap();
    let values = Current::Constant(0.2).over((100.0 / dt) as usize, dt);
    let input = InputTrace { name: entry.info.inputs[0].name.to_string(), values };
    let simulation = Simulation::of(&layer, vec![input], 0, dt, &device).unwrap();
    let lab = lab();
    let summary = get(&lab, "/api/lab/summary?model=lif&current=0.2").json();
    assert!(simulation.rate() > 0.0);
    assert_eq!(summary["rate"].as_f64().unwrap(), simulation.rate());
    assert_eq!(get(&lab, "/api/lab?model=lif&current=0.2&format=csv").text(), simulation.csv());
    let title = format!("{} spikes, {:.1} Hz", simulation.spike_times().len(), simulation.rate());
    assert!(get(&lab, "/api/lab?model=lif&current=0.2").text().contains(&title));
}

#[test]
fn parameters_and_settings_are_those_of_the_configuration() {
    let lab = lab();
    let uri = "/api/lab/summary?model=lif&current=0.2&p.tau_m=2.5&p.initial.v=0.25&s.reset=subtract";
    let summary = get(&lab, uri).json();
    let toml = summary["toml"].as_str().unwrap();
    let expected = "[[network.layers]]\nneuron = \"lif\"\nreset = \"subtract\"\ntau_m = 2.5\n";
    assert!(toml.starts_with(expected) && toml.contains("[network.layers.initial]\nv = 0.25"), "{toml}");
    for (query, words) in [
        ("model=liff", "lif"),
        ("model=lif&p.tau=1", "tau"),
        ("model=lif&p.tau_m=-1", "tau_m"),
        ("model=lif&p.tau_m=NaN", "expected a finite number"),
        ("model=lif&current=much", "expected a number, step:"),
        ("model=lif&time=1e9", "expected 1 to 100000 steps"),
        ("model=lif&dt=0", "steps of 0 ms"),
        ("model=lif&input.reward=1", "reward"),
        ("current=1", "no `model`"),
    ] {
        let answer = get(&lab, &format!("/api/lab/summary?{query}"));
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.text().contains(words), "{query}: {}", answer.text());
    }
}

#[test]
fn every_model_is_drawn() {
    let lab = lab();
    for entry in registry::models() {
        let name = entry.info.name;
        let model = get(&lab, &format!("/api/model?model={name}")).json();
        let inputs = model["inputs"].as_array().unwrap().iter().filter(|input| input["default"].is_null());
        let needed: String = inputs
            .filter(|input| input["unit"] != "uniform")
            .map(|input| format!("&input.{}=0", input["name"].as_str().unwrap()))
            .collect();
        let query = format!("model={name}&time=20{needed}");
        for part in ["", "/rates"] {
            let answer = get(&lab, &format!("/api/lab{part}?{query}"));
            assert!(answer.status == StatusCode::OK, "{name}{part}: {}", answer.text());
        }
        let plane = get(&lab, &format!("/api/lab/plane?{query}"));
        let has_two = entry.info.states.len() == 2;
        assert_eq!(plane.status == StatusCode::OK, has_two, "{name}: {}", plane.text());
    }
}

#[test]
fn a_nullcline_is_where_the_state_stays() {
    // Izhikevich's u stays where u = b v, with b = 0.2
    let csv = get(&lab(), "/api/lab/plane?model=izh&format=csv");
    let rows = csv.text().lines().filter_map(|line| line.strip_prefix("u nullcline,"));
    let points: Vec<(f64, f64)> = rows
        .map(|row| row.split_once(',').map(|(v, u)| (v.parse().unwrap(), u.parse().unwrap())).unwrap())
        .filter(|(_, u): &(f64, f64)| u.is_finite())
        .collect();
    assert!(points.len() > 20);
    for (v, u) in points {
        assert!((u - 0.2 * v).abs() < 0.5, "{v} {u}");
    }
}
