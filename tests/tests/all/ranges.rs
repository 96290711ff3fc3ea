//! Ranges of neuron parameters in training loops and files that are Burn's alone.

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Tensor};
use synfire::neuron::{Neurons, ParameterConfig, ParameterInfo, PlifConfig};
use synfire_tests::devices;

/// A module of a user's own with neurons in it.
#[derive(Module, Debug)]
struct Net {
    linear: Linear,
    spike: Neurons,
}

const TAU: [f32; 2] = [1.5, 3.0];
const THRESHOLD: [f32; 2] = [0.5, 1.5];

/// One parameter with a bound and a range, one with a range, one with a bound, an initial value with a range.
fn net(device: &Device) -> Net {
    let within = |value: f32, [low, high]: [f32; 2]| ParameterConfig::learnable(value).within(low, high);
    let spike = PlifConfig::new()
        .with("tau_m", within(2.0, TAU).per_neuron())
        .with("v_th", within(1.0, THRESHOLD))
        .with("alpha", ParameterConfig::learnable(2.0))
        .with("initial.v", within(0.0, [-0.5, 0.5]));
    Net { linear: LinearConfig::new(2, 3).init(device), spike: spike.init(&[3], device) }
}

/// Drives every parameter of the neurons up (`-1.0`) or down.
fn loss(net: &Net, direction: f32) -> Tensor<1> {
    net.spike.all_parameters().fold(net.linear.weight.val().sum(), |sum, p| sum + p.value().sum() * direction)
}

fn train(mut net: Net, mut optimizer: ModuleOptimizer, lr: f64, directions: &[f32], steps: usize) -> Vec<Net> {
    let mut after = vec![];
    for &direction in directions {
        for _ in 0..steps {
            let gradients = GradientsParams::from_grads(loss(&net, direction).backward(), &net);
            net = optimizer.step(lr, net, gradients);
            check(&net);
        }
        after.push(net.clone());
    }
    after
}

fn check(net: &Net) {
    for (name, [low, high]) in [("tau_m", TAU), ("v_th", THRESHOLD), ("initial.v", [-0.5, 0.5])] {
        let values = net.spike.value(name).unwrap();
        assert!(values.iter().all(|value| (low..=high).contains(value)), "`{name}` is {values:?}");
    }
    let alpha = net.spike.value("alpha").unwrap()[0];
    assert!(alpha > 0.0 && alpha.is_finite() && (alpha * alpha).is_normal(), "alpha is {alpha}");
}

#[test]
fn ranges_hold_in_the_loops_of_burns_optimisers() {
    let _alone = synfire_tests::alone();
    for (backend, device) in devices() {
        let device = device.autodiff();
        // up to the border, on and on, and back
        let adam = train(net(&device), AdamConfig::new().init(), 0.5, &[-1.0, 1.0], 60);
        let sgd = train(net(&device), SgdConfig::new().init(), 0.3, &[-1.0, 1.0], 60);
        for [up, down] in [adam, sgd].map(|nets| <[Net; 2]>::try_from(nets).unwrap()) {
            for (name, [low, high]) in [("tau_m", TAU), ("v_th", THRESHOLD), ("initial.v", [-0.5, 0.5])] {
                assert_eq!(up.spike.value(name).unwrap()[0], high, "`{name}` on {backend}");
                assert_eq!(down.spike.value(name).unwrap()[0], low, "`{name}` on {backend}");
            }
        }
    }
}

#[test]
fn at_the_border_a_value_turns_round_with_its_gradient() {
    let _alone = synfire_tests::alone();
    let device = Device::flex().autodiff();
    let up = train(net(&device), SgdConfig::new().init(), 0.1, &[-1.0], 200).remove(0);
    let back = train(up, SgdConfig::new().init(), 0.01, &[1.0], 1).remove(0);
    for (name, high) in [("tau_m", TAU[1]), ("v_th", THRESHOLD[1]), ("initial.v", 0.5)] {
        assert!(back.spike.value(name).unwrap().iter().all(|&value| value < high - 0.005), "`{name}`");
    }
}

