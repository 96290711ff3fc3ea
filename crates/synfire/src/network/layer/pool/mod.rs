//! Pooling: the largest, mean or summed value of each window.

mod average;
mod kinds;
mod max;
mod sum;

pub use average::{AveragePool1d, AveragePool2d, GlobalAveragePool};
pub use max::{GlobalMaxPool, MaxPool1d, MaxPool2d};
pub use sum::{GlobalSumPool, SumPool1d, SumPool2d};

use super::conv::{Axis, Padding, PerAxis, check_axes};
use super::{Layer, Pass, transparent_module};
use crate::Error;
use crate::coding::Activations;
use crate::network::Shape;
use crate::registry::BadSetting;
use burn::tensor::Tensor;
use synfire_dynamics::{Window2d, average_pool2d, max_pool2d, sum_pool2d};

/// One value for all of a window.
#[derive(Clone, Copy, Debug)]
enum Reduction {
    Max,
    Average,
    Sum,
}

/// Settings of a pooling that moves a window.
#[derive(Clone, Copy, Debug)]
struct Moving<'a> {
    kernel: &'a PerAxis,
    /// The kernel's size if not given.
    stride: Option<&'a PerAxis>,
    padding: &'a PerAxis,
}

impl Moving<'_> {
    fn check(self, axes: usize) -> Result<(), BadSetting> {
        let (stride, padding) = (self.stride.unwrap_or(self.kernel), Padding::Amount(self.padding.clone()));
        check_axes(axes, self.kernel, stride, &PerAxis::All(1), &padding)?;
        match (0..axes).all(|axis| 2 * self.padding.at(axis) <= self.kernel.at(axis)) {
            true => Ok(()),
            false => {
                Err(BadSetting::of("padding", "is more than half of `kernel`, which makes windows of nothing else"))
            }
        }
    }

    fn axis(self, axis: usize) -> Axis {
        let padding = Padding::Amount(self.padding.clone());
        Axis::of(axis, self.kernel, self.stride.unwrap_or(self.kernel), &PerAxis::All(1), &padding)
    }

    /// Window over series `[C, L]`.
    fn over_series(self, shape: &Shape) -> Result<(Window2d, Shape), String> {
        let [channels, length] = shape.series()?;
        let columns = self.axis(0);
        let rows = Axis { kernel: 1, stride: 1, dilation: 1, padding: [0, 0] };
        Ok((window(rows, columns), [channels, columns.output(length, "length")?].into()))
    }

    /// Window over pictures `[C, H, W]`.
    fn over_pictures(self, shape: &Shape) -> Result<(Window2d, Shape), String> {
        let [channels, height, width] = shape.picture()?;
        let (rows, columns) = (self.axis(0), self.axis(1));
        let output = [channels, rows.output(height, "height")?, columns.output(width, "width")?];
        Ok((window(rows, columns), output.into()))
    }
}

fn window(rows: Axis, columns: Axis) -> Window2d {
    Window2d {
        kernel: [rows.kernel, columns.kernel],
        stride: [rows.stride, columns.stride],
        padding: [rows.padding, columns.padding],
        dilation: [rows.dilation, columns.dilation],
    }
}

/// A window of the whole sample; what is left are its channels.
fn over_all(shape: &Shape) -> Result<(Window2d, Shape), String> {
    if shape.dims().len() < 2 {
        return Err(format!(
            "is given samples of shape {shape}; expected [channels, length] or [channels, height, width]"
        ));
    }
    let [_, height, width] = as_picture(shape);
    let whole = |size| Axis { kernel: size, stride: size, dilation: 1, padding: [0, 0] };
    Ok((window(whole(height), whole(width)), [shape.channels()].into()))
}

/// Channels, height and width of series, pictures and flat samples.
fn as_picture(shape: &Shape) -> [usize; 3] {
    match *shape.dims() {
        [channels, height, width] => [channels, height, width],
        [channels, length] => [channels, 1, length],
        _ => [1, 1, shape.size()],
    }
}

#[derive(Clone, Debug)]
pub(in crate::network) struct PoolLayer {
    reduction: Reduction,
    window: Window2d,
    /// Shape of the input, `[C, H, W]`.
    picture: [usize; 3],
    name: &'static str,
}

transparent_module!(PoolLayer { inner: [], named: [], plain: [reduction, window, picture, name] });

impl PoolLayer {
    /// Window of a max pool.
    pub(in crate::network) fn max_window(&self) -> Option<Window2d> {
        matches!(self.reduction, Reduction::Max).then_some(self.window)
    }
}

impl Layer for PoolLayer {
    fn forward(&self, input: Activations, _: &mut Pass) -> Result<Activations, Error> {
        let [steps, batch, _] = input.values.dims();
        let [channels, height, width] = self.picture;
        let frames: Tensor<4> = input.values.reshape([steps * batch, channels, height, width]);
        let pooled = match self.reduction {
            Reduction::Max => max_pool2d(frames, &self.window),
            Reduction::Average => average_pool2d(frames, &self.window, true),
            Reduction::Sum => sum_pool2d(frames, &self.window),
        };
        let values = pooled.dims()[1..].iter().product();
        let values = pooled.reshape([steps, batch, values]);
        Ok(Activations { values, spike_times: None, potential: None, dt: input.dt })
    }

    fn describe(&self) -> String {
        let [height, width] = self.window.kernel;
        match height {
            1 => format!("{} {width}", self.name),
            _ => format!("{} {height}x{width}", self.name),
        }
    }
}
