//! Profiles against sums over the recorded spikes, connection by connection.

use super::*;
use crate::host::floats;
use crate::network::NetworkConfig;
use synfire_data::Dataset;

/// Digits, 8 x 8, and a network for them.
fn network(layers: &str, encoder: &str) -> (Network, Dataset) {
    let config: NetworkConfig = toml::from_str(&format!("steps = 7\nencoder = \"{encoder}\"\n{layers}")).unwrap();
    let data = Dataset::digits();
    (config.init(data.train.sample_shape(), 10, 3, &Device::default()).unwrap(), data)
}

const SAMPLES: usize = 5;

/// Spikes `[T, B, N]` of each layer of neurons.
fn recorded(network: &Network, data: &Dataset) -> Vec<Vec<f32>> {
    let indices: Vec<usize> = (0..SAMPLES).collect();
    let source = Source::from_batch(&data.test.batch(&indices).unwrap(), &Device::default());
    let (_, records) = network.record(source, 1).unwrap();
    records.into_iter().map(|record| floats(&record.output.into_data())).collect()
}

fn profiled(network: &Network, data: &Dataset) -> Profile {
    let indices: Vec<usize> = (0..SAMPLES).collect();
    profile(network, &data.test, &indices, EnergyConstants::default(), 1, &Device::default()).unwrap()
}

fn mean(sum: usize) -> f64 {
    sum as f64 / SAMPLES as f64
}

#[test]
fn a_conv_net_is_counted_as_by_hand() {
    let text = "[[layers]]\nconv2d = 3\nkernel = 3\ngain = 3.0\n[[layers]]\nneuron = \"lif\"\n[[layers]]\nmax_pool2d = 2\n\
        [[layers]]\nconv2d = 4\nkernel = 2\nstride = 2\npadding = 1\ngain = 5.0\n[[layers]]\nneuron = \"lif\"\n\
        [[layers]]\nlinear = \"classes\"\ngain = 5.0\n[[layers]]\nneuron = \"lif\"\n";
    let (network, data) = network(text, "constant");
    let (profile, spikes) = (profiled(&network, &data), recorded(&network, &data));
    let names: Vec<&str> = profile.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["layers.0", "layers.1", "layers.3", "layers.4", "layers.5", "layers.6"]);
    // the picture is the same at every step: 6 x 6 places, 3 channels, 9 weights, once
    let first = &profile.layers[0];
    assert_eq!((first.macs, first.acs, first.parameters), ((6 * 6 * 3 * 9) as f64, 0.0, 30));
    // pooled spikes, 3 x 3 x 3, each to the windows of the second convolution that it is in
    let steps_and_samples = 7 * SAMPLES;
    let mut operations = 0;
    for frame in 0..steps_and_samples {
        let pooled = |channel: usize, y: usize, x: usize| {
            let at = |dy, dx| spikes[0][((frame * 3 + channel) * 6 + 2 * y + dy) * 6 + 2 * x + dx] != 0.0;
            at(0, 0) || at(0, 1) || at(1, 0) || at(1, 1)
        };
        for (oy, ox, ky, kx) in (0..2)
            .flat_map(|oy| (0..2).flat_map(move |ox| (0..2).flat_map(move |ky| (0..2).map(move |kx| (oy, ox, ky, kx)))))
        {
            let (y, x) = (2 * oy + ky, 2 * ox + kx);
            // one row and one column of zeros around the picture
            if (1..=3).contains(&y) && (1..=3).contains(&x) {
                operations += (0..3).filter(|channel| pooled(*channel, y - 1, x - 1)).count() * 4;
            }
        }
    }
    assert!(operations > 0);
    assert_eq!((profile.layers[2].acs, profile.layers[2].macs), (mean(operations), 0.0));
    let count = |layer: usize| spikes[layer].iter().filter(|x| **x != 0.0).count();
    assert!(count(1) > 0);
    assert_eq!(profile.layers[4].acs, mean(count(1) * 10));
    for (layer, neurons) in [(0, 3 * 36), (1, 16), (2, 10)] {
        let profile = &profile.layers[2 * layer + 1];
        assert_eq!((profile.neurons, profile.updates), (neurons, (neurons * 7) as f64));
        assert_eq!(profile.spikes, Some(mean(count(layer))));
        assert_eq!(profile.firing_rate, Some(mean(count(layer)) / (neurons * 7) as f64));
        assert_eq!(profile.state_bytes, 4 * neurons);
    }
    assert_eq!(profile.dense_macs, (6 * 6 * 3 * 9 + second_convolution() + 16 * 10) as f64);
    let energy = 4.6 * (profile.total.macs + profile.total.updates) + 0.9 * profile.total.acs;
    assert!((profile.total.energy_pj - energy).abs() < 1e-6 * energy);
}

