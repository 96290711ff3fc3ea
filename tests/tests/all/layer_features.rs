//! What a layer can be told of its numbers: values of their own, ranges, what states start from and keep.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use synfire::checkpoint::Checkpoint;
use synfire::network::NetworkConfig;
use synfire::neuron::{ClifConfig, LifConfig, Neuron, NeuronConfig, Neurons, OutputKind, ParameterConfig, registry};
use synfire::train::{TrainConfig, Trainer};
use synfire_data::Dataset;
use synfire_dynamics::{Dynamics, Real, record};
use synfire_tests::{Noise, devices, numbers};

const STEPS: usize = 6;
const BATCH: usize = 2;

fn current(neurons: usize, device: &Device) -> Tensor<3> {
    Noise::new(1).tensor([STEPS, BATCH, neurons], 0.0, 0.4, device)
}

/// A layer of LIF neurons as a configuration file describes it.
fn described(toml: &str, shape: &[usize]) -> Result<Neurons, String> {
    let settings = toml::from_str(toml).unwrap_or_else(|error| panic!("{error} in {toml}"));
    registry::find("lif").unwrap().layer(&settings, shape, 1.0, &Device::flex()).map_err(|error| error.to_string())
}

#[test]
fn every_neuron_of_a_list_is_a_layer_of_its_own() {
    let device = Device::flex();
    let taus = [3.0, 6.0, 12.0];
    let together = LifConfig::new().with("tau_m", taus).init(&[3], &device);
    let output = together.run(current(3, &device), STEPS, None, &[0]).unwrap();
    for (n, tau) in taus.into_iter().enumerate() {
        let alone = LifConfig::new().with("tau_m", tau).init(&[1], &device);
        let part = current(3, &device).slice([0..STEPS, 0..BATCH, n..n + 1]);
        let expected = alone.run(part, STEPS, None, &[0]).unwrap();
        let traced = output.traces[0].clone().slice([0..STEPS, 0..BATCH, n..n + 1]);
        assert_eq!(numbers(&traced), numbers(&expected.traces[0]), "tau_m = {tau}");
    }
    // what follows from a list is one too
    let clif = ClifConfig::new().with("tau_p", [16.0, 12.0]).init(&[2], &device);
    let v0 = numbers(&clif.parameter("v0").unwrap().value());
    assert!(v0.len() == 2 && v0[0] != v0[1], "{v0:?}");
}

#[test]
fn files_say_all_of_it() {
    let list = described("tau_m = [3.0, 6.0, 12.0]", &[3]).unwrap();
    assert_eq!(numbers(&list.parameter("tau_m").unwrap().value()), [3.0, 6.0, 12.0]);
    let channels = described("tau_m = { value = [3.0, 6.0], per = \"channel\" }", &[2, 5]).unwrap();
    assert_eq!(numbers(&channels.parameter("tau_m").unwrap().value()), [3.0, 6.0]);
    let range = described("tau_m = { value = 10.0, learn = true, range = [2.0, 50.0] }", &[3]).unwrap();
    assert_eq!(range.parameter("tau_m").unwrap().range(), Some([2.0, 50.0]));
    let initial = described("initial = { v = { value = 0.25, learn = true, per = \"neuron\" } }", &[3]).unwrap();
    let v = initial.parameter("initial.v").unwrap();
    assert!(v.is_learnable() && numbers(&v.value()) == [0.25; 3]);
    assert!(described("", &[3]).unwrap().initial.is_empty());
}

