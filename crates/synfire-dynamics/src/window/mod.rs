//! The window that a convolution or a pool moves over a picture, and the sizes of both.

mod convolution;
mod pool;

pub(crate) use convolution::Convolution;
pub(crate) use pool::Pool;

use core::ops::Range;

/// Kernel, stride, padding and dilation of a convolution or a pool; every pair is rows before columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window2d {
    /// Places that the window has, at least 1.
    pub kernel: [usize; 2],
    /// Places from one position of the window to the next, at least 1.
    pub stride: [usize; 2],
    /// Places added before and after each axis.
    pub padding: [[usize; 2]; 2],
    /// Distance of neighbouring places of the window, at least 1.
    pub dilation: [usize; 2],
}

impl Window2d {
    /// A window that moves by one place, without padding or dilation.
    #[must_use]
    pub const fn new(kernel: [usize; 2]) -> Self {
        Window2d { kernel, stride: [1, 1], padding: [[0, 0]; 2], dilation: [1, 1] }
    }

    /// Height and width of the result for an input of this height and width, or `None` if the window does
    /// not fit into the padded input or one of its own sizes is 0.
    #[must_use]
    pub fn output(&self, input: [usize; 2]) -> Option<[usize; 2]> {
        let axis = |i: usize| {
            let (kernel, stride, dilation) = (self.kernel[i], self.stride[i], self.dilation[i]);
            if kernel == 0 || stride == 0 || dilation == 0 {
                return None;
            }
            let reach = (kernel - 1).checked_mul(dilation)?.checked_add(1)?;
            let padded = self.padding[i].iter().try_fold(input[i], |sum, x| sum.checked_add(*x))?;
            Some(padded.checked_sub(reach)? / stride + 1)
        };
        Some([axis(0)?, axis(1)?])
    }

    /// Rows (0) or columns (1) of an input and result of this many places.
    pub(crate) fn axis(&self, axis: usize, input: usize, output: usize) -> Axis {
        let [stride, before] = [self.stride[axis], self.padding[axis][0]];
        Axis { stride, before, dilation: self.dilation[axis], input, output }
    }
}

/// One axis of a window's way over an input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    stride: usize,
    before: usize,
    dilation: usize,
    input: usize,
    output: usize,
}

impl Axis {
    /// The results whose window has an input, and not padding, at this place of the kernel, and which input
    /// the first of them has there; those of the others are `stride` apart.
    pub(crate) fn reach(&self, tap: usize) -> (Range<usize>, usize) {
        self.reach_from(tap * self.dilation)
    }

    /// As [`reach`](Self::reach), for a place this far from the kernel's first.
    pub(crate) fn reach_from(&self, at: usize) -> (Range<usize>, usize) {
        let start = self.before.saturating_sub(at).div_ceil(self.stride);
        let end = (self.input + self.before).saturating_sub(at).div_ceil(self.stride).min(self.output);
        if start >= end { (0..0, 0) } else { (start..end, start * self.stride + at - self.before) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_reaches_what_is_not_padding() {
        for input in 1..7 {
            for (kernel, stride, dilation) in [(1, 1, 1), (3, 1, 1), (3, 2, 1), (2, 3, 1), (3, 1, 2), (4, 2, 3)] {
                for padding in [[0, 0], [1, 1], [2, 0], [0, 3], [5, 4]] {
                    let of = |x: usize| [x, 1];
                    let window = Window2d {
                        kernel: of(kernel),
                        stride: of(stride),
                        padding: [padding, [0, 0]],
                        dilation: of(dilation),
                    };
                    let Some([output, 1]) = window.output([input, 1]) else { continue };
                    assert!((output - 1) * stride + (kernel - 1) * dilation < input + padding[0] + padding[1]);
                    let axis = window.axis(0, input, output);
                    for tap in 0..kernel {
                        let (results, first) = axis.reach(tap);
                        for i in 0..output {
                            let at = (i * stride + tap * dilation).checked_sub(padding[0]).filter(|x| *x < input);
                            let found = results.contains(&i).then(|| first + (i - results.start) * stride);
                            assert_eq!(found, at, "{window:?} of {input} places, result {i}, tap {tap}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn windows_that_do_not_fit_have_no_output() {
        assert_eq!(Window2d::new([3, 3]).output([2, 3]), None);
        assert_eq!(Window2d::new([0, 3]).output([3, 3]), None);
        assert_eq!(Window2d { stride: [1, 0], ..Window2d::new([1, 1]) }.output([3, 3]), None);
        assert_eq!(Window2d { dilation: [2, 1], ..Window2d::new([3, 2]) }.output([5, 2]), Some([1, 1]));
    }
}
