//! Graphs that are written and read again.

mod common;

use common::{everything, values};
use std::collections::BTreeMap;
use synfire_nir::*;

#[test]
fn every_type_of_node_is_read_as_it_was_written() {
    let graph = everything();
    let bytes = graph.to_bytes().unwrap();
    let read = Graph::from_bytes(bytes.clone()).unwrap();
    assert_eq!(read.version.as_deref(), Some("1.0.8"));
    assert_eq!(Graph { version: None, ..read.clone() }, graph);
    let mut names: Vec<&str> = graph.inlined().unwrap().nodes.values().map(|node| node.kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), NodeKind::NAMES.len(), "a node of every type");
    assert_eq!(read.to_bytes().unwrap(), bytes, "the same graph makes the same bytes");
}

#[test]
fn files_are_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.nir");
    everything().write(&path).unwrap();
    assert_eq!(Graph { version: None, ..Graph::read(&path).unwrap() }, everything());
    let before = std::fs::read(&path).unwrap();
    let mut wrong = everything();
    wrong.connect("li", "nowhere");
    let error = wrong.write(&path).unwrap_err().to_string();
    assert!(
        error.contains("net.nir: node `nowhere`: receives in an edge `li` -> `nowhere`, but is not there"),
        "{error}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    let error = everything().write(&folder.path().join("none/net.nir")).unwrap_err().to_string();
    assert!(error.contains("cannot write") && error.contains("none/net.nir"), "{error}");
}

#[test]
fn shapes_follow_from_inputs_and_parameters() {
    let flat = everything().inlined().unwrap();
    assert!(flat.nodes.contains_key("nested.lif") && !flat.nodes.contains_key("nested.input"));
    let shapes = flat.shapes().unwrap();
    let expected: &[(&str, &[usize], &[usize])] = &[
        // (9 + 2 - 3) / 2 + 1 and 8 - 2 (2 - 1)
        ("conv2d", &[2, 9, 8], &[4, 5, 6]),
        ("sum", &[4, 5, 6], &[4, 4, 4]),
        ("average", &[4, 4, 4], &[4, 3, 4]),
        ("rows", &[4, 3, 4], &[4, 12]),
        ("conv1d", &[4, 12], &[3, 12]),
        ("i", &[3, 12], &[3, 12]),
        ("flat", &[3, 12], &[36]),
        ("nested.w_rec", &[5], &[5]),
        ("output", &[2], &[2]),
    ];
    for &(name, input, output) in expected {
        let shapes = &shapes[name];
        assert_eq!((&shapes.input[..], &shapes.output[..]), (input, output), "{name}");
    }
    let summary = flat.summary().unwrap();
    let conv = summary.nodes.iter().find(|node| node.name == "conv2d").unwrap();
    assert_eq!(conv.settings, ["stride = [2, 1]", "padding = [1, 0]", "dilation = [1, 2]", "groups = 2"]);
    assert_eq!(conv.parameters[0].range, Some([0.25, 0.25 + 23.0 / 8.0]));
}

#[test]
fn nested_and_flat_recurrence_are_the_same_network() {
    let flat = everything().inlined().unwrap();
    let edge = |from: &str, to: &str| flat.edges.contains(&Edge::new(from, to));
    for (layer, before, after) in [("0", "fc", "delay"), ("nested", "delay", "li")] {
        let [lif, weights] = [format!("{layer}.lif"), format!("{layer}.w_rec")];
        assert!(edge(before, &lif) && edge(&lif, &weights) && edge(&weights, &lif) && edge(&lif, after), "{layer}");
    }
}

#[test]
fn known_faults_of_exporters_are_mended() {
    let mut nested = common::nested();
    for edge in &mut nested.edges {
        for name in [&mut edge.from, &mut edge.to] {
            *name = name.replace("lif", "cell");
        }
    }
    // as snnTorch wires it
    nested.connect("input", "w_rec");
    let mut graph = everything();
    graph.insert("nested", NodeKind::Graph(nested));
    assert!(graph.check().is_err());
    let done = graph.repair();
    assert_eq!(done.len(), 2, "{done:?}");
    assert!(done[0].contains("`nested.cell`, which is not there; taken as `nested.lif`"), "{done:?}");
    assert!(done[1].contains("dropped the edge `nested.input` -> `nested.w_rec`"), "{done:?}");
    assert_eq!(graph, everything());
    assert!(graph.repair().is_empty());
}

#[test]
fn recorded_activity_is_read_as_it_was_written() {
    let gridded = Observable::Gridded { data: values(&[2, 3, 4], Element::F32), dt: 1e-3 };
    let events = |value| Observable::Events {
        index: Array::integers(&[3, 1]),
        time: Array::doubles(vec![0.001, 0.002]),
        value,
        neurons: 4,
        duration: 0.003,
    };
    let observables = BTreeMap::from([("v".to_string(), gridded), ("spikes".to_string(), events(None))]);
    let valued = BTreeMap::from([("spikes".to_string(), events(Some(Array::doubles(vec![1.0, 2.0]))))]);
    let nodes = BTreeMap::from([("lif".to_string(), observables), ("a.b".to_string(), valued)]);
    let recorded = Recorded { nodes };
    assert_eq!(Recorded::from_bytes(recorded.to_bytes().unwrap()).unwrap(), recorded);
    let error = Recorded::from_bytes(everything().to_bytes().unwrap()).unwrap_err().to_string();
    assert!(error.contains("`__type__`: is missing"), "{error}");
    let error = Graph::from_bytes(recorded.to_bytes().unwrap()).unwrap_err().to_string();
    assert!(error.contains("is it a file of recorded activity"), "{error}");
}
