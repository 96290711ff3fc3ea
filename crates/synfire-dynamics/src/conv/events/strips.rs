//! Division of the gradient of the input into strips: what one result gives to a row of the input.

use super::layout::{LANES, Layout};
use super::pool::Windows;
use crate::kernel::Isa;
use crate::memory::Blocks;
use core::ops::Range;

/// Values that the weights of a tile may have: about 40 KiB, which is more than some caches of the first level, but
/// reads of one result's weights are long.
const WEIGHTS: usize = 10_240;
/// Frames that one tile of weights meets before the next, where all weights together are larger.
const BLOCK: usize = 16;
/// Kernel rows that are summed at once, for which there is code.
const ROWS: [usize; 3] = [5, 3, 1];

/// Sizes of the gradient of the input. A result has a gradient for `kw` neighbours in each of `kh` rows of the input: a
/// strip `[kx, channel]` each, of up to [`LANES`] channels, in whole registers.
///
/// The gradient is summed in a padded plane `[block of channels][y, x, channel]`.
#[derive(Clone, Debug)]
pub(super) struct Strips {
    pub(super) layout: Layout,
    /// Input channels of a block.
    pub(super) channels: usize,
    /// Registers of a strip.
    pub(super) registers: usize,
    /// Kernel rows that are summed together.
    pub(super) rows: Vec<Range<usize>>,
    /// Output channels of a tile: a multiple of [`LANES`].
    pub(super) outputs: usize,
    /// Where in the gradients of a tile each result finds its own, column by column.
    pub(super) places: Vec<u32>,
}

impl Strips {
    pub(super) fn new(layout: &Layout, windows: Windows) -> Self {
        let channels = layout.inputs.min(LANES);
        let registers = (layout.kernel[1] * channels).div_ceil(LANES);
        let most = most_registers(layout.isa) / registers;
        let (mut rows, mut first) = (vec![], 0);
        while first < layout.kernel[0] {
            let fits = |count: &&usize| **count <= most && first + **count <= layout.kernel[0];
            let count = *ROWS.iter().find(fits).unwrap_or(&1);
            rows.push(first..first + count);
            first += count;
        }
        let strip = layout.kernel[0] * registers * LANES;
        // masks have a bit for each of them
        let outputs = (WEIGHTS / strip / LANES * LANES).clamp(LANES, 64).min(layout.output_blocks() * LANES);
        let stride = layout.output_blocks() * LANES;
        let places = windows.of_results(layout).map(|place| place.map_or(0, |place| (place * stride) as u32)).collect();
        Strips { layout: *layout, channels, registers, rows, outputs, places }
    }

    /// Blocks of a group's input channels.
    pub(super) fn blocks(&self) -> usize {
        self.layout.inputs.div_ceil(self.channels)
    }

    /// Tiles of a group's output channels.
    pub(super) fn tiles(&self) -> usize {
        (self.layout.output_blocks() * LANES).div_ceil(self.outputs)
    }

    /// Frames that are computed together.
    pub(super) fn frames_at_once(&self) -> usize {
        let weights = self.layout.kernel[0] * self.registers * LANES * self.outputs;
        if self.layout.groups * self.blocks() * self.tiles() * weights <= WEIGHTS { 1 } else { BLOCK }
    }

    /// Height and width of the padded input.
    pub(super) fn padded(&self) -> [usize; 2] {
        core::array::from_fn(|axis| self.layout.output[axis] + self.layout.kernel[axis] - 1)
    }

    /// Values of a plane; the last strip may end behind it, and so do squares that are transposed.
    pub(super) fn plane(&self) -> usize {
        let [height, width] = self.padded();
        height * width * self.channels + 2 * LANES
    }

    /// Moves what is not padding to the front of a plane.
    pub(super) fn crop(&self, plane: &mut [f32]) {
        let (padded, [height, width]) = (self.padded()[1], self.layout.input);
        let [top, left] = self.layout.before;
        for y in 0..height {
            let from = ((top + y) * padded + left) * self.channels;
            if padded != width || top != 0 {
                plane.copy_within(from..from + width * self.channels, y * width * self.channels);
            }
        }
    }

    /// Values of a strip of each of some kernel rows.
    pub(super) fn weights(&self, rows: &Range<usize>) -> usize {
        rows.len() * self.registers * LANES
    }

    /// The weights `[O, C / groups, kh, kw]` in a block for each group, block, tile and part of the kernel rows, as
    /// `[output, ky, kx, channel]`.
    pub(super) fn pack(&self, weight: &[f32]) -> Blocks {
        let (layout, [kh, kw]) = (&self.layout, self.layout.kernel);
        let longest = self.rows.iter().map(|rows| self.weights(rows)).max().unwrap_or(0);
        let mut packed =
            Blocks::new(layout.groups * self.blocks() * self.tiles() * self.rows.len(), longest * self.outputs);
        let mut from = weight.iter();
        for output in 0..layout.groups * layout.outputs {
            let (group, output) = (output / layout.outputs, output % layout.outputs);
            for input in 0..layout.inputs {
                let tile = self.tile(group, input / self.channels, output / self.outputs);
                for ky in 0..kh {
                    let part = self.rows.iter().position(|rows| rows.contains(&ky)).unwrap_or(0);
                    let rows = &self.rows[part];
                    let strip = output % self.outputs * self.weights(rows) + (ky - rows.start) * self.registers * LANES;
                    let to = &mut packed.block(tile + part)[strip..][..self.registers * LANES];
                    let to = to[input % self.channels..].iter_mut().step_by(self.channels);
                    to.zip(from.by_ref().take(kw)).for_each(|(to, from)| *to = *from);
                }
            }
        }
        packed
    }

    /// Index of the first part of a tile of weights.
    pub(super) fn tile(&self, group: usize, block: usize, tile: usize) -> usize {
        ((group * self.blocks() + block) * self.tiles() + tile) * self.rows.len()
    }
}

/// Registers of [`LANES`] values that sums may have: some of the processor's are left for operands.
fn most_registers(isa: Isa) -> usize {
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 | Isa::Avx512Jit => 28,
        _ => 7,
    }
}
