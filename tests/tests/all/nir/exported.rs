//! Networks that are exported, and imported again.

use super::{Draw, STEPS, recorded};
use burn::tensor::Device;
use synfire::checkpoint::Checkpoint;
use synfire::network::NetworkConfig;
use synfire::nir::{Array, ExportOptions, Graph, ImportOptions, NodeKind, Value, export, import};
use synfire_tests::Noise;

/// A network of these layers with so many outputs, for samples `[40, ..]` over time.
fn checkpoint(layers: &str, input: &[usize], outputs: usize) -> Checkpoint {
    let text = format!("steps = {STEPS}\ndt = 0.5\nencoder = \"series\"\ndecoder = \"spike_counts\"\n{layers}");
    let config: NetworkConfig = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    Checkpoint::of(&config.init(&[&[STEPS], input].concat(), outputs, 1, &Device::default()).unwrap())
}

const LAYERS: &str = r#"
    [[layers]]
    conv2d = 4
    kernel = 3
    padding = "same"
    gain = 3.0
    [[layers]]
    neuron = "lif"
    tau_m = { value = 2.0, per = "channel" }
    v_th = 0.6
    [[layers]]
    average_pool2d = 2
    [[layers]]
    neuron = "plif"
    v_th = 0.2
    [[layers]]
    sum_pool2d = 2
    [[layers]]
    scale = 1.5
    per = "channel"
    [[layers]]
    linear = 10
    gain = 2.0
    [[layers]]
    neuron = "eulerlif"
    tau_m = 3.0
    v_leak = 0.05
    v_th = 0.4
    recurrent = { bias = true, gain = 1.5 }
    [[layers]]
    linear = 12
    delay = 2
    gain = 2.0
    [[layers]]
    neuron = "cubalif"
    tau_s = 1.5
    tau_m = 2.5
    v_th = 0.5
    [[layers]]
    voting = 4
    [[layers]]
    neuron = "lif"
    tau_m = 4.0
    v_th = 0.1
"#;

#[test]
fn networks_that_are_exported_and_imported_do_the_same() {
    let before = checkpoint(LAYERS, &[2, 8, 8], 3);
    let exported = export(&before, &ExportOptions { strict: true, ..ExportOptions::default() }).unwrap();
    assert_eq!(exported.graph.metadata.values["dt"], Value::from(Array::double(5e-4)));
    let graph = Graph::from_bytes(exported.graph.to_bytes().unwrap()).unwrap();
    let mut draw = Draw(Noise::new(5));
    let input: Vec<Vec<f64>> =
        (0..STEPS).map(|_| draw.values(128, [0.0, 1.6]).into_iter().map(f64::floor).collect()).collect();
    let steps = STEPS;
    let imported = import(&graph, &ImportOptions { steps, ..ImportOptions::new(5e-4) }).unwrap();
    let spikes = |checkpoint: Checkpoint| -> Vec<Vec<f32>> {
        let imported = synfire::nir::Imported { checkpoint, report: Default::default() };
        let records = recorded(&imported, &input);
        records.into_iter().map(|(_, spikes, _)| spikes).collect()
    };
    let (ours, again) = (spikes(before), spikes(imported.checkpoint));
    assert_eq!((ours.len(), again.len()), (5, 5));
    for (layer, (ours, again)) in ours.iter().zip(&again).enumerate() {
        assert!(ours.iter().sum::<f32>() > 3.0, "neurons {layer} are silent");
        assert_eq!(ours, again, "neurons {layer}");
    }
}

const NORMALISED: &str = r#"
    [[layers]]
    conv2d = 4
    kernel = 3
    gain = 2.0
    bias = false
    [[layers]]
    batch_norm = true
    [[layers]]
    neuron = "lif"
    name = "first"
    v_th = 0.6
    recurrent = "one_to_one"
    [[layers]]
    max_pool2d = 2
    [[layers]]
    linear = 10
    [[layers]]
    batch_norm = true
    epsilon = 1e-3
    [[layers]]
    neuron = "plif"
    name = "second"
    v_th = 0.3
    recurrent = { connect = "one_to_one", bias = true }
    [[layers]]
    linear = 3
    gain = 4.0
    [[layers]]
    neuron = "lif"
    name = "third"
"#;

