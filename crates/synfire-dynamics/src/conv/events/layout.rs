//! Division of a convolution into tiles: channels in blocks of a cache line, results in rows of whole tiles.

use crate::kernel::Isa;
use crate::window::Convolution;

/// Channels of a block: values of a cache line and of the widest register.
pub(super) const LANES: usize = 16;
/// Widths of kernels that there is code for.
const WIDTHS: [usize; 3] = [3, 5, 7];
/// Values that the weights of a tile may have: about 50 KiB.
const WEIGHTS: usize = 13_000;
/// Frames that one tile of weights meets before the next, where all weights together are larger.
const BLOCK: usize = 16;

/// Sizes of a convolution with a stride of 1. A frame is kept as blocks of channels, `[block, y, x, lane]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layout {
    pub(super) isa: Isa,
    pub(super) groups: usize,
    /// Input and output channels of a group.
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Height and width of input and result.
    pub(super) input: [usize; 2],
    pub(super) output: [usize; 2],
    pub(super) kernel: [usize; 2],
    /// Padding before the first row and column.
    pub(super) before: [usize; 2],
    /// Input channels of a tile, whose events are in one list: all of a group, or a multiple of [`LANES`].
    pub(super) channels: usize,
}

impl Layout {
    /// `None` where there is no kernel.
    pub(super) fn new(g: &Convolution, isa: Isa) -> Option<Self> {
        let window = &g.window;
        let fits = window.stride == [1, 1]
            && window.dilation == [1, 1]
            && WIDTHS.contains(&window.kernel[1])
            && (0..2).all(|axis| window.padding[axis].iter().all(|places| *places < window.kernel[axis]));
        let layout = Layout {
            isa,
            groups: g.groups,
            inputs: g.inputs,
            outputs: g.outputs,
            input: g.input,
            output: g.output,
            kernel: window.kernel,
            before: [window.padding[0][0], window.padding[1][0]],
            channels: 0,
        };
        fits.then(|| layout.tiled())
    }

    fn tiled(self) -> Self {
        let most = (WEIGHTS / (self.kernel[0] * self.kernel[1] * LANES)).max(1);
        let channels = if self.inputs <= most {
            self.inputs
        } else {
            let most = (most / LANES).max(1) * LANES;
            self.inputs.div_ceil(self.inputs.div_ceil(most)).next_multiple_of(LANES)
        };
        Layout { channels, ..self }
    }

    /// Tiles of a group's input channels.
    pub(super) fn input_tiles(&self) -> usize {
        self.inputs.div_ceil(self.channels)
    }

    /// Blocks of a group's output channels.
    pub(super) fn output_blocks(&self) -> usize {
        self.outputs.div_ceil(LANES)
    }

    /// Blocks of a group's input channels.
    pub(super) fn input_blocks(&self) -> usize {
        self.inputs.div_ceil(LANES)
    }

    /// Values of a block of a frame of the input.
    pub(super) fn input_block(&self) -> usize {
        self.input_places() * LANES
    }

    /// Places of a channel of the input.
    pub(super) fn input_places(&self) -> usize {
        self.input[0] * self.input[1]
    }

    /// Results of a row that are summed at once: as many as the processor has registers for.
    pub(super) fn tile(&self) -> usize {
        match self.isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Avx512Jit => 8,
            _ => 4,
        }
    }

    /// Places of a row of a block of the result: whole tiles.
    pub(super) fn row(&self) -> usize {
        self.output[1].next_multiple_of(self.tile())
    }

    /// Values of a block of the result.
    pub(super) fn output_block(&self) -> usize {
        self.output[0] * self.row() * LANES
    }

    /// Weights of an input tile and an output block, `[ky, channel, kx, lane]`.
    pub(super) fn weights(&self) -> usize {
        self.kernel[0] * self.channels * self.kernel[1] * LANES
    }

    /// Pairs of an input tile and an output block.
    pub(super) fn weight_tiles(&self) -> usize {
        self.groups * self.output_blocks() * self.input_tiles()
    }

    /// Frames that are computed together.
    pub(super) fn frames_at_once(&self) -> usize {
        if self.weights() * self.weight_tiles() <= WEIGHTS { 1 } else { BLOCK }
    }

    /// Number of the first channel of an output block, and how many it has.
    pub(super) fn output_channels(&self, block: usize) -> [usize; 2] {
        let (group, block) = (block / self.output_blocks(), block % self.output_blocks());
        let first = block * LANES;
        [group * self.outputs + first, LANES.min(self.outputs - first)]
    }
}
