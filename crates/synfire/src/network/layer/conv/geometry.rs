//! Kernels, strides and paddings as configuration files write them, and the sizes that follow.

use crate::registry::BadSetting;
use serde::{Deserialize, Serialize};

/// A size along each axis: `kernel = 5`, or `kernel = [5, 3]` for height and width.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PerAxis {
    /// The same along all axes.
    All(usize),
    /// One for each axis.
    Each(Vec<usize>),
}

impl PerAxis {
    /// Size along axis `axis`.
    #[must_use]
    pub fn at(&self, axis: usize) -> usize {
        match self {
            PerAxis::All(size) => *size,
            PerAxis::Each(sizes) => sizes.get(axis).copied().unwrap_or(0),
        }
    }

    pub(in super::super) fn check(&self, key: &'static str, axes: usize, least: usize) -> Result<(), BadSetting> {
        let refuse = |problem| Err(BadSetting::of(key, problem));
        match self {
            PerAxis::Each(sizes) if sizes.len() != axes => {
                refuse(format!("is {sizes:?}; expected one size, or a list of {axes}"))
            }
            _ if (0..axes).any(|axis| !(least..=LARGEST).contains(&self.at(axis))) => {
                let sizes: Vec<usize> = (0..axes).map(|axis| self.at(axis)).collect();
                refuse(format!("is {sizes:?}; expected {least} to {LARGEST}"))
            }
            _ => Ok(()),
        }
    }
}

/// Largest kernel, stride, padding and dilation.
const LARGEST: usize = 1 << 16;

/// Zeros around a sample: `padding = 1`, `[1, 2]` for height and width, or `"same"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Padding {
    /// As many on both sides.
    Amount(PerAxis),
    /// `"same"` or `"valid"`.
    Word(PaddingWord),
}

/// Words for paddings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaddingWord {
    /// As many zeros as keep the size at a stride of 1; an odd one comes after.
    Same,
    /// None.
    Valid,
}

impl Padding {
    /// No zeros.
    pub const NONE: Padding = Padding::Amount(PerAxis::All(0));
}

/// Kernel, stride, dilation and padding along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Axis {
    pub(in super::super) kernel: usize,
    pub(in super::super) stride: usize,
    pub(in super::super) dilation: usize,
    /// Before and after.
    pub(in super::super) padding: [usize; 2],
}

impl Axis {
    pub(in super::super) fn of(
        axis: usize,
        kernel: &PerAxis,
        stride: &PerAxis,
        dilation: &PerAxis,
        padding: &Padding,
    ) -> Self {
        let (kernel, stride, dilation) = (kernel.at(axis), stride.at(axis), dilation.at(axis));
        let padding = match padding {
            Padding::Amount(amount) => [amount.at(axis); 2],
            Padding::Word(PaddingWord::Valid) => [0, 0],
            Padding::Word(PaddingWord::Same) => {
                let total = dilation * kernel.saturating_sub(1);
                [total / 2, total - total / 2]
            }
        };
        Axis { kernel, stride, dilation, padding }
    }

    /// Size after a window went along an axis of this size.
    ///
    /// # Errors
    ///
    /// If the window does not fit even once.
    pub(in super::super) fn output(self, size: usize, name: &str) -> Result<usize, String> {
        let padded = size + self.padding[0] + self.padding[1];
        let window = self.dilation * (self.kernel - 1) + 1;
        match padded.checked_sub(window) {
            Some(rest) => Ok(rest / self.stride + 1),
            None => {
                let padding = if padded > size { format!(", {padded} with its padding") } else { String::new() };
                Err(format!(
                    "has a window of {window} along the {name} of {size}{padding}; make `kernel` smaller, set `padding`, or \
                     leave out a pooling before"
                ))
            }
        }
    }
}

impl Axis {
    /// Number of windows that each place of an axis of this size is in.
    pub(super) fn windows(self, size: usize) -> Vec<usize> {
        let mut windows = vec![0; size];
        let places = self.output(size, "").unwrap_or(0);
        for (place, k) in (0..places).flat_map(|place| (0..self.kernel).map(move |k| (place, k))) {
            let at = (place * self.stride + k * self.dilation).checked_sub(self.padding[0]);
            if let Some(count) = at.and_then(|at| windows.get_mut(at)) {
                *count += 1;
            }
        }
        windows
    }
}