#[test]
fn the_book_says_what_files_can_say() {
    let page = include_str!("../../../docs/src/layers.md");
    let toml = page.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let text = toml.replace("[[network.layers]]\nneuron = \"lif\"", "");
    let neurons = described(&text, &[3]).unwrap();
    assert_eq!(numbers(&neurons.parameter("tau_m").unwrap().value()), [3.0, 6.0, 12.0]);
    assert_eq!(neurons.parameter("alpha").unwrap().range(), Some([0.5, 5.0]));
    assert_eq!(numbers(&neurons.parameter("initial.v").unwrap().value()), [0.1; 3]);
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    for (toml, words) in [
        ("tau_m = [3.0, 6.0]", &["`tau_m` of `lif` has 2 values", "expected 3", "3 neurons"][..]),
        ("tau_m = { value = [3.0, 6.0], per = \"channel\" }", &["`tau_m`", "has 2 values", "3 channels"]),
        ("tau_m = { value = [3.0, 6.0, 1.0], per = \"layer\" }", &["`tau_m`", "per = \"neuron\""]),
        ("tau_m = [3.0, -6.0, 2.0]", &["`tau_m`", "-6 ms (number 1 of the list)", "above 0 ms"]),
        ("tau_m = { value = 10.0, range = [50.0, 2.0] }", &["`tau_m`", "50 to 2 ms", "smaller"]),
        ("tau_m = { value = 1.0, range = [2.0, 50.0] }", &["`tau_m`", "is 1 ms", "2 to 50 ms"]),
        ("tau_m = { range = [9.0, 50.0] }", &["`tau_m`", "is 8 ms", "9 to 50 ms"]),
        ("tau_m = { value = 1.0, range = [0.0, 50.0] }", &["`tau_m`", "0 to 50 ms", "above 0 ms"]),
        ("tau_m = { value = 1.0, range = 3.0 }", &["layers: `tau_m`", "range = [0.5, 2.0]"]),
        ("tau_m = { value = 1.0, rang = [0.5, 2.0] }", &["layers: `tau_m`", "rang", "range = [0.5, 2.0]"]),
        ("tau_m = \"slow\"", &["layers: `tau_m`", "\"slow\"", "expected a number"]),
        ("initial = { w = 1.0 }", &["unknown state `w`", "Known: v"]),
        ("initial = 1.0", &["`initial` is 1.0", "{ v = {"]),
        ("initial = { v = true }", &["`initial.v` is true", "expected a number"]),
        ("initial = { v = [1.0] }", &["`initial.v` of `lif` has 1 values", "3 neurons"]),
        ("initial = { v = { value = 1.0, range = [2.0, 3.0] } }", &["`initial.v`", "is 1", "2 to 3"]),
        ("initail = { v = 1.0 }", &["unknown setting `initail`", "did you mean `initial`"]),
    ] {
        let error = match described(toml, &[3]) {
            Ok(_) => panic!("accepted: {toml}"),
            Err(error) => error.replace("`lif`:", "layers:"),
        };
        for word in words {
            assert!(error.contains(word), "{toml}\nno `{word}` in: {error}");
        }
    }
    let error = LifConfig::new().with("tau", [1.0]).try_init(&[1], &Device::flex()).unwrap_err().to_string();
    assert!(error.contains("unknown parameter `tau`") && error.contains("`tau_m`"), "{error}");
    let error = ClifConfig::new().with("tau_p", [12.0, 8.0]).try_init(&[2], &Device::flex()).unwrap_err().to_string();
    assert!(error.contains("`tau_p`") && error.contains("neuron 1"), "{error}");
}

#[test]
fn gradients_reach_what_states_start_from() {
    for (backend, device) in devices() {
        let device = device.autodiff();
        // far below threshold V[T] = beta^T V[0] + input, so dV[T] / dV[0] = beta^T for each of the batch
        let config = LifConfig::new().with("v_th", 100.0);
        let initial = ParameterConfig::learnable(0.5).per_neuron();
        let neurons = config.clone().with("initial.v", initial).init(&[3], &device);
        let (_, last) = neurons.forward_from(current(3, &device), None);
        let gradients = last.0[0].clone().sum().backward();
        let v = neurons.parameter("initial.v").unwrap();
        let expected = BATCH as f32 * (-(STEPS as f32) / 8.0).exp();
        for gradient in numbers(&v.raw.val().grad(&gradients).unwrap()) {
            assert!((gradient - expected).abs() < 1e-5, "{backend}: {gradient}, not {expected}");
        }
        // and the value is what a state of that value passed in does
        let at_rest = config.init(&[3], &device);
        let (_, passed) = at_rest.forward_from(current(3, &device), Some(neurons.start(BATCH, &device)));
        assert_eq!(numbers(&last.0[0]), numbers(&passed.0[0]), "{backend}");
    }
}

