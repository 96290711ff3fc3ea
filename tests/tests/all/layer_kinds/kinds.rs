//! One of each kind of layer, and some of its settings.

use synfire::network::LayerConfig;
use synfire::network::layer::LayerKind;
use synfire::registry::Component;

/// Layers as TOML writes them, and the shape of a sample before.
pub(crate) const KINDS: &[(&str, &[usize])] = &[
    ("linear = 5", &[2, 3, 3]),
    ("linear = 5\nbias = false\ngain = 2.5", &[6]),
    ("conv1d = 4\nkernel = 3", &[2, 9]),
    ("conv1d = 4\nkernel = 3\nstride = 2\npadding = 2\ndilation = 2\ngroups = 2\nbias = false", &[2, 9]),
    ("conv2d = 4\nkernel = 3", &[2, 6, 5]),
    (
        "conv2d = 4\nkernel = [3, 2]\nstride = [2, 1]\npadding = [1, 0]\ndilation = [1, 2]\ngroups = 2\ngain = 3.0",
        &[2, 7, 6],
    ),
    ("conv2d = 3\nkernel = 4\npadding = \"same\"\nbias = false", &[1, 6, 6]),
    ("conv_transpose2d = 4\nkernel = 3\nstride = 2\npadding = 1\noutput_padding = 1", &[2, 4, 3]),
    ("conv_transpose2d = 4\nkernel = 2\ngroups = 2\nbias = false", &[2, 4, 3]),
    ("max_pool1d = 3\nstride = 2\npadding = 1", &[2, 9]),
    ("max_pool2d = 2", &[2, 6, 6]),
    ("max_pool2d = 3\nstride = 2\npadding = 1", &[2, 6, 5]),
    ("global_max_pool = true", &[3, 4, 4]),
    ("average_pool1d = 3", &[2, 9]),
    ("average_pool2d = 2\npadding = 1", &[2, 6, 6]),
    ("global_average_pool = true", &[3, 8]),
    ("sum_pool1d = 2", &[2, 9]),
    ("sum_pool2d = [2, 3]", &[2, 6, 6]),
    ("global_sum_pool = true", &[3, 4, 4]),
    ("flatten = true", &[2, 3, 3]),
    ("identity = true", &[2, 3, 3]),
    ("batch_norm = true", &[3, 4, 4]),
    ("batch_norm = true\nper_step = true", &[6]),
    ("layer_norm = true", &[3, 4]),
    ("group_norm = 2", &[4, 3, 3]),
    ("dropout = 0.4", &[12]),
    ("dropout = 0.4\nper_step = true", &[2, 3, 3]),
    ("scale = 0.5", &[2, 3, 3]),
    ("scale = -2.0\nper = \"channel\"", &[2, 3, 3]),
    ("scale = 1.5\nper = \"neuron\"", &[6]),
    ("voting = 3", &[12]),
    ("neuron = \"plif\"\ntau_m = { value = 2.0, learn = true, per = \"channel\" }", &[3, 4, 4]),
    ("neuron = \"lif\"\nrecurrent = true", &[6]),
    ("neuron = \"lif\"\nrecurrent = { connect = \"one_to_one\", delay = 2, bias = true }", &[2, 3]),
];

/// The kind that a line of TOML describes.
pub(crate) fn kind(written: &str) -> Component<dyn LayerKind> {
    toml::from_str::<LayerConfig>(written).unwrap_or_else(|error| panic!("{written}: {error}")).kind
}
