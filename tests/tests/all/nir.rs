//! Networks of NIR here, against NIR's equations in double precision and the answers of the frameworks that wrote them.

mod exported;
mod interpreter;
mod reference_files;

use burn::tensor::{Device, Tensor};
use interpreter::Rules;
use synfire::coding::Source;
use synfire::neuron::{Reset, SynapticCurrent};
use synfire::nir::*;
use synfire_tests::{Noise, numbers};

const STEPS: usize = 40;

/// Numbers of a test, from 0 to 1.
struct Draw(Noise);

impl Draw {
    fn values(&mut self, count: usize, [low, high]: [f64; 2]) -> Vec<f64> {
        let x = self.0.tensor([count], low as f32, high as f32, &Device::default());
        // what single precision holds is the same here and there
        numbers(&x).into_iter().map(f64::from).collect()
    }

    fn array(&mut self, shape: &[usize], range: [f64; 2]) -> Array {
        Array::new(shape, self.values(shape.iter().product(), range), Element::F32).unwrap()
    }

    fn lif(&mut self, shape: &[usize]) -> Lif {
        Lif {
            tau: self.array(shape, [3e-3, 9e-3]),
            r: self.array(shape, [3.0, 6.0]),
            v_leak: self.array(shape, [-0.1, 0.1]),
            v_threshold: self.array(shape, [0.3, 0.9]),
            v_reset: self.array(shape, [-0.2, 0.1]),
        }
    }

    fn cuba(&mut self, shape: &[usize]) -> CubaLif {
        CubaLif {
            tau_syn: self.array(shape, [2e-3, 5e-3]),
            tau_mem: self.array(shape, [3e-3, 9e-3]),
            r: self.array(shape, [2.0, 4.0]),
            v_leak: self.array(shape, [-0.1, 0.1]),
            v_threshold: self.array(shape, [0.5, 1.0]),
            v_reset: self.array(shape, [-0.2, 0.1]),
            w_in: Array::double(3.0),
        }
    }
}

/// A network with every type of node that a layer can be, recurrent in both forms.
fn everything(draw: &mut Draw) -> (Graph, Vec<&'static str>) {
    let conv = Conv {
        weight: draw.array(&[4, 1, 3, 2], [-0.6, 0.8]),
        bias: draw.array(&[4], [0.0, 0.2]),
        stride: [2, 1],
        padding: Padding::Amount([1, 0]),
        dilation: [1, 2],
        groups: 2,
        input_shape: None,
    };
    let spiking = If {
        r: draw.array(&[4, 4, 4], [300.0, 900.0]),
        v_threshold: draw.array(&[4, 4, 4], [0.3, 1.0]),
        v_reset: draw.array(&[4, 4, 4], [-0.1, 0.1]),
    };
    let mut nested = Graph::chain(vec![
        ("input", NodeKind::Input(Port { shape: vec![5] })),
        ("lif", NodeKind::CubaLif(draw.cuba(&[5]))),
        ("output", NodeKind::Output(Port { shape: vec![5] })),
    ]);
    let bias = draw.array(&[5], [-0.1, 0.1]);
    nested.insert("w_rec", NodeKind::Affine(Affine { weight: draw.array(&[5, 5], [-0.5, 0.5]), bias }));
    nested.connect("lif", "w_rec");
    nested.connect("w_rec", "lif");
    let mut graph = Graph::chain(vec![
        ("input", NodeKind::Input(Port { shape: vec![2, 7, 6] })),
        ("conv", NodeKind::Conv2d(conv)),
        ("if", NodeKind::If(spiking)),
        ("sum", NodeKind::SumPool2d(Pool2d { kernel_size: [2, 2], stride: [1, 2], padding: [0, 1] })),
        ("average", NodeKind::AvgPool2d(Pool2d { kernel_size: [2, 1], stride: [1, 1], padding: [0, 0] })),
        ("flat", NodeKind::Flatten(Flatten { start_dim: 0, end_dim: -1, input_type: None })),
        (
            "fc",
            NodeKind::Affine(Affine { weight: draw.array(&[6, 24], [-0.2, 0.4]), bias: draw.array(&[6], [0.0, 0.1]) }),
        ),
        ("lif", NodeKind::Lif(draw.lif(&[6]))),
        ("delay", NodeKind::Delay(Delay { delay: Array::doubles(vec![0.0, 1e-3, 2e-3, 3e-3, 4e-3, 5e-3]) })),
        ("scale", NodeKind::Scale(Scale { scale: draw.array(&[6], [0.5, 1.5]) })),
        ("threshold", NodeKind::Threshold(Threshold { threshold: draw.array(&[6], [0.1, 0.4]) })),
        ("fc2", NodeKind::Linear(Linear { weight: draw.array(&[5, 6], [-0.2, 0.8]) })),
        ("nested", NodeKind::Graph(nested)),
        ("fc3", NodeKind::Linear(Linear { weight: draw.array(&[3, 5], [-0.5, 0.5]) })),
        (
            "li",
            NodeKind::Li(Li {
                tau: draw.array(&[3], [4e-3, 9e-3]),
                r: draw.array(&[3], [1.0, 2.0]),
                v_leak: draw.array(&[3], [-0.1, 0.1]),
            }),
        ),
        ("output", NodeKind::Output(Port { shape: vec![3] })),
    ]);
    graph.insert("w_rec", NodeKind::Linear(Linear { weight: draw.array(&[6, 6], [-0.4, 0.4]) }));
    graph.connect("lif", "w_rec");
    graph.connect("w_rec", "lif");
    let order = vec![
        "input",
        "conv",
        "if",
        "sum",
        "average",
        "flat",
        "fc",
        "lif",
        "delay",
        "w_rec",
        "scale",
        "threshold",
        "fc2",
        "nested.lif",
        "nested.w_rec",
        "fc3",
        "li",
        "output",
    ];
    (graph, order)
}

