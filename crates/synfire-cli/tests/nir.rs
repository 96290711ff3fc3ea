//! Sessions with `synfire nir`, and recordings.

mod common;

use common::{SMALL, run, succeed};
use std::fs;
use std::path::Path;
use synfire::nir::{Affine, Array, Element, Graph, Lif, NodeKind, Observable, Port, Recorded};

/// A network of LIF neurons for the built-in digits, 64 -> 10.
fn write_graph(file: &Path) {
    let same = |value| Array::filled(&[10], value, Element::F32);
    let weights: Vec<f64> = (0..640).map(|i| f64::from(i * 7919 % 13) / 16.0 - 0.3).collect();
    let weight = Array::new([10, 64], weights, Element::F32).expect("as many as the shape has");
    let lif = Lif { tau: same(4e-3), r: same(4.0), v_leak: same(0.0), v_threshold: same(1.0), v_reset: same(0.0) };
    let graph = Graph::chain(vec![
        ("input", NodeKind::Input(Port { shape: vec![64] })),
        ("fc", NodeKind::Affine(Affine { weight, bias: same(0.1) })),
        ("lif", NodeKind::Lif(lif)),
        ("output", NodeKind::Output(Port { shape: vec![10] })),
    ]);
    graph.write(file).expect("a file can be written");
}

#[test]
fn a_network_comes_in_is_evaluated_trained_and_goes_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    write_graph(&at.join("net.nir"));
    let shown = succeed(at, "nir inspect net.nir").stdout;
    for words in ["written by nir 1.0.8", "fc      Affine", "weight [10, 64] -0.3 to 0.45", "tau [10] 0.004"] {
        assert!(shown.contains(words), "no `{words}` in {shown}");
    }
    succeed(at, "nir inspect net.nir --plot graph.svg");
    let svg = fs::read_to_string(at.join("graph.svg")).expect("a picture");
    assert!(svg.contains("Affine fc") && svg.contains("[64] to [10]"), "{svg}");
    let again = run(at, "nir inspect net.nir --plot graph.svg");
    assert!(again.code == 1 && again.stderr.contains("exists already"), "{}", again.stderr);
    let json: serde_json::Value =
        serde_json::from_str(&succeed(at, "nir inspect net.nir --json").stdout).expect("a line of JSON");
    assert_eq!((&json["nodes"][0]["type"], &json["nodes"][0]["output"]), (&"Affine".into(), &vec![10].into()));

    let line = "nir import net.nir --dt 1e-3 --reset zero --steps 8 --encoder constant --learn tau_m --out net.bpk";
    let told = succeed(at, line).stdout;
    assert!(told.contains("layers.1: eulerlif") && told.contains("written net.bpk"), "{told}");
    let again = run(at, line);
    assert!(again.code == 1 && again.stderr.contains("exists already"), "{}", again.stderr);
    let nameless = run(at, &line.replace("net.bpk", "net.txt"));
    assert!(
        nameless.code == 1 && nameless.stderr.contains("let it end in .bpk or .safetensors"),
        "{}",
        nameless.stderr
    );
    // 64 inputs take pictures of 8 x 8 as they come
    succeed(at, "eval net.bpk");
    succeed(at, &format!("{line} --input 8,8 --force"));
    assert!(succeed(at, "eval net.bpk").stdout.contains("firing    layers.1"));
    succeed(at, "train --init net.bpk --train-only *.tau_m --epochs 1 --out run");
    succeed(at, "nir export run --strict --out tuned.nir");
    let [before, after] = ["net.nir", "tuned.nir"].map(|file| Graph::read(&at.join(file)).expect("a graph"));
    let lif = |graph: &Graph| match &graph.nodes["lif"].kind {
        NodeKind::Lif(lif) => lif.clone(),
        other => panic!("{}", other.name()),
    };
    let [before, after] = [&before, &after].map(lif);
    assert_eq!(before.v_threshold.to_f32(), after.v_threshold.to_f32());
    assert_ne!(before.tau.to_f32(), after.tau.to_f32());
    assert!(run(at, &format!("{line} --input 9,9 --force")).stderr.contains("expected as many values"));
}

#[test]
fn activity_is_recorded_for_numpy_and_nir() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("small.toml"), SMALL).expect("a file can be written");
    succeed(at, "train --config small.toml --out run --epochs 1");
    succeed(at, "predict run --index 0 --count 3 --record a.nir");
    succeed(at, "predict run --index 0 --count 3 --record a.npz");
    let recorded = Recorded::read(&at.join("a.nir")).expect("a recording");
    let Observable::Gridded { data, dt } = &recorded.nodes["layers.1"]["spikes"] else { panic!("no spikes") };
    let [samples, steps, neurons] = *data.shape() else { panic!("{:?}", data.shape()) };
    assert_eq!((samples, steps, neurons, *dt), (3, 5, 24, 1e-3));
    let npz = fs::File::open(at.join("a.npz")).expect("an archive");
    let mut npz = zip::ZipArchive::new(npz).expect("an archive");
    let array = npyz::NpyFile::new(npz.by_name("layers.1.spikes.npy").expect("spikes")).expect("an array");
    assert_eq!(array.shape(), [samples as u64, steps as u64, neurons as u64]);
    let values: Vec<f32> = array.into_vec().expect("numbers");
    assert_eq!(values, data.to_f32());
    assert!(values.contains(&1.0) && recorded.nodes["layers.1"].contains_key("v"));
    let shown = succeed(at, "nir inspect a.nir").stdout;
    assert!(shown.contains("layers.1  spikes"), "{shown}");
    let wrong = run(at, "predict run --index 0 --record a.csv");
    assert!(wrong.code == 1 && wrong.stderr.contains("let it end in .npz or .nir"), "{}", wrong.stderr);
    // and out of a run folder
    let told = succeed(at, "nir export run --out run.nir").stdout;
    assert!(told.contains("LIF"), "{told}");
    assert!(Graph::read(&at.join("run.nir")).is_ok());
}
