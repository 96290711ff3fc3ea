//! Networks in integers, against the same in floating point.

use burn::tensor::Device;
use synfire::checkpoint::Checkpoint;
use synfire::coding::Source;
use synfire::int8::{Inference, Layer, Model, quantise};
use synfire::network::NetworkConfig;
use synfire_data::{Batch, Split};
use synfire_tests::{Noise, numbers};

const SAMPLES: usize = 12;
const STEPS: usize = 20;

/// Pictures of 2 channels, 8 by 8.
fn split(noise: &mut Noise) -> Split {
    let values = noise.numbers(SAMPLES * 2 * 8 * 8, 0.0, 1.0);
    let classes = synfire_data::Targets::Classes((0..SAMPLES).map(|i| i as i64 % 3).collect());
    Split::from_batch(Batch::new(values, [2, 8, 8], classes)).unwrap()
}

fn checkpoint(head: &str, layers: &str) -> Checkpoint {
    let text = format!("steps = {STEPS}\ndt = 0.5\n{head}\n{layers}");
    let config: NetworkConfig = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    Checkpoint::of(&config.init(&[2, 8, 8], 3, 1, &Device::default()).unwrap())
}

fn model(checkpoint: &Checkpoint, split: &Split) -> Result<Model, String> {
    let all: Vec<usize> = (0..SAMPLES).collect();
    quantise(checkpoint, split, &all, 7, &Device::default()).map_err(|error| error.to_string())
}

const LAYERS: &str = r#"
    [[layers]]
    conv2d = 6
    kernel = 3
    stride = [2, 1]
    padding = "valid"
    groups = 2
    [[layers]]
    average_pool2d = [1, 2]
    [[layers]]
    neuron = "plif"
    tau_m = { value = 1.5, per = "channel" }
    v_th = 0.3
    v_reset = -0.1
    [[layers]]
    max_pool2d = 2
    stride = 1
    padding = 1
    [[layers]]
    conv2d = 4
    kernel = [2, 3]
    padding = 1
    dilation = [2, 1]
    gain = 2.0
    [[layers]]
    max_pool2d = [1, 2]
    [[layers]]
    neuron = "lif"
    tau_m = 2.0
    v_th = 0.5
    reset = "soft"
    reset_delay = true
    [[layers]]
    global_sum_pool = true
    [[layers]]
    linear = 12
    [[layers]]
    neuron = "eulerlif"
    tau_m = { value = 3.0, per = "neuron" }
    v_leak = 0.1
    v_th = 0.7
    reset = "soft"
    [[layers]]
    identity = true
    [[layers]]
    linear = 8
    [[layers]]
    neuron = "if"
    v_th = 0.8
    decay = 0.05
    [[layers]]
    linear = 8
    [[layers]]
    neuron = "ifb"
    v_th = 0.8
    bias = 0.1
    [[layers]]
    linear = 8
    [[layers]]
    neuron = "ifsoftreset"
    v_th = 0.6
    decay = 0.02
    [[layers]]
    linear = 3
    [[layers]]
    neuron = "lif"
    tau_m = 4.0
    reset_delay = true
"#;

/// Where weights are whole numbers of a scale and inputs are spikes, integers lose nothing but the last digits of leaks.
#[test]
fn spikes_are_those_of_floating_point_where_the_weights_are_whole() {
    let mut noise = Noise::new(3);
    let split = split(&mut noise);
    let mut checkpoint = checkpoint("encoder = \"bernoulli\"", LAYERS);
    for stored in checkpoint.parameters.iter_mut().filter(|stored| stored.name.ends_with(".weight")) {
        let row = stored.values.len() / stored.shape[0];
        let whole = noise.numbers(stored.values.len(), -127.0, 127.0);
        // each channel has a 127, whose scale is a power of two
        let scale = 2.0 / 128.0 / (row as f32).sqrt().log2().round().exp2();
        stored.values = whole.iter().map(|value| value.round() * scale).collect();
        (0..stored.shape[0]).for_each(|channel| stored.values[channel * row] = 127.0 * scale);
    }
    let model = model(&checkpoint, &split).unwrap();
    assert_eq!((model.input.scale, model.input.low, model.input.high), (1.0, 0, 1));
    let read = Model::parse(&model.to_bytes().unwrap()).unwrap();
    assert_eq!(read, model);
    let (inference, device) = (Inference::new(read).unwrap(), Device::default());
    let batch = split.batch(&(0..SAMPLES).collect::<Vec<_>>()).unwrap();
    let answers = inference.answer(&batch, 7, &device).unwrap();
    let network = checkpoint.network(&device).unwrap();
    let (scores, records) = network.record(Source::from_batch(&batch, &device), 7).unwrap();
    assert_eq!(records.len(), answers.records.len());
    for (layer, (floats, integers)) in records.iter().zip(&answers.records).enumerate() {
        let [floats, integers] = [&floats.output, &integers.output].map(numbers);
        let share = floats.iter().sum::<f32>() / floats.len() as f32;
        assert!((0.005..0.995).contains(&share), "neurons {layer}: {share} spikes per step");
        assert_eq!(floats, integers, "neurons {layer}");
    }
    assert_eq!(numbers(&scores), answers.scores.concat());
}

