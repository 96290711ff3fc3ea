//! Convolutions of series.

use super::amplified;
use crate::network::cast;
use burn::config::Config;
use burn::module::{Content, Module, ModuleDisplay, Param};
use burn::nn::PaddingConfig1d;
use burn::tensor::{Device, Distribution, Tensor};
use synfire_dynamics::{Window2d, conv2d};

/// Configuration of an [`EventConv1d`] layer.
#[derive(Config, Debug)]
pub struct EventConv1dConfig {
    /// Input and output channels.
    pub channels: [usize; 2],
    /// Length of the kernel.
    pub kernel_size: usize,
    /// Step of the kernel.
    #[config(default = "1")]
    pub stride: usize,
    /// Distance of the kernel's weights.
    #[config(default = "1")]
    pub dilation: usize,
    /// Groups of channels that are convolved by themselves; divides both numbers of channels.
    #[config(default = "1")]
    pub groups: usize,
    /// Zeros before and after the series.
    #[config(default = "PaddingConfig1d::Valid")]
    pub padding: PaddingConfig1d,
    /// Whether there is a bias.
    #[config(default = true)]
    pub bias: bool,
    /// Factor of the outputs, above 0.
    #[config(default = 1.0)]
    pub gain: f32,
}

impl EventConv1dConfig {
    /// The layer, weights and biases uniform in `±1 / sqrt(fan-in)`.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use synfire::connection::EventConv1dConfig;
    ///
    /// let device = Device::default();
    /// let conv = EventConv1dConfig::new([2, 6], 3).init(&device);
    /// let series = Tensor::<4>::zeros([8, 4, 2, 20], &device); // [T, B, C, L]
    /// assert_eq!(conv.forward(series).dims(), [8, 4, 6, 18]);
    /// ```
    ///
    /// # Panics
    ///
    /// If `groups` does not divide the channels, or something is 0.
    #[must_use]
    pub fn init(&self, device: &Device) -> EventConv1d {
        let ([inputs, outputs], groups) = (self.channels, self.groups);
        assert!(
            groups > 0 && inputs % groups == 0 && outputs % groups == 0,
            "{groups} groups do not divide {inputs} input and {outputs} output channels"
        );
        let sizes = [inputs, outputs, self.kernel_size, self.stride, self.dilation];
        assert!(!sizes.contains(&0), "a convolution has a size of 0: {self}");
        let bound = 1.0 / ((inputs / groups * self.kernel_size) as f64).sqrt();
        let uniform = Distribution::Uniform(-bound, bound);
        let weight = Tensor::random([outputs, inputs / groups, self.kernel_size], uniform, device);
        let bias = self.bias.then(|| Tensor::random([outputs], uniform, device));
        let total = self.dilation * (self.kernel_size - 1);
        let padding = match self.padding {
            PaddingConfig1d::Valid => [0, 0],
            PaddingConfig1d::Same => [total / 2, total - total / 2],
            PaddingConfig1d::Explicit(before, after) => [before, after],
        };
        let window = window(self.kernel_size, self.stride, padding, self.dilation);
        EventConv1d::new(weight, bias, window, groups, self.gain)
    }
}

/// A window along a series as one along pictures of one row.
pub(crate) fn window(kernel: usize, stride: usize, padding: [usize; 2], dilation: usize) -> Window2d {
    Window2d { kernel: [1, kernel], stride: [1, stride], padding: [[0, 0], padding], dilation: [1, dilation] }
}

/// Convolution of series with a gain: `y = gain (x * W + b)`, weights in PyTorch's order.
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct EventConv1d {
    /// `[C_out, C_in / groups, kernel]`
    pub weight: Param<Tensor<3>>,
    /// `[C_out]`
    pub bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    window: Window2d,
    #[module(skip)]
    groups: usize,
    #[module(skip)]
    gain: f32,
}

impl ModuleDisplay for EventConv1d {
    fn custom_content(&self, content: Content) -> Option<Content> {
        let content = content.add_debug_attribute("weight", &self.weight.dims()).add("groups", &self.groups);
        content.add_debug_attribute("window", &self.window).add("bias", &self.bias.is_some()).optional()
    }
}

impl EventConv1d {
    pub(crate) fn new(weight: Tensor<3>, bias: Option<Tensor<1>>, window: Window2d, groups: usize, gain: f32) -> Self {
        let (weight, bias) = (Param::from_tensor(weight), bias.map(Param::from_tensor));
        EventConv1d { weight, bias, window, groups, gain }
    }

    /// Convolves every series.
    ///
    /// # Shapes
    ///
    /// - input `[.., C_in, L]`, mostly `[T, B, C_in, L]`
    /// - output `[.., C_out, L']`, of the input's type
    ///
    /// # Panics
    ///
    /// If the input has less than three axes, or other channels.
    #[must_use]
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.apply(input, self.bias.as_ref().map(Param::val))
    }

    /// As [`forward`](Self::forward) without the bias: for the times of spikes.
    #[must_use]
    pub fn forward_without_bias<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.apply(input, None)
    }

    fn apply<const D: usize>(&self, input: Tensor<D>, bias: Option<Tensor<1>>) -> Tensor<D> {
        let (mut dims, dtype) = (input.dims(), input.dtype());
        assert!(D >= 3, "a convolution was given a tensor of shape {dims:?}; expected [.., C, L], a batch in front");
        let (weight, bias) = (cast(self.weight.val(), dtype), bias.map(|bias| cast(bias, dtype)));
        let frames: usize = dims[..D - 2].iter().product();
        let rows = input.reshape([frames, dims[D - 2], 1, dims[D - 1]]);
        let output = conv2d(rows, weight.unsqueeze_dim(2), bias, &self.window, self.groups);
        let [_, channels, _, length] = output.dims();
        dims[D - 2..].copy_from_slice(&[channels, length]);
        let output = output.reshape(dims);
        amplified(output, self.gain)
    }
}
