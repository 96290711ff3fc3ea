//! Convolution of series.

use super::super::linear::check_size;
use super::{Axis, Padding, PerAxis, check_axes, check_channels, fan_in, fan_out};
use crate::Error;
use crate::coding::Activations;
use crate::connection::EventConv1d;
use crate::network::Shape;
use crate::network::layer::{AnyLayer, Layer, LayerKind, NetworkInfo, Pass, Site, transparent_module};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use synfire_dynamics::Window2d;

/// Convolution of series `[C, L]`, `y = gain (x * W + b)`: `conv1d = 12` with `kernel = 5`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conv1d {
    /// Output channels.
    pub channels: usize,
    /// Length of the kernel.
    pub kernel: PerAxis,
    /// Step of the kernel.
    pub stride: PerAxis,
    /// Zeros before and after the series.
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

impl Default for Conv1d {
    fn default() -> Self {
        Conv1d {
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

impl Named for Conv1d {
    const NAME: &'static str = "conv1d";
    const ABOUT: &'static str = "convolution of series";
    const PRINCIPAL: Option<&'static str> = Some("channels");
}

impl Conv1d {
    fn axis(&self) -> Axis {
        Axis::of(0, &self.kernel, &self.stride, &self.dilation, &self.padding)
    }
}

impl LayerKind for Conv1d {
    fn check(&self) -> Result<(), BadSetting> {
        check_axes(1, &self.kernel, &self.stride, &self.dilation, &self.padding)?;
        check_channels(self.channels, self.groups)?;
        BadSetting::unless_above_zero("gain", self.gain, "a factor")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        let [channels, length] = input.series()?;
        let axis = self.axis();
        check_size("channels", self.channels, fan_in(channels, self.groups, &[axis.kernel])?)?;
        Ok([self.channels, axis.output(length, "length")?].into())
    }

    fn weights(&self, input: &Shape, _: &Shape) -> Vec<(&'static str, Vec<usize>)> {
        let channels = input.series().map_or(0, |[channels, _]| channels);
        vec![("weight", vec![self.channels, channels / self.groups, self.kernel.at(0)])]
    }

    fn fan_out(&self, input: &Shape, _: &Shape) -> Option<Vec<usize>> {
        let [channels, length] = input.series().ok()?;
        Some(fan_out(channels, self.channels / self.groups, [&[1], &self.axis().windows(length)]))
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let series = site.input_series()?;
        let Axis { kernel, stride, dilation, padding } = self.axis();
        let window =
            Window2d { kernel: [1, kernel], stride: [1, stride], padding: [[0, 0], padding], dilation: [1, dilation] };
        let inputs = series[0] / self.groups;
        let bound = 1.0 / ((inputs * kernel) as f32).sqrt();
        let weight = site.uniform([self.channels, inputs, kernel], bound);
        let bias = self.bias.then(|| site.uniform([self.channels], bound));
        let conv = EventConv1d::new(weight, bias, window, self.groups, self.gain);
        Ok(Conv1dLayer { conv, series }.into())
    }

    fn is_connection(&self) -> bool {
        true
    }

    fn passes_spike_times(&self) -> bool {
        true
    }
}

/// The convolution and the shape of the series that it is given, `[C, L]`.
#[derive(Clone, Debug)]
struct Conv1dLayer {
    conv: EventConv1d,
    series: [usize; 2],
}

transparent_module!(Conv1dLayer { inner: [conv], named: [], plain: [series] });

impl Layer for Conv1dLayer {
    fn forward(&self, input: Activations, _: &mut Pass) -> Result<Activations, Error> {
        let spike_times =
            input.spike_times.map(|x| self.conv.forward_without_bias(series(x, self.series)).flatten(2, 3));
        let values = self.conv.forward(series(input.values, self.series)).flatten(2, 3);
        Ok(Activations { values, spike_times, potential: None, dt: input.dt })
    }

    fn describe(&self) -> String {
        format!("conv1d {} -> {}", self.series[0], self.conv.weight.dims()[0])
    }
}

/// `[T, B, C L]` as series, `[T, B, C, L]`.
fn series(x: Tensor<3>, [channels, length]: [usize; 2]) -> Tensor<4> {
    let [steps, batch, _] = x.dims();
    x.reshape([steps, batch, channels, length])
}
