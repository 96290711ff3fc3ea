//! Weights in tiles: `[output tile, input tile, kernel row, channel, kernel column, lane]`, zeros where a tile has
//! more channels than there are.

use super::field::Field;

/// Zeros for all tiles.
pub(super) fn empty(field: &Field) -> Vec<f32> {
    let [outputs, inputs] = field.tiles();
    vec![0.0; outputs * inputs * field.tile()]
}

/// Weights `[O, C, kh, kw]` in tiles.
pub(super) fn pack(field: &Field, weight: &[f32]) -> Vec<f32> {
    let mut packed = empty(field);
    let (inputs, [height, width]) = (field.sizes.inputs, field.sizes.window.kernel);
    each(field, |to, [o, c, y, x]| packed[to] = weight[((o * inputs + c) * height + y) * width + x]);
    packed
}

/// Weights `[C, O, kh, kw]` of the convolution whose transpose this is, in tiles: turned around.
pub(super) fn pack_transposed(field: &Field, weight: &[f32]) -> Vec<f32> {
    let mut packed = empty(field);
    let (outputs, [height, width]) = (field.sizes.outputs, field.sizes.window.kernel);
    each(field, |to, [o, c, y, x]| {
        packed[to] = weight[((c * outputs + o) * height + height - 1 - y) * width + width - 1 - x];
    });
    packed
}

/// The reverse of [`pack`].
pub(super) fn unpack(field: &Field, packed: &[f32]) -> Vec<f32> {
    let (inputs, [height, width]) = (field.sizes.inputs, field.sizes.window.kernel);
    let mut weight = vec![0.0; field.sizes.outputs * inputs * height * width];
    each(field, |from, [o, c, y, x]| weight[((o * inputs + c) * height + y) * width + x] = packed[from]);
    weight
}

/// Where each weight is in the tiles, and its output and input channel, kernel row and column.
fn each(field: &Field, mut run: impl FnMut(usize, [usize; 4])) {
    let [height, width] = field.sizes.window.kernel;
    let inputs = field.tiles()[1];
    for o in 0..field.sizes.outputs {
        for c in 0..field.sizes.inputs {
            let tile = (o / field.lanes * inputs + c / field.channels) * field.tile();
            let place = tile + c % field.channels * field.event() + o % field.lanes;
            for y in 0..height {
                for x in 0..width {
                    run(place + y * field.row() + x * field.lanes, [o, c, y, x]);
                }
            }
        }
    }
}
