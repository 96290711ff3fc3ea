//! Layers of a model.

use serde::{Deserialize, Serialize};

/// A layer. Weights and parameters are tensors of the file, everything else is in its metadata.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Layer {
    /// All inputs to all outputs.
    Linear(Linear),
    /// Convolution of pictures `[C, H, W]`.
    Conv2d(Conv2d),
    /// Pooling of pictures `[C, H, W]`.
    Pool2d(Pool2d),
    /// Neurons, one for each value of their input.
    Neurons(Neurons),
}

/// All inputs to all outputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// Number of outputs.
    pub outputs: usize,
    /// Weights, `[outputs, inputs]`.
    #[serde(skip)]
    pub weight: Vec<i8>,
}

/// Convolution of pictures `[C, H, W]`, as `torch.nn.Conv2d` without bias.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conv2d {
    /// Output channels.
    pub channels: usize,
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    /// Step of the kernel.
    pub stride: [usize; 2],
    /// Zeros around the picture: rows above and below, columns left and right.
    pub padding: [[usize; 2]; 2],
    /// Distance of the weights of the kernel.
    pub dilation: [usize; 2],
    /// Groups of channels that are convolved by themselves.
    pub groups: usize,
    /// Weights, `[channels, input channels / groups, kH, kW]`.
    #[serde(skip)]
    pub weight: Vec<i8>,
}

/// Pooling of pictures `[C, H, W]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pool2d {
    /// One value for a window.
    pub pool: PoolKind,
    /// Height and width of the window.
    pub kernel: [usize; 2],
    /// Step of the window.
    pub stride: [usize; 2],
    /// Rows and columns around the picture that no value is taken from: above and below, left and right.
    pub padding: [[usize; 2]; 2],
}

/// One value for a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolKind {
    /// The largest one.
    #[default]
    Max,
    /// The sum.
    Sum,
}

/// Neurons. Each parameter has one value, or one for each channel of the input, or one for each neuron.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Neurons {
    /// Reset of the potential at a spike.
    pub reset: Reset,
    /// Whether a spike resets at the next step.
    pub reset_delay: bool,
    /// Binary digits that potentials have more than the sums of weights, 0 to 24.
    pub fraction_bits: u32,
    /// Share of a potential that a step leaves, of 24 binary digits: 0 to `2^24`.
    #[serde(skip)]
    pub leak: Vec<i32>,
    /// Potential above which a neuron fires.
    #[serde(skip)]
    pub threshold: Vec<i32>,
    /// Potential after a spike.
    #[serde(skip)]
    pub v_reset: Vec<i32>,
    /// Potential that is added in each step.
    #[serde(skip)]
    pub bias: Vec<i32>,
    /// Value of 1 of a potential, in the unit of the network that it was made of, above 0.
    #[serde(skip)]
    pub unit: Vec<f32>,
}

impl Neurons {
    /// `leak` of neurons without a leak.
    pub const NO_LEAK: i32 = 1 << 24;
}

/// Neurons that do not leak and fire above 0.
impl Default for Neurons {
    fn default() -> Self {
        Neurons {
            reset: Reset::default(),
            reset_delay: false,
            fraction_bits: 0,
            leak: vec![Neurons::NO_LEAK],
            threshold: vec![0],
            v_reset: vec![0],
            bias: vec![0],
            unit: vec![1.0],
        }
    }
}

/// Reset of a potential at a spike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// The potential becomes `v_reset`.
    #[default]
    Hard,
    /// The threshold is subtracted.
    Soft,
    /// The potential stays as it is.
    None,
}
