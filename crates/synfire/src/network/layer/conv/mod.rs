//! Convolutions.

mod conv1d;
mod conv2d;
mod conv_transpose2d;
mod geometry;

pub use conv_transpose2d::ConvTranspose2d;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub(in crate::network) use conv2d::Conv2dLayer;
pub(super) use geometry::{Axis, check_axes};
pub use geometry::{Padding, PaddingWord, PerAxis};
use geometry::{check_channels, fan_in, fan_out};
