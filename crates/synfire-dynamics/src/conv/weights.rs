//! Weights in the order in which products read them.

use super::lowering::Lowering;
use crate::window::Convolution;

/// The axes of a product's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Output channels, then rows of the matrix.
    Outputs,
    /// Rows of the matrix, then output channels.
    Rows,
}

/// Weights `[O, C / groups, kh, kw]` as one matrix for each group and product.
pub(super) fn pack(g: &Convolution, lowering: &Lowering, weight: &[f32], order: Order) -> Vec<f32> {
    let mut packed = vec![0.0; weight.len()];
    places(g, lowering, order, |from, to| packed[to] = weight[from]);
    packed
}

/// The reverse of [`pack`] in [`Order::Rows`].
pub(super) fn unpack(g: &Convolution, lowering: &Lowering, packed: &[f32]) -> Vec<f32> {
    let mut weight = vec![0.0; packed.len()];
    places(g, lowering, Order::Rows, |to, from| weight[to] = packed[from]);
    weight
}

/// Where each weight is, and where it is packed.
fn places(g: &Convolution, lowering: &Lowering, order: Order, mut each: impl FnMut(usize, usize)) {
    let ([kh, kw], depth) = (g.window.kernel, lowering.depth);
    let step = match order {
        Order::Outputs => [depth, 1],
        Order::Rows => [1, g.outputs],
    };
    for group in 0..g.groups {
        for (row, [channel, y, x]) in lowering.taps().enumerate() {
            let (product, row) = (row / depth, row % depth);
            let packed = group * g.group_weights() + product * depth * g.outputs + row * step[1];
            for output in 0..g.outputs {
                let weight = (((group * g.outputs + output) * g.inputs + channel) * kh + y) * kw + x;
                each(weight, packed + output * step[0]);
            }
        }
    }
}