record! {
    /// Parameters of [`Kept`].
    pub struct KeptParams {
        /// firing threshold
        v_th: 1.0,
    }
}
record! {
    /// State of [`Kept`].
    pub struct KeptState {
        /// membrane potential
        v: 0.5,
        /// what outlasts a sample
        theta: 0.0,
    }
}

/// Adds up its input twice; one of the sums outlasts the sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Kept {}

impl Dynamics for Kept {
    type Params<R: Copy> = KeptParams<R>;
    type Constants<R: Copy> = KeptParams<R>;
    type State<R: Copy> = KeptState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: KeptParams<R>, _: f32) -> KeptParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &KeptParams<R>, s: &mut KeptState<R>, current: R) -> R {
        s.v = s.v + current * c.v_th;
        s.theta = s.theta + current;
        s.v
    }
}

impl Neuron for Kept {
    const NAME: &'static str = "kept";
    const ABOUT: &'static str = "adds up its input twice";
    const ALIASES: &'static [&'static str] = &["keeper"];
    const PERSISTENT: &'static [&'static str] = &["theta"];
}

#[test]
fn kept_states_outlast_a_sample_and_the_others_start_anew() {
    let device = Device::flex().autodiff();
    let config = NeuronConfig::<Kept>::new();
    let neurons = config.init(&[3], &device);
    let input = current(3, &device).require_grad();
    let (_, last) = neurons.forward_from(input.clone(), None);
    let next = neurons.next_sample(last.clone());
    assert_eq!(numbers(&next.0[0]), [0.5; 3 * BATCH]);
    assert_eq!(numbers(&next.0[1]), numbers(&last.0[1]));
    let (output, _) = neurons.forward_from(current(3, &device).require_grad(), Some(next.clone()));
    let gradients = (output.sum() + next.0[1].clone().sum()).backward();
    assert!(input.grad(&gradients).is_none(), "no gradient goes to the sample before");
    // an initial value that is configured stands in for the value at rest
    let next = config.with("initial.v", -2.0).init(&[3], &device).next_sample(last);
    assert_eq!(numbers(&next.0[0]), [-2.0; 3 * BATCH]);
}

#[test]
fn a_model_is_found_by_its_other_names() {
    registry::register::<Kept>().unwrap();
    assert_eq!(registry::find("Keeper").unwrap().info.name, "kept");
    assert!(registry::register::<Kept>().unwrap_err().to_string().contains("`kept` exists already"));
    let error = registry::find("keper").unwrap_err().to_string();
    assert!(error.contains("did you mean `keeper`?"), "{error}");
}

/// Adds up its input; no gradient flows through it, and it does not spike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Rigid;

impl Dynamics for Rigid {
    type Params<R: Copy> = KeptParams<R>;
    type Constants<R: Copy> = KeptParams<R>;
    type State<R: Copy> = KeptState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: KeptParams<R>, _: f32) -> KeptParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &KeptParams<R>, s: &mut KeptState<R>, current: R) -> R {
        s.v = s.v + current.detach();
        s.v * c.v_th.detach()
    }
}

impl Neuron for Rigid {
    const NAME: &'static str = "rigid";
    const ABOUT: &'static str = "adds up its input without a gradient";
    const OUTPUT: OutputKind = OutputKind::Graded;
    const DIFFERENTIABLE: bool = false;
}

