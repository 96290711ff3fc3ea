//! Networks in integers: exported, evaluated, asked.

mod common;

use common::{SMALL, run, succeed};
use std::fs;

#[test]
fn a_network_becomes_integers_that_answer() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("small.toml"), SMALL).expect("a file can be written");
    succeed(at, "train --config small.toml --out run --epochs 3");
    let told = succeed(at, "export run --out net.int8");
    assert!(told.stdout.contains("in single precision") && told.stdout.contains("written net.int8"), "{}", told.stdout);
    let json = succeed(at, "export run --format int8 --out net.int8 --samples 100 --force --json").stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("a line of JSON");
    let (before, after) = (json["cost"]["before"].as_f64(), json["cost"]["after"].as_f64());
    let (before, after) = (before.expect("an accuracy"), after.expect("an accuracy"));
    assert!(json["cost"]["samples"] == 100 && before > 0.3 && (after - before).abs() < 0.05, "{json}");
    let accuracy = succeed(at, "eval net.int8").number("accuracy");
    let single = succeed(at, "eval run").number("accuracy");
    assert!((accuracy - single).abs() < 3.0, "{accuracy} {single}");
    let told = succeed(at, "predict net.int8 --index 0 --count 5 --record spikes.npz").stdout;
    assert!(told.contains("of 5 samples") && at.join("spikes.npz").is_file(), "{told}");
}

#[test]
fn what_cannot_be_done_with_integers_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("small.toml"), SMALL).expect("a file can be written");
    succeed(at, "train --config small.toml --out run --epochs 1");
    succeed(at, "export run --out net.int8 --samples 10");
    for (line, expected) in [
        ("eval net.int8 --exit 0.9", "--exit: net.int8 runs in integers"),
        ("train --init net.int8 --out other", "is a network in integers"),
        ("export run --out net.bpk --data digits", "--data: the format burnpack reads no data"),
        ("nir inspect net.int8", "net.int8"),
    ] {
        let ran = run(at, line);
        assert!(ran.code == 1 && ran.stderr.contains(expected), "{line}: {}", ran.stderr);
    }
}
