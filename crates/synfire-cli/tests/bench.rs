//! `synfire bench`, and the instruction sets that kernels run on.

mod common;

use common::{Ran, SMALL, command, succeed};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// Runs the program on an instruction set.
fn on(isa: &str, folder: &Path, line: &str) -> Ran {
    let output = command(folder, line).env("SYNFIRE_ISA", isa).output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Ran { code: output.status.code().expect("an end"), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn every_model_is_timed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let line = "bench scan --T 2 --batch 2 --hidden 4 --warmup 0 --steps 1";
    let times = json(&succeed(folder.path(), line).stdout);
    for (model, learns) in [("lif", true), ("qlif", true), ("izh", false), ("hh", false)] {
        let times = &times["scan"][model];
        assert!(times["defaults"]["fused_forward_ms"].is_number(), "{model}: {times}");
        assert_eq!(times["time_constants_learn"]["ratio"].is_number(), learns, "{model}: {times}");
    }
}

#[test]
fn every_instruction_set_computes_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("small.toml"), SMALL).expect("a file can be written");
    let conv = "bench --net csnn --T 2 --batch 4 --warmup 2 --steps 1";
    let train = "train --config small.toml --epochs 1 --json --out";
    let [expected_conv, expected] =
        [conv.to_string(), format!("{train} run")].map(|line| json(&succeed(at, &line).stdout));
    let widest = expected_conv["isa"].as_str().expect("a name");
    let has = ["portable", "avx2", "avx512"];
    let has = &has[..=has.iter().position(|isa| *isa == widest).expect("a known name")];
    for isa in has {
        // linear maps are not contracted
        let trained = on(isa, at, &format!("{train} {isa}"));
        assert_eq!(json(&trained.stdout)["test_loss"], expected["test_loss"], "{isa}");
        // convolutions are
        let measured = json(&on(isa, at, conv).stdout);
        assert_eq!(measured["isa"], *isa);
        let losses = |of: &Value| -> Vec<f64> {
            of["loss_early"].as_array().expect("losses").iter().filter_map(Value::as_f64).collect()
        };
        let (losses, expected) = (losses(&measured), losses(&expected_conv));
        assert_eq!(losses.len(), 2);
        assert!(losses.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1.5e-5), "{isa}: {losses:?}, {expected:?}");
    }
    for isa in ["sse", "AVX2", "avx512"].into_iter().filter(|isa| !has.contains(isa)) {
        let refused = on(isa, at, "models");
        assert_eq!(refused.code, 1, "{isa}");
        for words in [&format!("SYNFIRE_ISA is `{isa}`"), "this processor has portable", "unset it"] {
            assert!(refused.stderr.contains(words), "{}", refused.stderr);
        }
    }
}

#[test]
fn inference_is_timed_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let line = "bench --hidden 8 --T 3 --batch 2 --warmup 1 --steps 2 --enc poisson";
    let both = json(&succeed(folder.path(), line).stdout);
    let alone = json(&succeed(folder.path(), &format!("{line} --infer")).stdout);
    for key in ["infer_cpu_ms", "infer_ms", "infer_ms_min", "infer_img_s"] {
        assert!(both[key].as_f64() > Some(0.0) && alone[key].as_f64() > Some(0.0), "{key}");
    }
    assert!(both["step_cpu_ms"].is_f64() && alone["step_cpu_ms"].is_null(), "{alone}");
}

#[test]
fn one_layer_is_timed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let result = json(&succeed(folder.path(), "bench layer --hidden 8 --T 3 --batch 2 --warmup 1 --steps 2").stdout);
    assert!(result["forward_ms"].as_f64() > Some(0.0) && result["backward_ms"].as_f64() > Some(0.0), "{result}");
    assert_eq!((&result["T"], &result["hidden"]), (&3.into(), &8.into()));
}
