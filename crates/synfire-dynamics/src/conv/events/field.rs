//! Sizes of a convolution over events.

use crate::kernel::Isa;
use crate::window::Convolution;

/// The share of events up to which they are faster than a dense product, by measurement.
const SPARSE: f32 = 0.3;
/// Values that tell the share.
const SAMPLE: usize = 4096;
/// Places of a window, all channels of a column of it, from which lists pay: shorter ones are all overhead.
const TALL: usize = 16;
/// Weights of a tile: what a first-level cache has.
const TILE: usize = 10 << 10;

/// Where events, weights and results of a convolution are.
#[derive(Clone, Copy, Debug)]
pub(in crate::conv) struct Field {
    pub(super) sizes: Convolution,
    pub(super) isa: Isa,
    /// Output channels of a tile, two registers of the widest kind at most.
    pub(super) lanes: usize,
    /// Input channels of a tile.
    pub(super) channels: usize,
    /// Padded rows and columns that windows see.
    pub(super) padded: [usize; 2],
}

impl Field {
    /// Sizes of a convolution that events are made for: of one group, whose rows are not dilated.
    pub(in crate::conv) fn new(g: &Convolution) -> Option<Self> {
        let ([kh, kw], window) = (g.window.kernel, &g.window);
        let lanes = if g.outputs <= 16 { 16 } else { 32 };
        let most = (TILE / (kh * kw * lanes)).max(1);
        let channels = g.inputs.div_ceil(g.inputs.div_ceil(most));
        let padded = core::array::from_fn(|axis| {
            (g.output[axis] - 1) * window.stride[axis] + (window.kernel[axis] - 1) * window.dilation[axis] + 1
        });
        let field = Field { sizes: *g, isa: Isa::best(), lanes, channels, padded };
        let codes = padded[0].checked_mul(field.row())?;
        (g.groups == 1 && (window.dilation[0] == 1 || kh == 1) && u32::try_from(codes).is_ok()).then_some(field)
    }

    /// The same with another instruction set.
    #[cfg(test)]
    pub(in crate::conv) fn on(self, isa: Isa) -> Self {
        Field { isa, ..self }
    }

    /// Whether events are faster: few enough values are not zero, as told by a sample of them.
    pub(in crate::conv) fn pays_off(&self, input: &[f32]) -> bool {
        // an odd stride meets every column
        let sample = input.iter().step_by((input.len() / SAMPLE) | 1);
        let count = sample.len() as f32;
        self.sizes.inputs * self.sizes.window.kernel[0] >= TALL
            && (sample.filter(|&&x| x != 0.0).count() as f32) < SPARSE * count
    }

    /// Weights that an event meets in one row of the kernel.
    pub(super) fn event(&self) -> usize {
        self.sizes.window.kernel[1] * self.lanes
    }

    /// Weights of one row of the kernel.
    pub(super) fn row(&self) -> usize {
        self.channels * self.event()
    }

    /// Weights of a tile.
    pub(super) fn tile(&self) -> usize {
        self.sizes.window.kernel[0] * self.row()
    }

    /// Tiles of output and input channels.
    pub(super) fn tiles(&self) -> [usize; 2] {
        [self.sizes.outputs.div_ceil(self.lanes), self.sizes.inputs.div_ceil(self.channels)]
    }

    /// Where, in the starts of a list, windows begin: the column of this one, for this column of the kernel.
    #[inline(always)]
    pub(super) fn start(&self, [y, x]: [usize; 2], column: usize) -> usize {
        let window = &self.sizes.window;
        (x * window.stride[1] + column * window.dilation[1]) * self.padded[0] + y * window.stride[0]
    }
}
