//! Burn modules between layers.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;
use synfire::Error;
use synfire::checkpoint::Checkpoint;
use synfire::network::layer::{AnyLayer, LayerKind, NetworkInfo, PerStep, Site};
use synfire::network::{Network, NetworkConfig, Shape, register};
use synfire::registry::Named;
use synfire_tests::{Noise, absolute_error, devices, numbers};

const STEPS: usize = 7;

/// A network of 3 inputs and 4 outputs per step.
fn network(layers: Value, device: &Device) -> Result<Network, Error> {
    let config = json!({ "steps": STEPS, "encoder": "null", "decoder": "null", "layers": layers });
    serde_json::from_value::<NetworkConfig>(config).unwrap().init(&[STEPS * 3], 4, 1, device)
}

/// The output of the last layer, `[T, B, N]`.
fn output(network: &Network, device: &Device) -> Tensor<3> {
    let sample = Noise::new(5).tensor([2, STEPS * 3], -1.0, 1.0, device);
    network.forward_full(sample, 0).unwrap().activity.values
}

#[derive(Module, Debug)]
struct Scale {
    by: Param<Tensor<4>>,
}

#[test]
fn a_module_of_any_rank_is_part_of_the_network() {
    let device = synfire_tests::device("flex");
    let plain = network(json!([{ "linear": 4 }, { "neuron": "relay" }]), &device).unwrap();
    let scale = Scale { by: Param::from_tensor(Tensor::<4>::ones([1, 4, 1, 1], &device) * 3.0) };
    let by = |scale: &Scale, x: Tensor<2>| x * scale.by.val().reshape([1, 4]);
    let scaled = plain.clone().insert(1, scale, by).unwrap();
    let expected = output(&plain, &device) * 3.0;
    assert!(absolute_error(&numbers(&output(&scaled, &device)), &numbers(&expected)) < 1e-6);
    let parameter = |network: &Network| network.parameters().into_iter().find(|p| p.name.ends_with(".by")).unwrap();
    let found = parameter(&scaled);
    assert_eq!((found.name.as_str(), found.shape.as_slice()), ("layers.1.by", [1, 4, 1, 1].as_slice()));
    assert!(found.learnable && found.active);
    assert!(!parameter(&scaled.clone().with_active(|p| p.name != found.name)).active);
    let doubled = scaled.clone().with_value(&found.name, &[6.0; 4]).unwrap();
    assert!(absolute_error(&numbers(&output(&doubled, &device)), &numbers(&(expected * 2.0))) < 1e-6);
    let error = Checkpoint::of(&scaled).write(Path::new("never.bpk")).unwrap_err().to_string();
    assert!(error.contains("put in from Rust") && error.contains("register"), "{error}");
    let narrow =
        scaled.insert(1, Scale { by: Param::from_tensor(Tensor::ones([1, 1, 1, 1], &device)) }, |_, x: Tensor<2>| {
            x.narrow(1, 0, 2)
        });
    assert!(narrow.unwrap_err().to_string().contains("returns 2 values of 4"));
}

/// Sums of neighbours, times a number drawn at random.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Pairs {}

impl Named for Pairs {
    const NAME: &'static str = "pairs";
    const ABOUT: &'static str = "sums of neighbours";
}

impl LayerKind for Pairs {
    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        match input.size() % 2 {
            0 => Ok([input.size() / 2].into()),
            _ => Err(format!("is given {} values; expected an even number", input.size())),
        }
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let by = Param::from_tensor(site.uniform([1, 1, 1, 1], 1.0));
        PerStep::layer(Scale { by }, site.input, Self::NAME, |scale: &Scale, x: Tensor<2>| {
            let [rows, columns] = x.dims();
            let pairs = x.reshape([rows, columns / 2, 2, 1]) * scale.by.val();
            pairs.sum_dim(2).reshape([rows, columns / 2])
        })
    }
}

#[test]
fn a_registered_module_has_outputs_of_its_own_number_and_is_read_from_a_file() {
    register::<Pairs>().unwrap();
    let layers = json!([{ "linear": 8 }, { "module": "pairs" }, { "neuron": "relay" }]);
    let mut outputs = vec![];
    for (_, device) in devices() {
        let built = network(layers.clone(), &device).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        Checkpoint::of(&built).write(file.path()).unwrap();
        let read = Checkpoint::read(file.path()).unwrap().network(&device).unwrap();
        assert_eq!(numbers(&output(&built, &device)), numbers(&output(&read, &device)));
        assert_eq!(output(&built, &device).dims(), [STEPS, 2, 4]);
        outputs.push(numbers(&output(&built, &device)));
    }
    assert!(outputs.iter().all(|other| absolute_error(other, &outputs[0]) < 1e-6), "the seed gives the weights");

    let device = Device::flex();
    let message = |layers: Value| network(layers, &device).unwrap_err().to_string();
    assert!(
        message(json!([{ "module": "pairs" }, { "neuron": "relay" }]))
            .contains("layers.0: `pairs` is given 3 values; expected an even number")
    );
}

#[test]
fn building_a_network_teaches_batch_norm_nothing() {
    for (backend, device) in devices() {
        let built =
            network(json!([{ "linear": 4 }, { "module": "batch_norm" }, { "neuron": "relay" }]), &device).unwrap();
        let plain = network(json!([{ "linear": 4 }, { "neuron": "relay" }]), &device).unwrap();
        let evaluated = |network: &Network| output(&network.valid(), &device.clone().inner());
        // mean 0 and variance 1 until it is trained
        let error = absolute_error(&numbers(&evaluated(&built)), &numbers(&evaluated(&plain)));
        assert!(error < 1e-4, "{backend}: {error}");
    }
}

#[derive(Module, Debug)]
struct Deep {
    by: Param<Tensor<9>>,
}

#[test]
fn a_parameter_that_visitors_do_not_reach_is_refused() {
    let device = synfire_tests::device("flex");
    let plain = network(json!([{ "linear": 4 }, { "neuron": "relay" }]), &device).unwrap();
    let deep = Deep { by: Param::from_tensor(Tensor::ones([1; 9], &device)) };
    let error = plain.insert(1, deep, |_, x: Tensor<2>| x).unwrap_err().to_string();
    assert_eq!(error, "layers.1: has a parameter with 9 axes; expected at most 8");
}
