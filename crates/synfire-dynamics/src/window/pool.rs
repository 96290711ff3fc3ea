//! Sizes of a pool.

use super::{Axis, Window2d};

/// Sizes of a pool that has something to compute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pool {
    /// Pictures and channels: `N`, `C`.
    pub(crate) planes: [usize; 2],
    /// Height and width of the input.
    pub(crate) input: [usize; 2],
    /// Height and width of the result.
    pub(crate) output: [usize; 2],
    pub(crate) window: Window2d,
}

impl Pool {
    /// Sizes for an input `[N, C, H, W]`, or `None` if the window does not fit or there is nothing to compute.
    pub(crate) fn new([n, c, h, w]: [usize; 4], window: Window2d) -> Option<Self> {
        let output = window.output([h, w])?;
        (n * c * h * w > 0).then_some(Pool { planes: [n, c], input: [h, w], output, window })
    }

    /// Whether the windows lie side by side, without gaps and padding, and a byte can say which of their places wins.
    pub(crate) fn is_side_by_side(&self) -> bool {
        let window = &self.window;
        window.stride == window.kernel
            && window.dilation == [1, 1]
            && window.padding == [[0, 0]; 2]
            && window.kernel.iter().product::<usize>() <= usize::from(u8::MAX)
    }

    /// Channels of all pictures.
    pub(crate) fn count(&self) -> usize {
        self.planes[0] * self.planes[1]
    }

    /// Shape of the input.
    pub(crate) fn input_shape(&self) -> [usize; 4] {
        [self.planes[0], self.planes[1], self.input[0], self.input[1]]
    }

    /// Shape of the result.
    pub(crate) fn output_shape(&self) -> [usize; 4] {
        [self.planes[0], self.planes[1], self.output[0], self.output[1]]
    }

    /// Values of a channel of the input.
    pub(crate) fn input_plane(&self) -> usize {
        self.input[0] * self.input[1]
    }

    /// Values of a channel of the result.
    pub(crate) fn output_plane(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// Rows (0) or columns (1).
    pub(crate) fn axis(&self, axis: usize) -> Axis {
        self.window.axis(axis, self.input[axis], self.output[axis])
    }
}