#[test]
fn what_no_gradient_reaches_does_not_train() {
    let _alone = synfire_tests::alone();
    registry::register::<Rigid>().unwrap();
    let digits = Arc::new(Dataset::digits());
    let train = |config: TrainConfig| Trainer::from_config(config, digits.clone())?.device(&Device::flex()).start();
    let mut config = TrainConfig::two_layers("rigid");
    assert_eq!(config.network.decoder.name(), "spike_rate", "without spikes the mean output is the score");
    let error = train(config.clone()).unwrap_err().to_string();
    assert!(
        error.starts_with("layers.1: no gradient flows through `rigid`") && error.contains("layers.0.weight"),
        "{error}"
    );
    // behind it there is a gradient, if the last layer has one
    config.network.layers[3] = NetworkConfig::two_layers("lif", 1, 1).layers[3].clone();
    config.training.freeze = vec!["layers.0.*".to_string(), "layers.1.*".to_string()];
    let mut training = train(config).unwrap();
    training.train_batch(&[0, 1, 2, 3]).unwrap();
    let rates = training.test().unwrap().firing_rates;
    assert!(!rates.contains_key("layers.1") && rates.contains_key("layers.3"), "{rates:?}");
}

/// Two layers on the digits whose numbers learn so fast that they meet the ends of their ranges.
fn ranged() -> TrainConfig {
    let network: NetworkConfig = toml::from_str(
        r#"
        steps = 4
        [[layers]]
        linear = 12
        [[layers]]
        neuron = "lif"
        v_th = 0.3
        tau_m = { value = 4.0, learn = true, per = "neuron", range = [3.7, 4.3] }
        initial = { v = { value = 0.05, learn = true, range = [0.0, 0.1] } }
        [[layers]]
        linear = "classes"
        [[layers]]
        neuron = "lif"
        v_th = { value = 0.3, learn = true, range = [0.25, 0.35] }
        "#,
    )
    .unwrap();
    let mut config = TrainConfig { network, ..TrainConfig::standard() };
    config.training.epochs = 1;
    config.training.neuron_learning_rate = Some(0.05);
    config
}

#[test]
fn ranges_hold_after_every_step_and_in_files() {
    let _alone = synfire_tests::alone();
    let device = Device::flex();
    let data = Arc::new(Dataset::digits());
    let trainer = || Trainer::from_config(ranged(), data.clone()).unwrap().device(&device);
    let mut training = trainer().start().unwrap();
    let mut at_border = false;
    for i in 0..12 {
        training.train_batch(&(i * 32..(i + 1) * 32).collect::<Vec<_>>()).unwrap();
        let network = training.model();
        let layers = network.layers().iter().filter_map(|node| node.neurons());
        for parameter in layers.flat_map(Neurons::all_parameters) {
            let Some([low, high]) = parameter.range() else { continue };
            for value in numbers(&parameter.value()) {
                assert!((low..=high).contains(&value), "step {i}: {} is {value}", parameter.name());
                at_border |= value == low || value == high;
            }
        }
    }
    assert!(at_border, "nothing met the end of its range; the test shows nothing");

    training.run().unwrap();
    let checkpoint = training.checkpoint().unwrap();
    assert!(checkpoint.parameters.iter().any(|p| p.name == "layers.1.initial.v" && p.values.len() == 1));
    let folder = tempfile::tempdir().unwrap();
    for file in ["ranged.bpk", "ranged.safetensors"] {
        let file = folder.path().join(file);
        match file.extension().is_some_and(|extension| extension == "bpk") {
            true => checkpoint.write(&file).unwrap(),
            false => checkpoint.write_safetensors(&file).unwrap(),
        }
        let read = Checkpoint::read(&file).unwrap();
        let network = read.network(&device).unwrap();
        assert_eq!(network.range("layers.1.tau_m"), Some([3.7, 4.3]));
        let tuned = trainer().from_checkpoint(read).start();
        assert_eq!(tuned.unwrap().model().range("layers.3.v_th"), Some([0.25, 0.35]));
    }
    // a range that the file's numbers are not in
    let mut narrow = checkpoint.clone();
    let text = toml::to_string(&checkpoint.description.model).unwrap().replace("3.7", "3.99").replace("4.3", "4.01");
    narrow.description.model = toml::from_str(&text).unwrap();
    let error = narrow.network(&device).unwrap_err().to_string();
    assert!(error.contains("`layers.1.tau_m`") && error.contains("3.99 to 4.01"), "{error}");
}
