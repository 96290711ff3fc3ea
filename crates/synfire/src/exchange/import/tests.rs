//! State dicts of the frameworks, as networks.

use super::*;
use crate::exchange::StateTensor;

fn tensor(key: &str, shape: &[usize], values: impl IntoIterator<Item = f64>) -> StateTensor {
    let count = shape.iter().product();
    StateTensor { key: key.to_string(), shape: shape.to_vec(), values: values.into_iter().take(count).collect() }
}

fn ramp() -> impl Iterator<Item = f64> {
    (0..).map(|i| f64::from(i) / 64.0)
}

fn layers(text: &str) -> Importer {
    Importer::new(toml::from_str(&format!("steps = 4\ndt = 0.5\n{text}")).unwrap())
}

/// Two linear layers with neurons of these models.
fn mlp(first: &str, second: &str) -> Importer {
    layers(&format!(
        "[[layers]]\nlinear = 3\n[[layers]]\n{first}\n[[layers]]\nlinear = \"classes\"\n[[layers]]\n{second}\n"
    ))
}

const SOFT: &str = "neuron = \"lif\"\nreset = \"soft\"\nreset_delay = true";

/// A state dict of snnTorch, 4-3-2.
fn snntorch() -> Vec<StateTensor> {
    vec![
        tensor("fc1.weight", &[3, 4], ramp()),
        tensor("fc1.bias", &[3], ramp()),
        tensor("lif1.threshold", &[], [0.7]),
        tensor("lif1.graded_spikes_factor", &[], [1.0]),
        tensor("lif1.reset_mechanism_val", &[], [0.0]),
        tensor("lif1.beta", &[3], [0.9, 0.5, 1.0]),
        tensor("fc2.weight", &[2, 3], ramp()),
        tensor("fc2.bias", &[2], ramp()),
        tensor("lif2.threshold", &[], [1.0]),
        tensor("lif2.graded_spikes_factor", &[], [1.0]),
        tensor("lif2.reset_mechanism_val", &[], [0.0]),
        tensor("lif2.beta", &[], [0.8]),
    ]
}

fn values(checkpoint: &Checkpoint, name: &str) -> Vec<f32> {
    checkpoint.parameters.iter().find(|p| p.name == name).unwrap_or_else(|| panic!("no {name}")).values.clone()
}

