//! Transposed convolution of pictures.

use super::super::linear::check_size;
use super::{PerAxis, check_channels, fan_in, fan_out};
use crate::Error;
use crate::network::Shape;
use crate::network::layer::{AnyLayer, LayerKind, NetworkInfo, PerStep, Site};
use crate::registry::{BadSetting, Named};
use burn::module::Param;
use burn::nn::conv::ConvTranspose2dConfig;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Transposed convolution of pictures `[C, H, W]`, which enlarges them: `conv_transpose2d = 12` with `kernel = 2` and
/// `stride = 2`. A side of `n` becomes `(n - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConvTranspose2d {
    /// Output channels.
    pub channels: usize,
    /// Height and width of the kernel.
    pub kernel: PerAxis,
    /// Distance of the inputs in the output.
    pub stride: PerAxis,
    /// Rows and columns left out on each side of the output.
    pub padding: PerAxis,
    /// Rows and columns added at the end of the output, less than `stride` or `dilation`.
    pub output_padding: PerAxis,
    /// Distance of the kernel's weights.
    pub dilation: PerAxis,
    /// Groups of channels that are convolved by themselves.
    pub groups: usize,
    /// Whether there is a bias.
    pub bias: bool,
    /// Factor of the outputs, above 0.
    pub gain: f32,
}

impl Default for ConvTranspose2d {
    fn default() -> Self {
        let (zero, one) = (PerAxis::All(0), PerAxis::All(1));
        ConvTranspose2d {
            channels: 1,
            kernel: PerAxis::All(2),
            stride: one.clone(),
            padding: zero.clone(),
            output_padding: zero,
            dilation: one,
            groups: 1,
            bias: true,
            gain: 1.0,
        }
    }
}

impl Named for ConvTranspose2d {
    const NAME: &'static str = "conv_transpose2d";
    const ABOUT: &'static str = "transposed convolution of pictures, which enlarges them";
    const PRINCIPAL: Option<&'static str> = Some("channels");
}

impl ConvTranspose2d {
    fn output(&self, axis: usize, size: usize) -> Result<usize, String> {
        let [kernel, stride, padding] = [&self.kernel, &self.stride, &self.padding].map(|s| s.at(axis));
        let [dilation, extra] = [&self.dilation, &self.output_padding].map(|s| s.at(axis));
        let whole = size.saturating_sub(1).saturating_mul(stride).saturating_add(dilation * (kernel - 1) + extra + 1);
        match whole.checked_sub(2 * padding) {
            Some(left @ 1..) => Ok(left),
            _ => Err(format!("leaves nothing of a side of {size} with `padding` {padding}; make the padding smaller")),
        }
    }
}

impl LayerKind for ConvTranspose2d {
    fn check(&self) -> Result<(), BadSetting> {
        self.kernel.check("kernel", 2, 1)?;
        self.stride.check("stride", 2, 1)?;
        self.dilation.check("dilation", 2, 1)?;
        self.padding.check("padding", 2, 0)?;
        self.output_padding.check("output_padding", 2, 0)?;
        let fits = |axis| self.output_padding.at(axis) < self.stride.at(axis).max(self.dilation.at(axis));
        if !(fits(0) && fits(1)) {
            return Err(BadSetting::of("output_padding", "is too large; expected less than `stride` or `dilation`"));
        }
        check_channels(self.channels, self.groups)?;
        BadSetting::unless_above_zero("gain", self.gain, "a factor")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        let [channels, height, width] = input.picture()?;
        check_size("channels", self.channels, fan_in(channels, self.groups, &[self.kernel.at(0), self.kernel.at(1)])?)?;
        Ok([self.channels, self.output(0, height)?, self.output(1, width)?].into())
    }

    fn weights(&self, input: &Shape, _: &Shape) -> Vec<(&'static str, Vec<usize>)> {
        let channels = input.picture().map_or(0, |[channels, ..]| channels);
        vec![("weight", vec![channels, self.channels / self.groups, self.kernel.at(0), self.kernel.at(1)])]
    }

    fn fan_out(&self, input: &Shape, output: &Shape) -> Option<Vec<usize>> {
        let ([channels, height, width], [_, rows, columns]) = (input.picture().ok()?, output.picture().ok()?);
        let reached = |axis: usize, size: usize, end: usize| -> Vec<usize> {
            let [kernel, stride, padding] = [&self.kernel, &self.stride, &self.padding].map(|s| s.at(axis));
            let dilation = self.dilation.at(axis);
            let inside = |at: usize| (padding..end + padding).contains(&at);
            (0..size).map(|i| (0..kernel).filter(|k| inside(i * stride + k * dilation)).count()).collect()
        };
        let (rows, columns) = (reached(0, height, rows), reached(1, width, columns));
        Some(fan_out(channels, self.channels / self.groups, [&rows, &columns]))
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let [inputs, ..] = site.input_picture()?;
        let both = |size: &PerAxis| [size.at(0), size.at(1)];
        let [height, width] = both(&self.kernel);
        let mut module = ConvTranspose2dConfig::new([inputs, self.channels], [height, width])
            .with_stride(both(&self.stride))
            .with_padding(both(&self.padding))
            .with_padding_out(both(&self.output_padding))
            .with_dilation(both(&self.dilation))
            .with_groups(self.groups)
            .with_bias(self.bias)
            .init(site.device);
        // as PyTorch draws them: its fan-in is that of the convolution that this one transposes
        let each = self.channels / self.groups;
        let bound = 1.0 / ((each * height * width) as f32).sqrt();
        module.weight = Param::from_tensor(site.uniform([inputs, each, height, width], bound));
        module.bias = self.bias.then(|| Param::from_tensor(site.uniform([self.channels], bound)));
        let (about, gain) = (format!("{} {inputs} -> {}", Self::NAME, self.channels), self.gain);
        let apply = move |module: &burn::nn::conv::ConvTranspose2d, x: Tensor<4>| module.forward(x) * gain;
        PerStep::layer(module, site.input, &about, apply)
    }

    fn is_connection(&self) -> bool {
        true
    }
}
