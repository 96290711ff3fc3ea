//! Convolutions of pictures.

use super::amplified;
use super::frames::over_frames;
use crate::network::cast;
use burn::config::Config;
use burn::module::{Content, Module, ModuleDisplay, Param};
use burn::nn::PaddingConfig2d;
use burn::tensor::{Device, Distribution, Tensor};
use synfire_dynamics::{Spikes, Window2d, conv2d, conv2d_max_pool2d, conv2d_reads_spikes, conv2d_spikes};

/// Configuration of an [`EventConv2d`] layer.
#[derive(Config, Debug)]
pub struct EventConv2dConfig {
    /// Input and output channels.
    pub channels: [usize; 2],
    /// Height and width of the kernel.
    pub kernel_size: [usize; 2],
    /// Step of the kernel along height and width.
    #[config(default = "[1, 1]")]
    pub stride: [usize; 2],
    /// Distance of the kernel's weights along height and width.
    #[config(default = "[1, 1]")]
    pub dilation: [usize; 2],
    /// Groups of channels that are convolved by themselves; divides both numbers of channels.
    #[config(default = "1")]
    pub groups: usize,
    /// Zeros around the picture.
    #[config(default = "PaddingConfig2d::Valid")]
    pub padding: PaddingConfig2d,
    /// Whether there is a bias.
    #[config(default = true)]
    pub bias: bool,
    /// Factor of the outputs, above 0.
    #[config(default = 1.0)]
    pub gain: f32,
}

impl EventConv2dConfig {
    /// The layer, weights and biases uniform in `±1 / sqrt(fan-in)`.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use synfire::connection::EventConv2dConfig;
    ///
    /// let device = Device::default();
    /// let conv = EventConv2dConfig::new([1, 12], [5, 5]).init(&device);
    /// let pictures = Tensor::<5>::zeros([8, 4, 1, 28, 28], &device); // [T, B, C, H, W]
    /// assert_eq!(conv.forward(pictures).dims(), [8, 4, 12, 24, 24]);
    /// ```
    ///
    /// # Panics
    ///
    /// If `groups` does not divide the channels, or something is 0.
    #[must_use]
    pub fn init(&self, device: &Device) -> EventConv2d {
        let ([inputs, outputs], [height, width], groups) = (self.channels, self.kernel_size, self.groups);
        assert!(
            groups > 0 && inputs % groups == 0 && outputs % groups == 0,
            "{groups} groups do not divide {inputs} input and {outputs} output channels"
        );
        let sizes =
            [inputs, outputs, height, width, self.stride[0], self.stride[1], self.dilation[0], self.dilation[1]];
        assert!(!sizes.contains(&0), "a convolution has a size of 0: {self}");
        let fan_in = inputs / groups * height * width;
        let bound = 1.0 / (fan_in as f64).sqrt();
        let uniform = Distribution::Uniform(-bound, bound);
        let weight = Tensor::random([outputs, inputs / groups, height, width], uniform, device);
        let bias = self.bias.then(|| Tensor::random([outputs], uniform, device));
        let same = |axis: usize| {
            let total = self.dilation[axis] * (self.kernel_size[axis] - 1);
            [total / 2, total - total / 2]
        };
        let padding = match self.padding {
            PaddingConfig2d::Valid => [[0, 0], [0, 0]],
            PaddingConfig2d::Same => [same(0), same(1)],
            PaddingConfig2d::Explicit(top, left, bottom, right) => [[top, bottom], [left, right]],
        };
        let window = Window2d { kernel: self.kernel_size, stride: self.stride, padding, dilation: self.dilation };
        EventConv2d::new(weight, bias, window, groups, self.gain)
    }
}

/// Convolution of pictures with a gain: `y = gain (x * W + b)`, weights in PyTorch's order.
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct EventConv2d {
    /// `[C_out, C_in / groups, height, width]`
    pub weight: Param<Tensor<4>>,
    /// `[C_out]`
    pub bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    window: Window2d,
    #[module(skip)]
    groups: usize,
    #[module(skip)]
    gain: f32,
}

impl ModuleDisplay for EventConv2d {
    fn custom_content(&self, content: Content) -> Option<Content> {
        let content = content.add_debug_attribute("weight", &self.weight.dims()).add("groups", &self.groups);
        content.add_debug_attribute("window", &self.window).add("bias", &self.bias.is_some()).optional()
    }
}

impl EventConv2d {
    pub(crate) fn new(weight: Tensor<4>, bias: Option<Tensor<1>>, window: Window2d, groups: usize, gain: f32) -> Self {
        let (weight, bias) = (Param::from_tensor(weight), bias.map(Param::from_tensor));
        EventConv2d { weight, bias, window, groups, gain }
    }

    /// Convolves every frame.
    ///
    /// # Shapes
    ///
    /// - input `[.., C_in, H, W]`, mostly `[T, B, C_in, H, W]`
    /// - output `[.., C_out, H', W']`, of the input's type
    ///
    /// # Panics
    ///
    /// If the input has less than four axes, or other channels.
    #[must_use]
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.apply(input, self.bias.as_ref().map(Param::val), None)
    }

    /// As [`forward`](Self::forward) without the bias: for the times of spikes.
    #[must_use]
    pub fn forward_without_bias<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.apply(input, None, None)
    }

    /// As [`forward`](Self::forward), and the largest value that each window of a max pool sees of the result. For sparse
    /// inputs, as spikes are, the two are one operation.
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward), or if the window of the pool does not fit into the result.
    #[must_use]
    pub fn forward_max_pool<const D: usize>(&self, input: Tensor<D>, pool: &Window2d) -> Tensor<D> {
        self.apply(input, self.bias.as_ref().map(Param::val), Some(pool))
    }

    /// As [`forward`](Self::forward) for spikes as bits, with a window as [`forward_max_pool`](Self::forward_max_pool):
    /// `[T, B, C_in H W]` to `[T, B, C_out, H', W']`, `picture` being `[C_in, H, W]`.
    ///
    /// # Panics
    ///
    /// If the spikes are none of such pictures.
    #[must_use]
    pub fn forward_spikes(&self, spikes: Spikes, picture: [usize; 3], pool: Option<&Window2d>) -> Tensor<5> {
        let [steps, batch, _] = spikes.dims();
        let (weight, bias) = (self.weight.val(), self.bias.as_ref().map(Param::val));
        let output = conv2d_spikes(spikes, picture, weight, bias, &self.window, self.groups, pool);
        let [_, channels, height, width] = output.dims();
        amplified(output, self.gain).reshape([steps, batch, channels, height, width])
    }

    /// Whether [`forward_spikes`](Self::forward_spikes) has a kernel on CPUs for pictures of this shape.
    #[must_use]
    pub fn reads_spikes(&self, picture: [usize; 3]) -> bool {
        conv2d_reads_spikes(picture, self.weight.dims(), &self.window, self.groups)
    }

    fn apply<const D: usize>(&self, input: Tensor<D>, bias: Option<Tensor<1>>, pool: Option<&Window2d>) -> Tensor<D> {
        let dtype = input.dtype();
        let (weight, bias) = (cast(self.weight.val(), dtype), bias.map(|bias| cast(bias, dtype)));
        let output = over_frames(input, |frames| match pool {
            Some(pool) => conv2d_max_pool2d(frames, weight, bias, &self.window, self.groups, pool),
            None => conv2d(frames, weight, bias, &self.window, self.groups),
        });
        // a factor above 0 does not change which value is the largest
        amplified(output, self.gain)
    }
}