#[track_caller]
fn refused(importer: &Importer, tensors: Vec<StateTensor>, words: &str) {
    let result = importer.import(&StateDict::new(tensors)).and_then(Imported::complete);
    let error = result.unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn snntorch_is_paired_in_order_and_betas_become_time_constants() {
    let imported = mlp(SOFT, SOFT).import(&StateDict::new(snntorch())).unwrap();
    assert_eq!(imported.report.framework, Framework::Snntorch);
    let count = |status| imported.report.of(status).count();
    assert_eq!(count(ImportStatus::Matched), 8);
    assert_eq!(count(ImportStatus::Dropped), 4);
    assert_eq!(count(ImportStatus::LeftOver), 0);
    assert_eq!(imported.report.notes, [] as [&str; 0]);
    let checkpoint = imported.complete().unwrap();
    assert_eq!((checkpoint.description.input.as_slice(), checkpoint.description.outputs), ([4].as_slice(), 2));
    let weights: Vec<f32> = ramp().take(12).map(|x| x as f32).collect();
    assert_eq!(values(&checkpoint, "layers.0.weight"), weights);
    // one value per neuron, as the tensor has it; -0.5 ms / ln(0.9)
    let taus = values(&checkpoint, "layers.1.tau_m");
    assert!((taus[0] - 4.745_611).abs() < 1e-5 && (taus[1] - 0.721_348).abs() < 1e-6, "{taus:?}");
    assert_eq!((-0.5 / taus[2]).exp(), 1.0);
    assert_eq!(values(&checkpoint, "layers.1.v_th"), [0.7]);
    let network = checkpoint.network(&Device::default()).unwrap();
    assert_eq!(network.layers()[1].neurons().unwrap().value("tau_m").unwrap(), taus);
}

#[test]
fn the_weights_of_an_imported_network_are_multiplied_as_pytorch_does() {
    let checkpoint = mlp(SOFT, SOFT).import(&StateDict::new(snntorch())).unwrap().complete().unwrap();
    let network = checkpoint.network(&Device::default()).unwrap();
    let samples = burn::tensor::Tensor::<2>::from_data([[1.0, 0.0, 0.5, 2.0]], &Device::default());
    let (_, records) = network.record(samples, 0).unwrap();
    let potential = crate::host::floats(&records[0].potential.clone().unwrap().into_data());
    // at the first step the potential is the current, W x + b with W[i][j] = (4 i + j) / 64
    let expected = [0, 1, 2].map(|i| {
        let w = |j: i32| (4 * i + j) as f32 / 64.0;
        w(0) + 0.5 * w(2) + 2.0 * w(3) + i as f32 / 64.0
    });
    assert_eq!(potential[..3], expected);
}

#[test]
fn what_the_description_says_otherwise_is_refused() {
    refused(&mlp("neuron = \"lif\"", SOFT), snntorch(), "resets by \"subtract\" (`lif1.reset_mechanism_val`)");
    refused(&mlp("neuron = \"plif\"\nreset = \"soft\"", SOFT), snntorch(), "use `neuron = \"lif\"`");
    refused(&mlp("neuron = \"if\"\nreset = \"soft\"", SOFT), snntorch(), "has the leak `lif1.beta`");
    let mut graded = snntorch();
    graded[3].values = vec![2.0];
    refused(&mlp(SOFT, SOFT), graded, "has spikes of size [2.0]");
    let mut wrong = snntorch();
    wrong[0] = tensor("fc1.weight", &[5, 4], ramp());
    refused(
        &mlp(SOFT, SOFT),
        wrong,
        "has `fc1.weight` of shape [5, 4], and `layers.0.weight` of the network has [3, 4]",
    );
    let mut wrong = snntorch();
    wrong[5] = tensor("lif1.beta", &[2], [0.9, 0.5]);
    refused(&mlp(SOFT, SOFT), wrong, "has `lif1.beta` of shape [2]");
    let mut wrong = snntorch();
    wrong[5].values[1] = f64::NAN;
    refused(&mlp(SOFT, SOFT), wrong, "holds a `lif1.beta` of NaN");
}

#[test]
fn what_is_missing_or_left_over_is_named_and_may_be_allowed() {
    let mut tensors = snntorch();
    tensors.remove(1);
    tensors.push(tensor("head.alpha", &[], [0.5]));
    refused(&mlp(SOFT, SOFT), tensors.clone(), "has no tensor for `layers.0.bias` [3]; has `head.alpha` []");
    let imported = mlp(SOFT, SOFT).import(&StateDict::new(tensors)).unwrap();
    assert!(imported.partial().is_ok());
    refused(
        &layers("[[layers]]\nlinear = 2\n[[layers]]\nneuron = \"lif\""),
        snntorch(),
        "has 2 connections (fc1, fc2), the network has 1",
    );
}

#[test]
fn a_synaptic_current_needs_neurons_that_have_one() {
    let mut tensors = snntorch();
    tensors.push(tensor("lif2.alpha", &[], [0.5]));
    refused(&mlp(SOFT, SOFT), tensors.clone(), "has the leak `lif2.alpha` for layers.3 of `lif` neurons");
    tensors[10].values = vec![1.0];
    let checkpoint = mlp(SOFT, "neuron = \"lifm\"").import(&StateDict::new(tensors)).unwrap().complete().unwrap();
    // -0.5 ms / ln(0.5), and / ln(0.8)
    assert!((values(&checkpoint, "layers.3.tau_p")[0] - 0.721_348).abs() < 1e-6);
    assert!((values(&checkpoint, "layers.3.tau_m")[0] - 2.240_71).abs() < 1e-5);
}

#[test]
fn modules_are_paired_by_name_before_order() {
    let text = "[[layers]]\nlinear = 4\nname = \"second\"\n[[layers]]\nneuron = \"lif\"\n[[layers]]\nlinear = 4\nname = \
        \"first\"\n[[layers]]\nneuron = \"lif\"\n";
    let weights = |x: f64| std::iter::repeat(x);
    let state = StateDict::new([
        tensor("first.weight", &[4, 4], weights(1.0)),
        tensor("first.bias", &[4], weights(1.0)),
        tensor("second.weight", &[4, 4], weights(2.0)),
        tensor("second.bias", &[4], weights(2.0)),
    ]);
    let checkpoint = layers(text).import(&state).unwrap().complete().unwrap();
    assert_eq!(values(&checkpoint, "layers.0.bias"), [2.0; 4]);
    // a sorted file does not tell the order of others
    let sorted = StateDict::decode(&state.to_safetensors().unwrap(), "a.safetensors".as_ref()).unwrap();
    assert!(layers(text).import(&sorted).unwrap().complete().is_ok());
    let unnamed = layers(&text.replace("name = \"second\"", "").replace("name = \"first\"", ""));
    let error = unnamed.import(&sorted).unwrap_err().to_string();
    assert!(error.contains("`first` and `second` have the same shapes"), "{error}");
}

#[test]
fn spikingjelly_has_a_logit_and_batch_norm_its_statistics() {
    let text = "[[layers]]\nconv2d = 2\nkernel = 1\nbias = false\n[[layers]]\nbatch_norm = true\n[[layers]]\nneuron = \"plif\"\n\
        [[layers]]\nlinear = \"classes\"\n[[layers]]\nneuron = \"lif\"\ntau_m = 2.0\n";
    let state = StateDict::new([
        tensor("0.weight", &[2, 1, 1, 1], ramp()),
        tensor("1.weight", &[2], [1.5, 2.0]),
        tensor("1.bias", &[2], [0.1, 0.2]),
        tensor("1.running_mean", &[2], [0.3, 0.4]),
        tensor("1.running_var", &[2], [0.5, 0.6]),
        tensor("1.num_batches_tracked", &[], [7.0]),
        tensor("2.w", &[], [-1.0]),
        tensor("4.weight", &[3, 8], ramp()),
        tensor("4.bias", &[3], ramp()),
    ]);
    // LIFNode saves nothing: there is one `w` for two layers of neurons
    let error = layers(text).input(&[1, 2, 2]).import(&state).unwrap_err().to_string();
    assert!(error.contains("has 1 layers of neurons (2), the network has 2"), "{error}");
    let map: StateMap = toml::from_str("[parameters]\n\"layers.2.tau_m\" = { key = \"2.w\", as = \"logit\" }").unwrap();
    let imported = layers(text).map(map).input(&[1, 2, 2]).import(&state).unwrap();
    assert_eq!(imported.report.framework, Framework::Spikingjelly);
    let checkpoint = imported.complete().unwrap();
    assert_eq!(values(&checkpoint, "layers.1.gamma"), [1.5, 2.0]);
    assert_eq!(values(&checkpoint, "layers.1.running_var"), [0.5, 0.6]);
    // 1 / tau = sigmoid(-1)
    assert!((values(&checkpoint, "layers.2.tau_m")[0] - 3.718_281_8).abs() < 1e-6);
    assert_eq!(checkpoint.description.outputs, 3);
}

#[test]
fn recurrent_cells_of_norse_have_their_gain_in_the_weights() {
    let cell =
        || vec![tensor("cell.input_weights", &[3, 4], ramp()), tensor("cell.recurrent_weights", &[3, 3], ramp())];
    let of = |tau: &str| {
        let neurons = format!("neuron = \"cubalif\"\nrecurrent = {{ connect = \"all_to_all\", bias = false }}\n{tau}");
        layers(&format!("[[layers]]\nlinear = 3\nbias = false\n[[layers]]\n{neurons}\n"))
    };
    // dt / tau_m = 0.5 ms / 2 ms
    let imported = of("tau_m = 2.0\ntau_s = 2.0").import(&StateDict::new(cell())).unwrap();
    assert_eq!(imported.report.framework, Framework::Norse);
    let checkpoint = imported.complete().unwrap();
    let quarter = |count: usize| ramp().take(count).map(|x| (0.25 * x) as f32).collect::<Vec<f32>>();
    assert_eq!(values(&checkpoint, "layers.0.weight"), quarter(12));
    assert_eq!(values(&checkpoint, "layers.1.recurrent.weight"), quarter(9));
    refused(&of(""), cell(), "1000 / tau_mem_inv");
}

#[test]
fn maps_name_what_is_there() {
    let map = |text: &str| mlp(SOFT, SOFT).map(toml::from_str(text).unwrap());
    refused(&map("[parameters]\n\"layers.0.weight\" = \"fc.weight\""), snntorch(), "unknown tensor `fc.weight`");
    refused(&map("[parameters]\n\"layers.9.weight\" = \"fc1.weight\""), snntorch(), "layers.0 to layers.3");
    let mut extra = snntorch();
    extra.push(tensor("head.scale", &[], [1.0]));
    assert!(map("drop = [\"head.*\"]").import(&StateDict::new(extra)).unwrap().complete().is_ok());
}

#[test]
fn a_gain_is_taken_out_of_the_weights() {
    let gained = layers(
        "[[layers]]\nlinear = 3\ngain = 2.0\n[[layers]]\nneuron = \"lif\"\n[[layers]]\nlinear = 2\n[[layers]]\nneuron = \"lif\"\n",
    );
    let tensors: Vec<StateTensor> = snntorch().into_iter().filter(|tensor| tensor.key.starts_with("fc")).collect();
    let checkpoint = gained.import(&StateDict::new(tensors)).unwrap().complete().unwrap();
    assert_eq!(values(&checkpoint, "layers.0.bias"), [0.0, 1.0 / 128.0, 2.0 / 128.0]);
}
