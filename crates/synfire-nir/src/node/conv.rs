//! Convolutions, with PyTorch's meaning of every parameter.

use super::source::per_axis;
use super::{Fields, Source, check_finite};
use crate::{Array, Group, NirError, Value};

/// Zeros around a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding<const AXES: usize> {
    /// The same amount on both sides of each axis.
    Amount([usize; AXES]),
    /// The amount that keeps the size; an odd one comes after.
    Same,
    /// None.
    Valid,
}

/// Convolution over `AXES` axes of samples `[C, ..]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Conv<const AXES: usize> {
    /// `[outputs, inputs / groups, kernel..]`
    pub weight: Array,
    /// `[outputs]`
    pub bias: Array,
    /// Step of the kernel.
    pub stride: [usize; AXES],
    /// Zeros around the sample.
    pub padding: Padding<AXES>,
    /// Distance of the kernel's weights.
    pub dilation: [usize; AXES],
    /// Groups of channels that are convolved by themselves.
    pub groups: usize,
    /// Sizes of the sample without channels, where the file tells them.
    pub input_shape: Option<[usize; AXES]>,
}

/// Convolution of series `[C, L]`.
pub type Conv1d = Conv<1>;
/// Convolution of pictures `[C, H, W]`.
pub type Conv2d = Conv<2>;

impl<const AXES: usize> Conv<AXES> {
    /// Length of the kernel along an axis.
    #[must_use]
    pub fn kernel(&self, axis: usize) -> usize {
        self.weight.shape().get(2 + axis).copied().unwrap_or(0)
    }

    fn size(&self, axis: usize, size: usize) -> Result<usize, String> {
        let window = self.dilation[axis].saturating_mul(self.kernel(axis).saturating_sub(1)).saturating_add(1);
        let padding = match self.padding {
            Padding::Amount(amount) => amount[axis].saturating_mul(2),
            Padding::Valid => 0,
            Padding::Same => window - 1,
        };
        match size.saturating_add(padding).checked_sub(window) {
            Some(rest) => Ok(rest / self.stride[axis].max(1) + 1),
            None => Err(format!("has a window of {window} along an axis of {size} with padding {padding}")),
        }
    }
}

impl<const AXES: usize> Fields for Conv<AXES> {
    const NAMES: &'static [&'static str] =
        &["weight", "bias", "stride", "padding", "dilation", "groups", "input_shape"];

    fn read(source: Source) -> Result<Self, NirError> {
        let weight = source.array("weight")?;
        // an array without values may claim any number of outputs
        let outputs = weight.shape().iter().copied().take(usize::from(!weight.is_empty())).collect::<Vec<usize>>();
        let bias = source.optional("bias")?;
        let padding = match source.value("padding") {
            Some(Value::Text(word)) => match word.as_str() {
                "same" => Padding::Same,
                "valid" => Padding::Valid,
                other => {
                    let found = format!("is `{}`", crate::group::shortened(other));
                    return Err(source.error("padding", found, "numbers, \"same\" or \"valid\""));
                }
            },
            _ => Padding::Amount(source.sizes("padding", 0)?),
        };
        let input_shape = source.value("input_shape").map(|_| source.sizes("input_shape", 1)).transpose()?;
        Ok(Conv {
            bias: bias.unwrap_or_else(|| Array::filled(&outputs, 0.0, weight.element())),
            weight,
            stride: source.sizes("stride", 1)?,
            padding,
            dilation: source.sizes("dilation", 1)?,
            groups: source.integer("groups", 1)? as usize,
            input_shape,
        })
    }

    fn write(&self) -> Group {
        let padding = match self.padding {
            Padding::Amount(amount) => Value::from(per_axis(amount)),
            Padding::Same => Value::from("same"),
            Padding::Valid => Value::from("valid"),
        };
        let group = Group::default()
            .with("weight", self.weight.clone())
            .with("bias", self.bias.clone())
            .with("stride", per_axis(self.stride))
            .with("padding", padding)
            .with("dilation", per_axis(self.dilation))
            .with("groups", Array::integer(self.groups as i64));
        match self.input_shape {
            Some(shape) => group.with("input_shape", per_axis(shape)),
            None => group,
        }
    }

    fn check(&self, node: &str) -> Result<(), NirError> {
        check_finite(node, &self.parameters())?;
        let refuse = |field: &str, found: String, expected: String| Err(NirError::field(node, field, found, expected));
        let shape = self.weight.shape();
        if shape.len() != 2 + AXES {
            return refuse(
                "weight",
                format!("has the shape {shape:?}"),
                format!("{} axes: outputs, inputs and the kernel", 2 + AXES),
            );
        }
        if self.bias.broadcast(&shape[..1]).is_none() {
            return refuse("bias", format!("has the shape {:?}", self.bias.shape()), format!("[{}]", shape[0]));
        }
        if self.groups == 0 || !shape[0].is_multiple_of(self.groups) {
            return refuse("groups", format!("is {}", self.groups), format!("a divisor of the {} outputs", shape[0]));
        }
        if let Some(&zero) = self.stride.iter().chain(&self.dilation).find(|&&size| size == 0) {
            return refuse("stride", format!("or `dilation` is {zero}"), "at least 1".to_string());
        }
        if self.padding == Padding::Same && self.stride != [1; AXES] {
            return refuse("padding", format!("is \"same\" at a stride of {:?}", self.stride), "an amount".to_string());
        }
        Ok(())
    }

    fn parameters(&self) -> Vec<(&'static str, &Array)> {
        vec![("weight", &self.weight), ("bias", &self.bias)]
    }

    fn input(&self) -> Option<Vec<usize>> {
        let channels = self.weight.shape().get(1)?.checked_mul(self.groups)?;
        self.input_shape.map(|sizes| [&[channels], &sizes[..]].concat())
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, String> {
        let inputs = self.weight.shape().get(1).map_or(0, |inputs| inputs.saturating_mul(self.groups));
        let outputs = self.weight.shape().first().copied().unwrap_or(0);
        if input.len() != 1 + AXES || input[0] != inputs {
            return Err(format!("convolves {inputs} channels with {AXES} axes and is given the shape {input:?}"));
        }
        let sizes = (0..AXES).map(|axis| self.size(axis, input[1 + axis])).collect::<Result<Vec<usize>, _>>()?;
        Ok([vec![outputs], sizes].concat())
    }
}
