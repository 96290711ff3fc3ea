//! One neuron over time, from outside.

mod common;

use common::{run, succeed};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn json(at: &Path, line: &str) -> Value {
    let ran = succeed(at, line);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {}", ran.stdout))
}

/// A column of a CSV file.
fn column(file: &Path, name: &str) -> Vec<f64> {
    let text = fs::read_to_string(file).expect("the table was written");
    let mut lines = text.lines();
    let heading: Vec<&str> = lines.next().expect("a heading").split(',').collect();
    let at = heading.iter().position(|heading| *heading == name).unwrap_or_else(|| panic!("no {name} in {heading:?}"));
    lines.map(|line| line.split(',').nth(at).expect("a cell").parse().expect("a number")).collect()
}

#[test]
fn spikes_come_when_the_equations_say() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    // without a leak 0.25 adds up to more than 1 every fifth step
    let text = succeed(at, "simulate if --current 0.25 --time 10");
    assert_eq!(text.number("spikes"), 20.0);
    assert_eq!(text.number("rate"), 2000.0);
    assert_eq!(text.number("mean ISI"), 0.5);
    assert_eq!(text.number("CV"), 0.0);
    assert!(text.stdout.starts_with("time (ms)"), "the table: {}", text.stdout);

    let found = json(at, "simulate if --current 0.25 --time 2 --json");
    let times: Vec<f64> =
        found["spikes"]["times"].as_array().expect("times").iter().filter_map(Value::as_f64).collect();
    assert!(times.iter().zip([0.4, 0.9, 1.4, 1.9]).all(|(a, b)| (a - b).abs() < 1e-9) && times.len() == 4, "{times:?}");
    // none, one and two spikes: what needs more of them is not made up
    let silent = succeed(at, "simulate if --current 0 --time 10").stdout;
    assert!(silent.contains("spikes    0") && silent.contains("mean ISI  -"), "{silent}");
    let two = json(at, "simulate if --current 0.25 --time 1 --json");
    assert!(two["spikes"]["mean_interval"].is_f64() && two["spikes"]["variation"].is_null(), "{two}");
    // another threshold, start and reset
    let count = |line: &str| json(at, line)["spikes"]["count"].as_u64().expect("a count");
    assert_eq!(count("simulate if --current 0.25 --time 10 --param v_th=2.0 --json"), 11);
    assert_eq!(count("simulate if --current 0 --time 1 --param initial.v=1.5 --json"), 1);
    assert_eq!(count("simulate if --current 0.25 --time 10 --set reset=subtract --json"), 24);
    assert_eq!(count("simulate if --current 0.25 --time 10 --device ndarray --json"), 20);
}

#[test]
fn currents_have_the_shape_they_were_given() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let input = |current: &str, time: &str| {
        succeed(at, &format!("simulate lif --current {current} --time {time} --dt 0.5 --csv out.csv"));
        column(&at.join("out.csv"), "input")
    };
    assert_eq!(input("step:2:1:2", "3"), [0.0, 0.0, 2.0, 2.0, 0.0, 0.0]);
    assert_eq!(input("ramp:1:2", "2.5"), [1.0, 1.25, 1.5, 1.75, 2.0]);
    assert_eq!(input("-1", "1"), [-1.0, -1.0]);
    let sine = input("sine:2:4", "4");
    for (t, value) in sine.into_iter().enumerate() {
        assert!((value - 2.0 * (t as f64 * std::f64::consts::PI / 4.0).sin()).abs() < 1e-6, "{t}: {value}");
    }
    assert_eq!(column(&at.join("out.csv"), "time"), [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]);
}

