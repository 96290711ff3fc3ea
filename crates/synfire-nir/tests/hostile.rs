//! Graphs that are none: errors that name the node and the field, and no more memory than a file has bytes for.

mod common;

use common::everything;
use hdf5_writer::{DatasetBuilder, Hdf5Builder, WriteOptions};
use synfire_nir::*;

/// The error of a graph after a change.
fn refused(change: impl FnOnce(&mut Graph)) -> String {
    let mut graph = everything();
    change(&mut graph);
    graph.inlined().and_then(|flat| flat.shapes().map(drop)).unwrap_err().to_string()
}

fn kind<'a>(graph: &'a mut Graph, name: &str) -> &'a mut NodeKind {
    &mut graph.nodes.get_mut(name).unwrap().kind
}

#[test]
fn errors_name_node_and_field() {
    let floats = |shape: &[usize]| common::values(shape, Element::F32);
    let error = refused(|graph| {
        let NodeKind::Lif(lif) = kind(graph, "0.lif") else { unreachable!() };
        lif.r = floats(&[4]);
    });
    assert_eq!(error, "node `0.lif`, field `r`: has the shape [4]; expected that of `tau`, [5], or a single number");
    let error = refused(|graph| {
        let NodeKind::Graph(nested) = kind(graph, "nested") else { unreachable!() };
        let NodeKind::CubaLif(lif) = kind(nested, "lif") else { unreachable!() };
        lif.tau_mem = Array::doubles(vec![1.0, 2.0, 0.0, 4.0, 5.0]);
    });
    assert_eq!(error, "node `nested.lif`, field `tau_mem`: holds 0; expected above 0");
    let error = refused(|graph| {
        let NodeKind::Affine(affine) = kind(graph, "fc") else { unreachable!() };
        affine.weight = floats(&[5, 35]);
    });
    assert_eq!(error, "node `fc`: takes the shape [35] and is given [36] by `flat`; make the shapes the same");
    let error = refused(|graph| {
        let NodeKind::Scale(scale) = kind(graph, "scale") else { unreachable!() };
        scale.scale = Array::double(f64::NAN);
    });
    assert!(error.contains("node `scale`, field `scale`: holds NaN"), "{error}");
    let error = refused(|graph| {
        let NodeKind::Conv2d(conv) = kind(graph, "conv2d") else { unreachable!() };
        conv.groups = 3;
    });
    assert!(error.contains("node `conv2d`, field `groups`: is 3; expected a divisor of the 4 outputs"), "{error}");
    let error = refused(|graph| drop(graph.nodes.remove("scale")));
    assert!(error.contains("node `scale`: receives in an edge `conv1d` -> `scale`, but is not there"), "{error}");
    let error = refused(|graph| graph.connect("fc", "0.lif"));
    assert!(error.contains("node `fc`: is connected to `0.lif` twice"), "{error}");
    let error = refused(|graph| {
        graph.insert("again", NodeKind::Linear(Linear { weight: floats(&[36, 5]) }));
        graph.connect("fc", "again");
        graph.connect("again", "fc");
    });
    assert!(error.contains("is in a cycle without a neuron or a delay") && error.contains("Delay node"), "{error}");
}

#[test]
fn a_cycle_through_nested_graphs_without_memory_is_found() {
    let port = || NodeKind::Input(Port { shape: vec![3] });
    let weights = || NodeKind::Linear(Linear { weight: common::values(&[3, 3], Element::F32) });
    let inner = Graph::chain(vec![("i", port()), ("w", weights()), ("o", NodeKind::Output(Port { shape: vec![3] }))]);
    let mut graph = Graph::chain(vec![
        ("input", port()),
        ("a", NodeKind::Graph(inner.clone())),
        ("output", NodeKind::Output(Port { shape: vec![3] })),
    ]);
    graph.insert("b", NodeKind::Graph(inner));
    graph.connect("a", "b");
    graph.connect("b", "a");
    let error = graph.inlined().unwrap_err().to_string();
    assert!(error.contains("is in a cycle without a neuron"), "{error}");
}

/// A file whose datasets are these.
fn file(datasets: Vec<DatasetBuilder>) -> Vec<u8> {
    let file = datasets.into_iter().fold(Hdf5Builder::new(), Hdf5Builder::dataset);
    file.into_plan().unwrap().encode(WriteOptions::default()).unwrap()
}