#[test]
fn a_one_sided_value_stays_a_number_and_turns_round() {
    let _alone = synfire_tests::alone();
    let device = Device::flex().autodiff();
    for direction in [-1.0, 1.0] {
        let mut net = net(&device);
        // the logarithm of the value has the same gradient however far the value has gone
        let mut push = |direction: f32| {
            let alpha = net.spike.parameter("alpha").unwrap().value();
            let gradients = GradientsParams::from_grads((alpha.log() * direction).sum().backward(), &net);
            net = SgdConfig::new().init().step(2.0, net.clone(), gradients);
            check(&net);
            net.spike.value("alpha").unwrap()[0].ln()
        };
        let far = (0..300).map(|_| push(direction)).last().unwrap();
        assert!(far.abs() > 40.0, "it went as far as it may: {far}");
        let back = push(-direction);
        assert!((far.abs() - back.abs() - 2.0).abs() < 0.01, "from {far} to {back} in one step of 2");
    }
}

/// Path, raw values and range of every parameter, by a visitor of Burn's.
#[derive(Default)]
struct Record {
    path: Vec<String>,
    found: Vec<(String, Vec<u32>, Option<ParameterInfo>)>,
}

impl ModuleVisitor for Record {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let raw: Vec<f32> = param.val().into_data().try_into_vec().unwrap();
        let bits = raw.into_iter().map(f32::to_bits).collect();
        self.found.push((self.path.join("."), bits, ParameterInfo::of(param)));
    }
}

fn record(net: &Net) -> Vec<(String, Vec<u32>, Option<ParameterInfo>)> {
    let mut record = Record::default();
    net.visit(&mut record);
    record.found
}

#[test]
fn paths_are_names_and_border_values_survive_burns_files() {
    let _alone = synfire_tests::alone();
    let device = Device::flex().autodiff();
    let folder = tempfile::tempdir().unwrap();
    for (direction, tau) in [(-1.0, TAU[1]), (1.0, TAU[0])] {
        let trained = train(net(&device), AdamConfig::new().init(), 0.5, &[direction], 60).remove(0);
        let saved = record(&trained);
        let names: Vec<&str> = saved.iter().map(|(name, ..)| name.as_str()).collect();
        let spike = ["spike.tau_m", "spike.v_th", "spike.v_reset", "spike.alpha", "spike.initial.v"];
        assert_eq!(names, [&["linear.weight", "linear.bias"][..], &spike].concat());
        assert_eq!(saved[0].2, None);
        assert_eq!(
            saved[2].2,
            Some(ParameterInfo { above: Some(1.0), range: Some(TAU), learnable: true, unit: "steps" })
        );
        assert_eq!(saved[4].2, Some(ParameterInfo { above: None, range: None, learnable: false, unit: "" }));

        let file = folder.path().join("net.bpk");
        trained.clone().save_file(&file).unwrap();
        let loaded = net(&device).load_file(&file);
        assert_eq!(record(&loaded), saved);
        assert_eq!(record(&net(&device).load_record(trained.into_record())), saved);
        assert_eq!(loaded.spike.value("tau_m").unwrap(), [tau; 3]);
        // it learns on, from the border
        let on = train(loaded, SgdConfig::new().init(), 0.01, &[-direction], 1).remove(0);
        assert_ne!(on.spike.value("tau_m").unwrap()[0], tau);
    }
}

#[test]
fn freezing_inference_and_devices_leave_values_as_they_are() {
    let _alone = synfire_tests::alone();
    let device = Device::flex().autodiff();
    let up = train(net(&device), AdamConfig::new().init(), 0.5, &[-1.0], 60).remove(0);
    let values = record(&up);
    let inference = up.clone().valid();
    assert_eq!(record(&inference), values);
    assert_eq!(record(&inference.train()), values);
    let frozen = up.clone().no_grad();
    assert!(frozen.spike.all_parameters().all(|p| !p.is_active()));
    assert_eq!(record(&frozen), values);
    assert_eq!(record(&up.fork(&device)), values);
}