/// Connections that leave each value of a sample of so many channels, whose places along each axis are in so many windows.
pub(super) fn fan_out(channels: usize, outputs_of_each: usize, windows: [&[usize]; 2]) -> Vec<usize> {
    let [rows, columns] = windows;
    let places = rows.iter().flat_map(|row| columns.iter().map(move |column| row * column * outputs_of_each));
    let places: Vec<usize> = places.collect();
    (0..channels).flat_map(|_| places.iter().copied()).collect()
}

/// Refuses kernels, strides, dilations and paddings that no sample of so many axes can have.
pub(in super::super) fn check_axes(
    axes: usize,
    kernel: &PerAxis,
    stride: &PerAxis,
    dilation: &PerAxis,
    padding: &Padding,
) -> Result<(), BadSetting> {
    kernel.check("kernel", axes, 1)?;
    stride.check("stride", axes, 1)?;
    dilation.check("dilation", axes, 1)?;
    match padding {
        Padding::Amount(amount) => amount.check("padding", axes, 0),
        Padding::Word(PaddingWord::Same) if (0..axes).any(|axis| stride.at(axis) != 1) => Err(BadSetting::of(
            "padding",
            "is \"same\" with a stride above 1, where no padding keeps the size; give the amount, for example 1",
        )),
        Padding::Word(_) => Ok(()),
    }
}

/// Refuses channels and groups that do not go together.
pub(super) fn check_channels(channels: usize, groups: usize) -> Result<(), BadSetting> {
    BadSetting::unless(channels > 0, "channels", channels, "at least 1")?;
    let fits = groups > 0 && channels.is_multiple_of(groups);
    BadSetting::unless(fits, "groups", groups, &format!("a divisor of the {channels} output channels"))
}

/// Inputs of one output of a convolution of so many input channels.
pub(super) fn fan_in(channels: usize, groups: usize, kernel: &[usize]) -> Result<usize, String> {
    if !channels.is_multiple_of(groups) {
        return Err(format!("has {groups} groups and is given {channels} channels; expected `groups` to divide them"));
    }
    Ok(kernel.iter().fold(channels / groups, |product, &size| product.saturating_mul(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_near_the_border_are_in_fewer_windows() {
        let axis = |kernel, stride, padding| {
            Axis::of(
                0,
                &PerAxis::All(kernel),
                &PerAxis::All(stride),
                &PerAxis::All(1),
                &Padding::Amount(PerAxis::All(padding)),
            )
        };
        assert_eq!(axis(3, 1, 0).windows(5), [1, 2, 3, 2, 1]);
        assert_eq!(axis(3, 1, 1).windows(5), [2, 3, 3, 3, 2]);
        assert_eq!(axis(2, 2, 0).windows(5), [1, 1, 1, 1, 0]);
        assert_eq!(fan_out(2, 4, [&[1, 2], &[1, 3]]), [4, 12, 8, 24, 4, 12, 8, 24]);
    }

    #[test]
    fn sizes_follow_from_kernel_stride_dilation_and_padding() {
        let axis = |kernel, stride, dilation, padding| {
            Axis::of(0, &PerAxis::All(kernel), &PerAxis::All(stride), &PerAxis::All(dilation), &padding)
        };
        let amount = |n| Padding::Amount(PerAxis::All(n));
        let same = Padding::Word(PaddingWord::Same);
        // as torch.nn.Conv1d gives them for 28 inputs
        for (axis, expected) in [
            (axis(5, 1, 1, amount(0)), 24),
            (axis(5, 2, 1, amount(0)), 12),
            (axis(3, 1, 2, amount(1)), 26),
            (axis(4, 3, 2, amount(2)), 9),
            (axis(4, 1, 3, same), 28),
        ] {
            assert_eq!(axis.output(28, "width"), Ok(expected), "{axis:?}");
        }
        let problem = axis(5, 1, 1, amount(0)).output(3, "width").unwrap_err();
        assert!(problem.starts_with("has a window of 5 along the width of 3"), "{problem}");
    }
}
