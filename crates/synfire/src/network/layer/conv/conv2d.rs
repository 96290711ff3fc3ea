//! Convolution of pictures.

use super::super::linear::check_size;
use super::{Axis, Padding, PerAxis, check_axes, check_channels, fan_in, fan_out};
use crate::Error;
use crate::coding::Activations;
use crate::connection::EventConv2d;
use crate::network::Shape;
use crate::network::layer::{AnyLayer, Layer, LayerKind, NetworkInfo, Pass, Site, transparent_module};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Spikes, Window2d};

/// Convolution of pictures `[C, H, W]`, `y = gain (x * W + b)`: `conv2d = 12` with `kernel = 5`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conv2d {
    /// Output channels.
    pub channels: usize,
    /// Height and width of the kernel.
    pub kernel: PerAxis,
    /// Step of the kernel.
    pub stride: PerAxis,
    /// Zeros around the picture.
    pub padding: Padding,
    /// Distance of the kernel's weights.
    pub dilation: PerAxis,
    /// Groups of channels that are convolved by themselves.
    pub groups: usize,
    /// Whether there is a bias.
    pub bias: bool,
    /// Factor of the outputs, above 0: the unit of the weights in that of the neurons' current.
    pub gain: f32,
}

impl Default for Conv2d {
    fn default() -> Self {
        Conv2d {
            channels: 1,
            kernel: PerAxis::All(3),
            stride: PerAxis::All(1),
            padding: Padding::NONE,
            dilation: PerAxis::All(1),
            groups: 1,
            bias: true,
            gain: 1.0,
        }
    }
}

impl Named for Conv2d {
    const NAME: &'static str = "conv2d";
    const ABOUT: &'static str = "convolution of pictures";
    const PRINCIPAL: Option<&'static str> = Some("channels");
}

impl Conv2d {
    fn axis(&self, axis: usize) -> Axis {
        Axis::of(axis, &self.kernel, &self.stride, &self.dilation, &self.padding)
    }

    /// Its window over the picture.
    pub(crate) fn window(&self) -> Window2d {
        let (rows, columns) = (self.axis(0), self.axis(1));
        Window2d {
            kernel: [rows.kernel, columns.kernel],
            stride: [rows.stride, columns.stride],
            padding: [rows.padding, columns.padding],
            dilation: [rows.dilation, columns.dilation],
        }
    }
}

impl LayerKind for Conv2d {
    fn check(&self) -> Result<(), BadSetting> {
        check_axes(2, &self.kernel, &self.stride, &self.dilation, &self.padding)?;
        check_channels(self.channels, self.groups)?;
        BadSetting::unless_above_zero("gain", self.gain, "a factor")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        let [channels, height, width] = input.picture()?;
        let (rows, columns) = (self.axis(0), self.axis(1));
        let fan_in = fan_in(channels, self.groups, &[rows.kernel, columns.kernel])?;
        check_size("channels", self.channels, fan_in)?;
        Ok([self.channels, rows.output(height, "height")?, columns.output(width, "width")?].into())
    }

    fn weights(&self, input: &Shape, _: &Shape) -> Vec<(&'static str, Vec<usize>)> {
        let channels = input.picture().map_or(0, |[channels, ..]| channels);
        let kernel = [self.kernel.at(0), self.kernel.at(1)];
        vec![("weight", vec![self.channels, channels / self.groups, kernel[0], kernel[1]])]
    }

    fn fan_out(&self, input: &Shape, _: &Shape) -> Option<Vec<usize>> {
        let [channels, height, width] = input.picture().ok()?;
        let (rows, columns) = (self.axis(0).windows(height), self.axis(1).windows(width));
        Some(fan_out(channels, self.channels / self.groups, [&rows, &columns]))
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let picture = site.input_picture()?;
        let window = self.window();
        let inputs = picture[0] / self.groups;
        let bound = 1.0 / ((inputs * window.kernel[0] * window.kernel[1]) as f32).sqrt();
        let weight = site.uniform([self.channels, inputs, window.kernel[0], window.kernel[1]], bound);
        let bias = self.bias.then(|| site.uniform([self.channels], bound));
        let conv = EventConv2d::new(weight, bias, window, self.groups, self.gain);
        Ok(Conv2dLayer { conv, picture }.into())
    }

    fn is_connection(&self) -> bool {
        true
    }

    fn passes_spike_times(&self) -> bool {
        true
    }
}

/// The convolution and the shape of the pictures that it is given, `[C, H, W]`.
#[derive(Clone, Debug)]
pub(in crate::network) struct Conv2dLayer {
    conv: EventConv2d,
    picture: [usize; 3],
}

transparent_module!(Conv2dLayer { inner: [conv], named: [], plain: [picture] });

impl Conv2dLayer {
    /// Values after a max pool over the result.
    pub(in crate::network) fn forward_max_pool(&self, input: &Activations, pool: &Window2d) -> Activations {
        let values = self.conv.forward_max_pool(pictures(input.values.clone(), self.picture), pool).flatten(2, 4);
        Activations { values, spike_times: None, potential: None, dt: input.dt }
    }
}

impl Conv2dLayer {
    /// Whether there is a kernel for spikes as bits.
    pub(in crate::network) fn reads_spikes(&self) -> bool {
        self.conv.reads_spikes(self.picture)
    }

    /// Values for spikes as bits, behind a max pool where there is one.
    pub(in crate::network) fn forward_spikes(&self, spikes: Spikes, pool: Option<&Window2d>) -> Tensor<3> {
        self.conv.forward_spikes(spikes, self.picture, pool).flatten(2, 4)
    }
}

impl Layer for Conv2dLayer {
    fn forward(&self, input: Activations, _: &mut Pass) -> Result<Activations, Error> {
        let spike_times =
            input.spike_times.map(|x| self.conv.forward_without_bias(pictures(x, self.picture)).flatten(2, 4));
        let values = self.conv.forward(pictures(input.values, self.picture)).flatten(2, 4);
        Ok(Activations { values, spike_times, potential: None, dt: input.dt })
    }

    fn describe(&self) -> String {
        format!("conv2d {} -> {}", self.picture[0], self.conv.weight.dims()[0])
    }
}

/// `[T, B, C H W]` as pictures, `[T, B, C, H, W]`.
fn pictures(x: Tensor<3>, [channels, height, width]: [usize; 3]) -> Tensor<5> {
    let [steps, batch, _] = x.dims();
    x.reshape([steps, batch, channels, height, width])
}