#[test]
fn files_can_be_read_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let ran = succeed(at, "simulate clif --current sine:0.5:25 --time 50 --plot clif.svg --csv clif.csv");
    assert!(!ran.stdout.contains("time (ms)"), "no table where files were asked for: {}", ran.stdout);
    let svg = fs::read_to_string(at.join("clif.svg")).expect("the picture was written");
    for word in ["<svg", "</svg>", "membrane potential", "slow synaptic kernel", "input", "time (ms)"] {
        assert!(svg.contains(word), "no {word} in the picture");
    }
    // the input of a table is a current, and the same current does the same
    succeed(at, "simulate clif --current clif.csv --csv again.csv");
    let read = |name: &str| fs::read_to_string(at.join(name)).expect("a table");
    assert_eq!(read("clif.csv"), read("again.csv"));
    assert_eq!(read("clif.csv").lines().count(), 501);
    fs::write(at.join("plain.csv"), "0.5\n0.25\n").expect("a file can be written");
    assert_eq!(json(at, "simulate lif --current plain.csv --json")["steps"], 2);
    assert_eq!(json(at, "simulate lif --current clif.csv --time 5 --json")["steps"], 50);
    assert_eq!(run(at, "simulate lif --current clif.csv --time 51").code, 1);
    let names: Vec<_> = fs::read_dir(at).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names.len(), 4, "nothing else is left: {names:?}");
}

#[test]
fn a_picture_shows_what_changes_and_says_what_does_not() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let draw = |line: &str| {
        succeed(at, &format!("{line} --plot out.svg"));
        fs::read_to_string(at.join("out.svg")).expect("the picture was written")
    };
    let constant = draw("simulate if --current 0.25 --time 10");
    for words in ["if, input current 0.25: 20 spikes, 2000.0 Hz", "membrane potential", "threshold"] {
        assert!(constant.contains(words), "no `{words}`");
    }
    assert!(!constant.contains("input current\n"), "no panel of its own for a constant current");
    let step = draw("simulate plif --current step:2:2:8 --time 10 --dt 1");
    assert!(step.contains("input current\n") && step.contains("constant: last_spike 0"));
    assert!(draw("simulate hh --current 10").contains("input current 10 µA/cm²"));
    assert!(draw("simulate izh").contains("v (mV)"));
    // no state changes, and the potential is there all the same
    let silent = draw("simulate lif --current 0");
    assert!(silent.contains("no spikes") && silent.contains("membrane potential"));

    succeed(at, "simulate lif --current 0.2 --plot out.PNG");
    let png = fs::read(at.join("out.PNG")).expect("the picture was written");
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.ends_with(b"IEND\xae\x42\x60\x82"));
}

#[test]
fn what_grows_without_bounds_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let line = "simulate if --current 3e38 --set reset=none --time 1";
    let ran = succeed(folder.path(), line);
    assert!(ran.stderr.contains("warning: `v` is not a finite number from 0.1000 ms on"), "{}", ran.stderr);
}

#[test]
fn inhibition_makes_no_spikes() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // 98 spikes by forward Euler, which steps of 1 ms are too long for
    for dt in [1.0, 0.5, 0.1] {
        for current in [-60, -1000] {
            let found = json(at, &format!("simulate izh --current {current} --dt {dt} --json"));
            assert_eq!(found["spikes"]["count"], 0, "{current} {dt}");
        }
    }
    let forced = run(at, "simulate izh --current -60 --dt 1 --set integrator=euler");
    assert!(forced.stderr.contains("explicit integration is not stable at a time step of 1 ms"), "{}", forced.stderr);
    assert!(!run(at, "simulate izh").stderr.contains("warning"));
}

#[test]
fn every_model_is_shown_at_work() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // regular action potentials at 10 uA, one below the rheobase, and none where nothing is given
    let spikes =
        |current: &str| json(at, &format!("simulate hh --current {current} --json"))["spikes"]["count"].clone();
    assert!((5..=8).contains(&spikes("10").as_u64().unwrap()), "{}", spikes("10"));
    assert_eq!([spikes("0"), spikes("1"), spikes("4")].map(|count| count.as_u64().unwrap()), [0, 0, 1]);
    for model in json(at, "models --json").as_array().unwrap() {
        let name = model["name"].as_str().unwrap();
        let found = json(at, &format!("simulate {name} --json"));
        // it has no noise by default
        if let (Some(count), false) = (found["spikes"]["count"].as_u64(), name == "darwin_random") {
            let steps = found["steps"].as_u64().unwrap();
            assert!((1..=steps).contains(&count), "{name}: {count} spikes in {steps} steps");
        }
    }
}
