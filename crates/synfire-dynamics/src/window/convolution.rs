//! Sizes of a convolution.

use super::Window2d;

/// Sizes of a convolution whose parts fit together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Convolution {
    /// Pictures.
    pub(crate) frames: usize,
    /// Parts into which the channels are divided, each connected with itself alone.
    pub(crate) groups: usize,
    /// Input channels of a group.
    pub(crate) inputs: usize,
    /// Output channels of a group.
    pub(crate) outputs: usize,
    /// Height and width of the input.
    pub(crate) input: [usize; 2],
    /// Height and width of the result.
    pub(crate) output: [usize; 2],
    pub(crate) window: Window2d,
}

impl Convolution {
    /// Sizes for an input `[N, C, H, W]` and weights `[O, C / groups, kh, kw]`, or `None` if they do not fit
    /// together or there is nothing to compute.
    pub(crate) fn new(input: [usize; 4], weight: [usize; 4], window: Window2d, groups: usize) -> Option<Self> {
        let ([n, c, h, w], [o, inputs, kh, kw]) = (input, weight);
        let output = window.output([h, w])?;
        let fits = groups > 0
            && c == inputs * groups
            && o % groups == 0
            && window.kernel == [kh, kw]
            && n * c * h * w * o > 0
            && (0..2).all(|i| output[i] > 0);
        fits.then(|| Convolution { frames: n, groups, inputs, outputs: o / groups, input: [h, w], output, window })
    }

    /// Shape of the input.
    pub(crate) fn input_shape(&self) -> [usize; 4] {
        [self.frames, self.groups * self.inputs, self.input[0], self.input[1]]
    }

    /// Shape of the result.
    pub(crate) fn output_shape(&self) -> [usize; 4] {
        [self.frames, self.groups * self.outputs, self.output[0], self.output[1]]
    }

    /// Shape of the weights.
    pub(crate) fn weight_shape(&self) -> [usize; 4] {
        let [height, width] = self.window.kernel;
        [self.groups * self.outputs, self.inputs, height, width]
    }

    /// Values of a channel of the input.
    pub(crate) fn input_plane(&self) -> usize {
        self.input[0] * self.input[1]
    }

    /// Values of a channel of the result.
    pub(crate) fn output_plane(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// Values of a frame of the input.
    pub(crate) fn input_frame(&self) -> usize {
        self.groups * self.group_inputs()
    }

    /// Values of a frame of the result.
    pub(crate) fn output_frame(&self) -> usize {
        self.groups * self.group_outputs()
    }

    /// Values of a group's channels in a frame of the input.
    pub(crate) fn group_inputs(&self) -> usize {
        self.inputs * self.input_plane()
    }

    /// Values of a group's channels in a frame of the result.
    pub(crate) fn group_outputs(&self) -> usize {
        self.outputs * self.output_plane()
    }

    /// Weights of a group.
    pub(crate) fn group_weights(&self) -> usize {
        self.outputs * self.inputs * self.window.kernel[0] * self.window.kernel[1]
    }
}