/// Normalisations go into weights, the largest of spikes is the threshold of a sum, one-to-one connections are factors.
#[test]
fn what_has_no_node_of_its_own_is_said_by_others() {
    let mut before = checkpoint(NORMALISED, &[2, 8, 8], 3);
    let mut draw = Draw(Noise::new(8));
    for stored in &mut before.parameters {
        let range = match stored.name.rsplit('.').next() {
            Some("gamma" | "running_var") => [0.5, 2.0],
            Some("beta" | "running_mean") => [-0.2, 0.4],
            _ => continue,
        };
        stored.values = draw.values(stored.values.len(), range).into_iter().map(|value| value as f32).collect();
    }
    let exported = export(&before, &ExportOptions { strict: true, ..ExportOptions::default() }).unwrap();
    let became: Vec<&str> = exported.report.lines.iter().map(|line| line.became.as_str()).collect();
    assert_eq!(became[1], "part of the weights and the bias of `layers.0`");
    assert_eq!(became[3], "`layers.3`: SumPool2d, Threshold");
    let own = |name: &str| match &exported.graph.nodes[name].kind {
        NodeKind::Graph(graph) => graph.nodes["w_rec"].kind.name(),
        other => other.name(),
    };
    assert_eq!((own("first"), own("second")), ("Scale", "Affine"));
    let graph = Graph::from_bytes(exported.graph.to_bytes().unwrap()).unwrap();
    let input: Vec<Vec<f64>> =
        (0..STEPS).map(|_| draw.values(128, [0.0, 1.4]).into_iter().map(f64::floor).collect()).collect();
    let imported = import(&graph, &ImportOptions { steps: STEPS, ..ImportOptions::new(5e-4) }).unwrap();
    let spikes = |checkpoint: Checkpoint| -> Vec<Vec<f32>> {
        let imported = synfire::nir::Imported { checkpoint, report: Default::default() };
        recorded(&imported, &input).into_iter().map(|(_, spikes, _)| spikes).collect()
    };
    let (ours, again) = (spikes(before), spikes(imported.checkpoint));
    // the threshold behind the pool is a layer of neurons too
    assert_eq!((ours.len(), again.len()), (3, 4));
    for (layer, (ours, again)) in
        [(&ours[0], &again[0]), (&ours[1], &again[2]), (&ours[2], &again[3])].iter().enumerate()
    {
        assert!(ours.iter().sum::<f32>() > 3.0, "neurons {layer} are silent");
        assert_eq!(ours, again, "neurons {layer}");
    }
}

#[test]
fn a_step_may_have_another_length_in_the_file() {
    let checkpoint = checkpoint("[[layers]]\nlinear = 3\n[[layers]]\nneuron = \"lif\"\ntau_m = 4.0", &[2], 3);
    let graph = export(&checkpoint, &ExportOptions { dt: Some(1e-4), ..ExportOptions::default() }).unwrap().graph;
    let NodeKind::Lif(lif) = &graph.nodes["layers.1"].kind else { panic!("no neurons") };
    // as a decay of exp(-0.5 / 4) in a step of 0.1 ms
    let beta = (-0.5f64 / 4.0).exp();
    assert!((lif.tau.values()[0] - 1e-4 / (1.0 - beta)).abs() < 1e-9);
    assert!((lif.r.values()[0] - lif.tau.values()[0] / 1e-4).abs() < 1e-6);
    assert_eq!(graph.nodes["layers.1"].metadata.values["reset"], Value::from("hard"));
}

#[test]
fn what_nir_cannot_say_is_told_or_refused() {
    let soft = checkpoint("[[layers]]\nlinear = 3\n[[layers]]\nneuron = \"lif\"\nreset = \"soft\"", &[2], 3);
    let strict = ExportOptions { strict: true, ..ExportOptions::default() };
    let error = export(&soft, &strict).unwrap_err().to_string();
    assert!(error.starts_with("layers.1: subtracts the threshold at a spike, which NIR cannot say; choose"), "{error}");
    let exported = export(&soft, &ExportOptions::default()).unwrap();
    assert_eq!(exported.report.lines[1].notes, ["subtracts the threshold at a spike, which NIR cannot say"]);
    assert_eq!(exported.graph.nodes["layers.1"].metadata.values["reset"], Value::from("soft"));
    let pool =
        checkpoint("[[layers]]\nmax_pool2d = 2\n[[layers]]\nlinear = 3\n[[layers]]\nneuron = \"lif\"", &[1, 4, 4], 3);
    let error = export(&pool, &ExportOptions::default()).unwrap_err().to_string();
    assert!(
        error.starts_with("layers.0: takes the largest value of each window, which no node of NIR does but"),
        "{error}"
    );
    let norm =
        checkpoint("[[layers]]\nbatch_norm = true\n[[layers]]\nlinear = 3\n[[layers]]\nneuron = \"lif\"", &[2], 3);
    let error = export(&norm, &ExportOptions::default()).unwrap_err().to_string();
    assert!(error.starts_with("layers.0: normalises what is not the output of one `linear` or convolution"), "{error}");
    let other = checkpoint("[[layers]]\nlinear = 3\n[[layers]]\nneuron = \"aclif\"", &[2], 3);
    let error = export(&other, &ExportOptions::default()).unwrap_err().to_string();
    assert!(error.starts_with("layers.1: has `aclif` neurons, and no node of NIR is like them"), "{error}");
    // without a reset: an integrator and a threshold
    let none = checkpoint("[[layers]]\nlinear = 3\n[[layers]]\nneuron = \"lif\"\nreset = \"none\"", &[2], 3);
    let graph = export(&none, &strict).unwrap().graph;
    let kinds: Vec<&str> = graph.nodes.values().map(|node| node.kind.name()).collect();
    assert_eq!(kinds, ["Input", "Affine", "LI", "Threshold", "Output"]);
}
