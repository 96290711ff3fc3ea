//! Convolutions.

use super::bounds::{Values, window};
use crate::{Conv2d, Error};

/// A convolution. Inputs that are 0 cost nothing: each of the others is added to the outputs that it reaches.
#[derive(Clone, Debug)]
pub(super) struct Conv2dOp {
    layer: Conv2d,
    /// `[C, H, W]`
    input: [usize; 3],
    /// Height and width.
    output: [usize; 2],
    /// `[groups, input channels / groups, kH, kW, channels / groups]`
    weight: Vec<i8>,
    /// Largest sum of the sizes of the weights of an output.
    largest: i64,
}

impl Conv2dOp {
    pub(super) fn new(mut layer: Conv2d, path: &str, input: &Values) -> Result<Self, Error> {
        let [inputs, height, width] = input.picture(path)?;
        let (channels, groups, [rows, columns]) = (layer.channels, layer.groups, layer.kernel);
        let divides = groups > 0 && channels > 0 && inputs.is_multiple_of(groups) && channels.is_multiple_of(groups);
        if !divides {
            let found = format!("is {groups} of {inputs} input and {channels} output channels");
            return Err(Error::field(path, "groups", found, "a divisor of both"));
        }
        let axis = |axis: usize, size| {
            let sizes = (layer.kernel[axis], layer.stride[axis], layer.dilation[axis]);
            window(path, size, sizes, layer.padding[axis])
        };
        let output = [axis(0, height)?, axis(1, width)?];
        let each = (inputs / groups).checked_mul(rows * columns).filter(|&each| each > 0);
        if each.and_then(|each| each.checked_mul(channels)) != Some(layer.weight.len()) {
            let found = format!("has {} values", layer.weight.len());
            let expected = format!("[{channels}, {}, {rows}, {columns}]", inputs / groups);
            return Err(Error::field(path, "weight", found, expected));
        }
        let original = std::mem::take(&mut layer.weight);
        let each = original.len() / channels;
        let size = |row: &[i8]| row.iter().map(|&w| i64::from(w).abs()).sum::<i64>();
        let largest = original.chunks_exact(each).map(size).max().unwrap_or(0);
        let of_group = channels / groups;
        let weight = (0..groups)
            .flat_map(|group| (0..each).map(move |k| (group, k)))
            .flat_map(|(group, k)| (0..of_group).map(move |o| (group * of_group + o, k)))
            .map(|(o, k)| original[o * each + k])
            .collect();
        Ok(Conv2dOp { layer, input: [inputs, height, width], output, weight, largest })
    }

    pub(super) fn output(&self, path: &str, input: &Values) -> Result<Values, Error> {
        let [height, width] = self.output;
        let largest = self.largest.saturating_mul(input.largest);
        Values::checked(path, vec![self.layer.channels, height, width], largest)
    }

    pub(super) fn work(&self) -> u64 {
        let [height, width] = self.output.map(|size| size as u64);
        (self.weight.len() as u64).saturating_mul(height).saturating_mul(width)
    }

    pub(super) fn apply(&self, input: &[i32]) -> Vec<i32> {
        let ([inputs, height, width], [rows, columns]) = (self.input, self.output);
        let Conv2d { channels, kernel, groups, .. } = self.layer;
        let (of_group, each) = (channels / groups, inputs / groups);
        // `[H, W, C]`, so that an input reaches all channels of a place at once
        let mut sums = vec![0i32; rows * columns * channels];
        for (i, &x) in input.iter().enumerate().filter(|(_, x)| **x != 0) {
            let (channel, y, column) = (i / (height * width), i / width % height, i % width);
            let (group, first) = (channel / each, channel * kernel[0] * kernel[1]);
            for ky in 0..kernel[0] {
                let Some(row) = self.reached(0, y, ky) else { continue };
                for kx in 0..kernel[1] {
                    let Some(at) = self.reached(1, column, kx) else { continue };
                    let sum = (row * columns + at) * channels + group * of_group;
                    let weight = (first + ky * kernel[1] + kx) * of_group;
                    let weights = &self.weight[weight..weight + of_group];
                    sums[sum..sum + of_group].iter_mut().zip(weights).for_each(|(sum, &w)| *sum += x * i32::from(w));
                }
            }
        }
        let places = rows * columns;
        (0..channels).flat_map(|c| sums.iter().skip(c).step_by(channels).take(places).copied()).collect()
    }

    /// Place of the output along an axis that an input reaches by weight `k`.
    fn reached(&self, axis: usize, at: usize, k: usize) -> Option<usize> {
        let from = (at + self.layer.padding[axis][0]).checked_sub(k * self.layer.dilation[axis])?;
        let stride = self.layer.stride[axis];
        (from.is_multiple_of(stride) && from / stride < self.output[axis]).then_some(from / stride)
    }
}
