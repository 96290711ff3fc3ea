//! Weights in the order in which events meet them.

use super::layout::{LANES, Layout};
use crate::memory::Blocks;

/// The weights, `[ky, channel, kx, lane]` in a block for each output block and input tile of its group.
pub(super) fn pack(layout: &Layout, weight: &[f32]) -> Blocks {
    let mut packed = Blocks::new(layout.weight_tiles(), layout.weights());
    each(layout, |from, tile, to| packed.block(tile)[to] = weight[from]);
    packed
}

/// The reverse of [`pack`].
pub(super) fn unpack(layout: &Layout, packed: &Blocks) -> Vec<f32> {
    let mut weight = vec![0.0; layout.groups * layout.outputs * layout.inputs * layout.kernel[0] * layout.kernel[1]];
    each(layout, |to, tile, from| weight[to] = packed.get(tile)[from]);
    weight
}

/// Index of each weight, its tile, and its index there.
fn each(layout: &Layout, mut run: impl FnMut(usize, usize, usize)) {
    let ([kh, kw], tiles) = (layout.kernel, layout.input_tiles());
    let (inputs, outputs) = (layout.inputs, layout.outputs);
    for group in 0..layout.groups {
        for output in 0..outputs {
            let first = (group * layout.output_blocks() + output / LANES) * tiles;
            for input in 0..inputs {
                let (tile, channel) = (first + input / layout.channels, input % layout.channels);
                for (y, x) in (0..kh).flat_map(|y| (0..kw).map(move |x| (y, x))) {
                    let weight = ((group * outputs + output) * inputs + input) * kh * kw + y * kw + x;
                    let place = (y * layout.channels + channel) * kw + x;
                    run(weight, tile, place * LANES + output % LANES);
                }
            }
        }
    }
}
