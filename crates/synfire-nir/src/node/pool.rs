//! Pooling of pictures.

use super::source::per_axis;
use super::{Fields, Source};
use crate::{Array, Group, NirError};

/// Windows over pictures `[C, H, W]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool2d {
    /// Height and width of a window.
    pub kernel_size: [usize; 2],
    /// Step of the window.
    pub stride: [usize; 2],
    /// Zeros above and below, left and right.
    pub padding: [usize; 2],
}

impl Fields for Pool2d {
    const NAMES: &'static [&'static str] = &["kernel_size", "stride", "padding"];

    fn read(source: Source) -> Result<Self, NirError> {
        Ok(Pool2d {
            kernel_size: source.sizes("kernel_size", 1)?,
            stride: source.sizes("stride", 1)?,
            padding: source.sizes("padding", 0)?,
        })
    }

    fn write(&self) -> Group {
        Group::default()
            .with("kernel_size", per_axis(self.kernel_size))
            .with("stride", per_axis(self.stride))
            .with("padding", per_axis(self.padding))
    }

    fn check(&self, node: &str) -> Result<(), NirError> {
        match self.kernel_size.iter().chain(&self.stride).all(|&size| size > 0) {
            true => Ok(()),
            false => Err(NirError::field(node, "kernel_size", "or `stride` is 0", "at least 1")),
        }
    }

    fn parameters(&self) -> Vec<(&'static str, &Array)> {
        vec![]
    }

    fn input(&self) -> Option<Vec<usize>> {
        None
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, String> {
        let [channels, height, width] = *input else {
            return Err(format!("pools pictures [C, H, W] and is given the shape {input:?}"));
        };
        let size = |axis: usize, size: usize| {
            let padded = size.saturating_add(self.padding[axis].saturating_mul(2));
            let window = self.kernel_size[axis];
            let rest = padded.checked_sub(window);
            rest.map(|rest| rest / self.stride[axis].max(1) + 1)
                .ok_or_else(|| format!("has a window of {window} along an axis of {size} (with padding {padded})"))
        };
        Ok(vec![channels, size(0, height)?, size(1, width)?])
    }
}
