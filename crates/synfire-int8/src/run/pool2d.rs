//! Pooling.

use super::bounds::{Values, window};
use crate::{Error, Pool2d, PoolKind};

/// A pooling of pictures.
#[derive(Clone, Debug)]
pub(super) struct Pool2dOp {
    layer: Pool2d,
    /// `[C, H, W]`
    input: [usize; 3],
    /// Height and width.
    output: [usize; 2],
}

impl Pool2dOp {
    pub(super) fn new(layer: Pool2d, path: &str, input: &Values) -> Result<Self, Error> {
        let [channels, height, width] = input.picture(path)?;
        let axis = |axis: usize, size| {
            if layer.padding[axis].iter().any(|padding| 2 * padding > layer.kernel[axis]) {
                let found = format!("is {:?}", layer.padding[axis]);
                return Err(Error::field(path, "padding", found, "at most half of the window"));
            }
            window(path, size, (layer.kernel[axis], layer.stride[axis], 1), layer.padding[axis])
        };
        let output = [axis(0, height)?, axis(1, width)?];
        Ok(Pool2dOp { layer, input: [channels, height, width], output })
    }

    pub(super) fn output(&self, path: &str, input: &Values) -> Result<Values, Error> {
        let [height, width] = self.output;
        let many = match self.layer.pool {
            PoolKind::Max => 1,
            PoolKind::Sum => (self.layer.kernel[0] * self.layer.kernel[1]) as i64,
        };
        Values::checked(path, vec![self.input[0], height, width], input.largest.saturating_mul(many))
    }

    pub(super) fn work(&self) -> u64 {
        let sizes = [self.input[0], self.output[0], self.output[1], self.layer.kernel[0], self.layer.kernel[1]];
        sizes.iter().fold(1u64, |product, &size| product.saturating_mul(size as u64))
    }

    pub(super) fn apply(&self, input: &[i32]) -> Vec<i32> {
        let ([_, height, width], [rows, columns]) = (self.input, self.output);
        let mut output = Vec::with_capacity(self.input[0] * rows * columns);
        for picture in input.chunks_exact(height * width) {
            for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
                let (ys, xs) = (self.covered(0, row, height), self.covered(1, column, width));
                let values = ys.flat_map(|y| xs.clone().map(move |x| picture[y * width + x]));
                output.push(match self.layer.pool {
                    PoolKind::Max => values.max().unwrap_or(0),
                    PoolKind::Sum => values.sum(),
                });
            }
        }
        output
    }

    /// Places of the input along an axis that a window covers.
    fn covered(&self, axis: usize, at: usize, size: usize) -> std::ops::Range<usize> {
        let Pool2d { kernel, stride, padding, .. } = &self.layer;
        let first = at * stride[axis];
        let before = padding[axis][0];
        first.saturating_sub(before)..(first + kernel[axis]).saturating_sub(before).min(size)
    }
}