/// Connections of a 2 x 2 kernel with stride 2 over 3 x 3 places in a border of zeros: 4 windows with 1, 2, 2 and 4 places
/// in the picture, 3 channels to 4.
fn second_convolution() -> usize {
    (1 + 2 + 2 + 4) * 3 * 4
}

#[test]
fn an_mlp_with_spikes_at_its_input_is_counted_as_by_hand() {
    let text = "[[layers]]\nlinear = 12\ngain = 4.0\n[[layers]]\nneuron = \"lif\"\nrecurrent = { delay = 2 }\n\
        [[layers]]\nlinear = \"classes\"\ngain = 6.0\n[[layers]]\nneuron = \"lif\"\n";
    let (network, data) = network(text, "poisson");
    let (profile, spikes) = (profiled(&network, &data), recorded(&network, &data));
    let indices: Vec<usize> = (0..SAMPLES).collect();
    let source = Source::from_batch(&data.test.batch(&indices).unwrap(), &Device::default());
    let encoder = &network.config().encoder;
    let encoded = encoder.encode(source, network.config().time_grid(), 1).unwrap();
    let input = floats(&encoded.values.into_data()).iter().filter(|x| **x != 0.0).count();
    assert_eq!((profile.layers[0].acs, profile.layers[0].macs), (mean(input * 12), 0.0));
    let count = |spikes: &[f32]| spikes.iter().filter(|x| **x != 0.0).count();
    // spikes of the last two steps do not arrive any more
    let arriving = count(&spikes[0][..5 * SAMPLES * 12]);
    assert!(arriving > 0 && arriving < count(&spikes[0]));
    assert_eq!(profile.layers[1].acs, mean(arriving * 12));
    assert_eq!(profile.layers[2].acs, mean(count(&spikes[0]) * 10));
    assert_eq!(profile.layers[1].parameters, 12 * 12 + network.layers()[1].neurons().unwrap().all_parameters().count());
    // the first spike of the output, sample by sample
    let steps: Vec<usize> = (0..SAMPLES)
        .filter_map(|b| (0..7).find(|t| count(&spikes[1][(t * SAMPLES + b) * 10..][..10]) > 0).map(|t| t + 1))
        .collect();
    let expected = (!steps.is_empty()).then(|| steps.iter().sum::<usize>() as f64 / steps.len() as f64);
    assert_eq!(profile.latency.first_spike_steps, expected);
    assert_eq!(profile.latency.silent_samples, SAMPLES - steps.len());
    assert!(profile.latency.compute_ms > 0.0);
}

#[test]
fn energies_that_are_none_are_refused() {
    let (network, data) = network("[[layers]]\nlinear = \"classes\"\n[[layers]]\nneuron = \"lif\"\n", "constant");
    let wrong = EnergyConstants { ac_pj: -1.0, ..EnergyConstants::default() };
    let error = profile(&network, &data.test, &[0], wrong, 0, &Device::default()).unwrap_err().to_string();
    assert!(error.contains("ac_pj: is -1; expected an energy"), "{error}");
    assert!(profile(&network, &data.test, &[], EnergyConstants::default(), 0, &Device::default()).is_err());
}
