//! Graphs that several tests use.
#![allow(dead_code, unreachable_pub)] // each test uses some

use std::path::PathBuf;
use synfire_nir::*;

/// Folder of NIR's reference files: the one that `SYNFIRE_NIR` names, else the one beside the project. None with a visible
/// line (`cargo test -- --nocapture`) if there is none.
pub fn reference_folder() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/datasets/nir");
    let folder = std::env::var_os("SYNFIRE_NIR").map_or_else(|| beside.into(), PathBuf::from);
    if !folder.is_dir() {
        eprintln!("skipped: no NIR files in {}; set SYNFIRE_NIR to their folder", folder.display());
        return None;
    }
    Some(folder)
}

/// An array of growing values, all above 0.
pub fn values(shape: &[usize], element: Element) -> Array {
    let size = shape.iter().product();
    Array::new(shape, (0..size).map(|i| 0.25 + i as f64 / 8.0).collect(), element).unwrap()
}

fn floats(shape: &[usize]) -> Array {
    values(shape, Element::F32)
}

fn port(shape: &[usize]) -> Port {
    Port { shape: shape.to_vec() }
}

pub fn cuba_lif(shape: &[usize]) -> CubaLif {
    let value = || values(shape, Element::F64);
    CubaLif {
        tau_syn: value(),
        tau_mem: value(),
        r: value(),
        v_leak: value(),
        v_threshold: value(),
        v_reset: value(),
        w_in: Array::double(4.0),
    }
}

pub fn lif(shape: &[usize]) -> Lif {
    let value = || floats(shape);
    Lif { tau: value(), r: value(), v_leak: value(), v_threshold: value(), v_reset: value() }
}

/// A network with a node of every type, connected to itself in both ways.
pub fn everything() -> Graph {
    let mut graph = Graph::chain(vec![
        ("input", NodeKind::Input(port(&[2, 9, 8]))),
        (
            "conv2d",
            NodeKind::Conv2d(Conv {
                weight: floats(&[4, 1, 3, 2]),
                bias: floats(&[4]),
                stride: [2, 1],
                padding: Padding::Amount([1, 0]),
                dilation: [1, 2],
                groups: 2,
                input_shape: Some([9, 8]),
            }),
        ),
        (
            "if",
            NodeKind::If(If { r: floats(&[4, 5, 6]), v_threshold: floats(&[4, 5, 6]), v_reset: floats(&[4, 5, 6]) }),
        ),
        ("sum", NodeKind::SumPool2d(Pool2d { kernel_size: [2, 2], stride: [1, 2], padding: [0, 1] })),
        ("average", NodeKind::AvgPool2d(Pool2d { kernel_size: [2, 1], stride: [1, 1], padding: [0, 0] })),
        ("rows", NodeKind::Flatten(Flatten { start_dim: 1, end_dim: -1, input_type: Some(vec![4, 3, 4]) })),
        (
            "conv1d",
            NodeKind::Conv1d(Conv {
                weight: floats(&[3, 4, 3]),
                bias: floats(&[3]),
                stride: [1],
                padding: Padding::Same,
                dilation: [1],
                groups: 1,
                input_shape: None,
            }),
        ),
        ("scale", NodeKind::Scale(Scale { scale: values(&[3, 12], Element::F64) })),
        ("i", NodeKind::I(Integrator { r: Array::double(2.0) })),
        ("threshold", NodeKind::Threshold(Threshold { threshold: floats(&[1]) })),
        ("flat", NodeKind::Flatten(Flatten { start_dim: 0, end_dim: 1, input_type: None })),
        ("fc", NodeKind::Affine(Affine { weight: floats(&[5, 36]), bias: floats(&[5]) })),
        ("0.lif", NodeKind::Lif(lif(&[5]))),
        ("delay", NodeKind::Delay(Delay { delay: floats(&[5]) })),
        ("nested", NodeKind::Graph(nested())),
        ("li", NodeKind::Li(Li { tau: floats(&[5]), r: floats(&[5]), v_leak: floats(&[5]) })),
        ("readout", NodeKind::Linear(Linear { weight: floats(&[2, 5]) })),
        (
            "cuba_li",
            NodeKind::CubaLi(CubaLi {
                tau_syn: floats(&[2]),
                tau_mem: floats(&[2]),
                r: floats(&[2]),
                v_leak: floats(&[2]),
                w_in: Array::double(1.5),
            }),
        ),
        ("output", NodeKind::Output(port(&[2]))),
    ]);
    graph.insert("0.w_rec", NodeKind::Linear(Linear { weight: floats(&[5, 5]) }));
    graph.connect("0.lif", "0.w_rec");
    graph.connect("0.w_rec", "0.lif");
    graph.metadata = Group::default().with("dt", Array::double(1e-3)).with("made by", "hand, für NIR");
    graph
}

/// A layer that is connected to itself, as a graph of its own.
pub fn nested() -> Graph {
    let mut graph = Graph::chain(vec![
        ("input", NodeKind::Input(port(&[5]))),
        ("lif", NodeKind::CubaLif(cuba_lif(&[5]))),
        ("output", NodeKind::Output(port(&[5]))),
    ]);
    graph.insert("w_rec", NodeKind::Affine(Affine { weight: floats(&[5, 5]), bias: floats(&[5]) }));
    graph.connect("lif", "w_rec");
    graph.connect("w_rec", "lif");
    graph
}