/// Spikes and potentials of the layers of neurons, by name.
fn recorded(imported: &Imported, input: &[Vec<f64>]) -> Vec<(String, Vec<f32>, Vec<f32>)> {
    let device = Device::default();
    let network = imported.checkpoint.network(&device).unwrap();
    let values: Vec<f32> = input.iter().flatten().map(|&x| x as f32).collect();
    let count = values.len();
    let sample = Tensor::<1>::from_floats(values.as_slice(), &device).reshape([1, count]);
    let (_, records) = network.record(Source::from(sample), 0).unwrap();
    let name = |path: &str| {
        let node = network.layers().iter().find(|node| node.path() == path).unwrap();
        node.name().unwrap_or(path).to_string()
    };
    let potential = |record: &synfire::network::Record| record.potential.as_ref().map_or(vec![], numbers);
    records.iter().map(|record| (name(&record.name), numbers(&record.output), potential(record))).collect()
}

/// A network and NIR's own equations give the same: spikes exactly, what is graded up to rounding.
fn compare(graph: &Graph, order: &[&str], options: &ImportOptions, draw: &mut Draw) {
    let rules = Rules {
        dt: options.dt,
        subtract: options.reset == Reset::Soft,
        previous_current: options.cuba == SynapticCurrent::Previous,
    };
    let flat = graph.inlined().unwrap();
    let size = flat.shapes().unwrap()["input"].output.iter().product();
    let input: Vec<Vec<f64>> =
        (0..STEPS).map(|_| draw.values(size, [0.0, 1.6]).into_iter().map(f64::floor).collect()).collect();
    let expected = interpreter::run(&flat, order, &input, rules);
    let imported = import(graph, options).unwrap();
    let found = recorded(&imported, &input);
    assert!(found.len() > 1, "{:?}", imported.report);
    for (name, output, _) in found {
        let expected: Vec<f64> = expected[&name].concat();
        assert_eq!(output.len(), expected.len(), "{name}");
        let total: f64 = expected.iter().map(|x| x.abs()).sum();
        assert!(total > 3.0, "{name} is silent");
        for (n, (ours, theirs)) in output.iter().zip(&expected).enumerate() {
            assert!((f64::from(*ours) - theirs).abs() < 1e-5, "{name} at {n}: {ours} and {theirs}");
        }
    }
}

fn options() -> ImportOptions {
    ImportOptions { steps: STEPS, ..ImportOptions::new(1e-3) }
}

#[test]
fn networks_do_what_the_equations_of_nir_say() {
    let mut draw = Draw(Noise::new(7));
    let (graph, order) = everything(&mut draw);
    compare(&graph, &order, &options(), &mut draw);
    compare(&graph, &order, &ImportOptions { reset: Reset::Soft, ..options() }, &mut draw);
    compare(&graph, &order, &ImportOptions { cuba: SynapticCurrent::Previous, ..options() }, &mut draw);
}