/// Normalisations, currents as inputs, potentials as outputs, weights that are rounded.
#[test]
fn potentials_are_near_those_of_floating_point() {
    let layers = "[[layers]]\nconv2d = 8\nkernel = 3\n[[layers]]\nbatch_norm = true\n[[layers]]\nneuron = \"lif\"\nv_th = 0.4\n\
                  [[layers]]\naverage_pool2d = 2\n[[layers]]\nlinear = 3\n[[layers]]\nbatch_norm = true\n\
                  [[layers]]\nneuron = \"plif\"\nreset = \"none\"\ntau_m = 6.0";
    let mut noise = Noise::new(4);
    let split = split(&mut noise);
    let mut checkpoint = checkpoint("encoder = \"constant\"\ndecoder = \"final_step_voltage\"", layers);
    for stored in &mut checkpoint.parameters {
        let range = match stored.name.rsplit('.').next() {
            Some("gamma") => [-1.5, 1.5],
            Some("running_var") => [0.05, 0.2],
            Some("beta" | "running_mean") => [-0.2, 0.3],
            _ => continue,
        };
        stored.values = noise.numbers(stored.values.len(), range[0], range[1]);
    }
    let model = model(&checkpoint, &split).unwrap();
    assert!(model.input.high == 255 && matches!(model.layers[0], Layer::Conv2d(_)) && model.layers.len() == 5);
    let (inference, device) = (Inference::new(model).unwrap(), Device::default());
    let batch = split.batch(&(0..SAMPLES).collect::<Vec<_>>()).unwrap();
    let answers = inference.answer(&batch, 7, &device).unwrap().scores.concat();
    let network = checkpoint.network(&device).unwrap();
    let expected = numbers(&network.forward(Source::from_batch(&batch, &device), 7).unwrap());
    let largest = expected.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    let error = expected.iter().zip(&answers).map(|(a, b)| (a - b).abs()).fold(0.0f32, f32::max);
    assert!(largest > 0.2 && error < 0.1 * largest, "{error} of {largest}");
}

#[test]
fn what_integers_do_not_have_is_refused_by_layer() {
    let split = split(&mut Noise::new(5));
    let end = "[[layers]]\nlinear = \"classes\"\n[[layers]]\nneuron = \"lif\"\n";
    let neurons = "[[layers]]\nneuron = \"lif\"\n";
    let linear = "[[layers]]\nlinear = 5\n";
    let cases = [
        (
            format!("{linear}[[layers]]\nneuron = \"aclif\"\n{end}"),
            "layers.1: has `aclif` neurons; an int8 export has lif",
        ),
        (format!("{linear}{neurons}recurrent = true\n{end}"), "layers.1: has connections to itself"),
        (format!("{linear}{linear}{neurons}{end}"), "layers.1: follows layers.0 without neurons in between"),
        (format!("{neurons}{end}"), "layers.0: has neurons that listen to no weights"),
        (format!("[[layers]]\nbatch_norm = true\n{end}"), "layers.0: normalises what is no sum of weights"),
        (format!("{linear}delay = 2\n{neurons}{end}"), "layers.0: has a delay"),
        (format!("{linear}[[layers]]\nlayer_norm = true\n{neurons}{end}"), "layers.1: is a `layer_norm`"),
        (
            format!("{linear}{neurons}{end}inputs = [\"layers.2\", \"layers.2\"]"),
            "layers.3: listens to layers.2, layers.2",
        ),
        (
            format!("{linear}{neurons}[[layers]]\nlinear = \"classes\""),
            "layers.2: is the last layer and has no neurons",
        ),
    ];
    for (layers, expected) in &cases {
        let error = model(&checkpoint("encoder = \"constant\"", layers), &split).unwrap_err();
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
}