fn text(name: &str, text: &str) -> DatasetBuilder {
    DatasetBuilder::vlen_string_data(name, [], &[text]).unwrap()
}

fn graph_with(datasets: Vec<DatasetBuilder>) -> Result<Graph, NirError> {
    let edges = DatasetBuilder::vlen_string_data("node/edges", [0, 2], &[] as &[&str]).unwrap();
    Graph::from_bytes(file([vec![text("node/type", "NIRGraph"), edges], datasets].concat()))
}

#[test]
fn fields_are_checked_as_they_are_read() {
    let of = |kind: &str, fields: Vec<DatasetBuilder>| {
        let mut datasets = vec![text("node/nodes/a/type", kind)];
        datasets.extend(fields);
        graph_with(datasets).map_err(|error| error.to_string())
    };
    let number = |name: &str, value: f64| {
        DatasetBuilder::typed_data::<f64>(format!("node/nodes/a/{name}"), [], &[value]).unwrap()
    };
    let error = of("LIF", vec![number("tau", 1.0), number("v_leak", 0.0)]).unwrap_err();
    assert!(
        error.starts_with("node `a`, field `r`: is missing (there are tau, type, v_leak); expected numbers"),
        "{error}"
    );
    let error = of("Spiky", vec![]).unwrap_err();
    assert!(error.contains("node `a`, field `type`: is `Spiky`; expected one of Input, Output, Affine"), "{error}");
    let error = of("Scale", vec![number("scale", 1.0), number("gain", 1.0)]).unwrap_err();
    assert!(error.contains("node `a`, field `gain`: is not known"), "{error}");
    let error = of("Threshold", vec![text("node/nodes/a/threshold", "high")]).unwrap_err();
    assert!(error.contains("field `threshold`: is the text \"high\"; expected numbers"), "{error}");
    let error = of("Input", vec![number("shape", -3.0)]).unwrap_err();
    assert!(error.contains("field `shape`: is the number -3; expected integers from 1"), "{error}");
    let error = of("Input", vec![number("shape", 2.5)]).unwrap_err();
    assert!(error.contains("expected integers"), "{error}");
    // any element type will do
    assert!(of("Input", vec![number("shape", 3.0)]).is_ok());
    let bytes = DatasetBuilder::typed_data::<u8>("node/nodes/a/threshold", [2], &[1, 2]).unwrap();
    assert!(of("Threshold", vec![bytes]).is_ok());
    // old files have no `v_reset`
    let graph = of("IF", vec![number("r", 1.0), number("v_threshold", 1.0)]).unwrap();
    let NodeKind::If(neurons) = &graph.nodes["a"].kind else { panic!("no neurons") };
    assert_eq!(neurons.v_reset, Array::double(0.0));
}

/// A size in the header that the file cannot hold.
#[test]
fn memory_grows_with_the_file_and_not_with_its_claims() {
    let scale = DatasetBuilder::typed_data::<f64>("node/nodes/a/scale", [12_345], &[0.5; 12_345]).unwrap();
    let plan = Hdf5Builder::new().dataset(text("node/nodes/a/type", "Scale")).dataset(scale).into_plan().unwrap();
    let mut bytes = plan.encode(WriteOptions::default()).unwrap();
    let size = 12_345u64.to_le_bytes();
    let claims: Vec<usize> = (0..bytes.len() - 8).filter(|&at| bytes[at..at + 8] == size).collect();
    assert!(!claims.is_empty());
    for at in claims {
        bytes[at..at + 8].copy_from_slice(&(1u64 << 50).to_le_bytes());
    }
    let error = Graph::from_bytes(bytes).unwrap_err().to_string();
    assert!(error.contains("damaged"), "{error}");
    // shapes of ports are numbers only
    let shape = DatasetBuilder::typed_data::<i64>("node/nodes/a/shape", [2], &[1 << 31, 1 << 31]).unwrap();
    let graph = graph_with(vec![text("node/nodes/a/type", "Input"), shape]).unwrap();
    assert_eq!(graph.shapes().unwrap()["a"].output, [1 << 31, 1 << 31]);
}