#[test]
fn a_longer_cycle_arrives_one_step_later() {
    let mut draw = Draw(Noise::new(11));
    let weight = |draw: &mut Draw, shape| NodeKind::Linear(Linear { weight: draw.array(shape, [-0.3, 0.5]) });
    let mut graph = Graph::chain(vec![
        ("input", NodeKind::Input(Port { shape: vec![4] })),
        ("w1", weight(&mut draw, &[5, 4])),
        ("a", NodeKind::Lif(draw.lif(&[5]))),
        ("w2", weight(&mut draw, &[3, 5])),
        ("b", NodeKind::Lif(draw.lif(&[3]))),
        ("output", NodeKind::Output(Port { shape: vec![3] })),
    ]);
    graph.insert("back", weight(&mut draw, &[5, 3]));
    graph.connect("b", "back");
    graph.connect("back", "a");
    let order = ["input", "w1", "a", "w2", "b", "output", "back"];
    compare(&graph, &order, &options(), &mut draw);
}

#[test]
fn shared_weights_and_inputs_without_weights_get_layers_of_factors() {
    let mut draw = Draw(Noise::new(13));
    let mut graph = Graph::chain(vec![
        ("input", NodeKind::Input(Port { shape: vec![4] })),
        ("first", NodeKind::Lif(draw.lif(&[4]))),
        ("w", NodeKind::Linear(Linear { weight: draw.array(&[5, 4], [-0.3, 0.9]) })),
        ("a", NodeKind::Lif(draw.lif(&[5]))),
        ("output", NodeKind::Output(Port { shape: vec![5] })),
    ]);
    graph.insert("b", NodeKind::CubaLif(draw.cuba(&[5])));
    graph.connect("w", "b");
    graph.connect("b", "output");
    let order = ["input", "first", "w", "a", "b", "output"];
    compare(&graph, &order, &options(), &mut draw);
    let report = import(&graph, &options()).unwrap().report;
    let scales: Vec<&str> =
        report.lines.iter().filter(|line| line.became.ends_with("scale")).map(|line| line.from.as_str()).collect();
    assert_eq!(scales, ["input of first", "input of a", "input of b"]);
}

#[test]
fn what_no_layer_does_is_refused_with_its_node() {
    let refused = |nodes: Vec<(&str, NodeKind)>| import(&Graph::chain(nodes), &options()).unwrap_err().to_string();
    let port = |shape: &[usize]| Port { shape: shape.to_vec() };
    let rows = NodeKind::Flatten(Flatten { start_dim: 1, end_dim: 2, input_type: None });
    let mut draw = Draw(Noise::new(1));
    let error = refused(vec![
        ("input", NodeKind::Input(port(&[2, 3, 4]))),
        ("rows", rows),
        ("lif", NodeKind::Lif(draw.lif(&[2, 12]))),
        ("output", NodeKind::Output(port(&[2, 12]))),
    ]);
    assert!(error.starts_with("node `rows`: flattens the axes 1 to 2 of [2, 3, 4], which leaves [2, 12]"), "{error}");
    let error = refused(vec![("input", NodeKind::Input(port(&[2]))), ("output", NodeKind::Output(port(&[2])))]);
    assert!(error.contains("there is no layer of neurons"), "{error}");
    let error = refused(vec![("a", NodeKind::Input(port(&[2]))), ("lif", NodeKind::Lif(draw.lif(&[2])))]);
    assert!(error.contains("has none of type Output; expected exactly one"), "{error}");
    let graph = Graph::chain(vec![
        ("input", NodeKind::Input(port(&[2]))),
        ("lif", NodeKind::Lif(draw.lif(&[2]))),
        ("output", NodeKind::Output(port(&[2]))),
    ]);
    let error = import(&graph, &ImportOptions::new(0.0)).unwrap_err().to_string();
    assert!(error.contains("dt: is 0 s; expected a time step above 0"), "{error}");
    // longer than the time constants
    let report = import(&graph, &ImportOptions::new(5e-3)).unwrap().report;
    assert!(report.lines.iter().any(|line| line.notes.iter().any(|note| note.contains("forward Euler overshoots"))));
}
