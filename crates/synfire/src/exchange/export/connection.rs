//! Connections as modules of `torch.nn`. Gains, and what neurons do to their input, go into the weights.

use super::chain::{Names, Part, Site};
use super::layers::size;
use super::stored::tensor;
use serde_json::Value;

/// A connection, behind an operation that flattens its input where it needs one.
pub(super) fn parts(site: &Site<'_>, names: &mut Names) -> Result<Vec<Part>, String> {
    let settings = site.config.kind.settings();
    let kind = site.config.kind.name();
    let name = names.next(if kind == "linear" { "fc" } else { "conv" });
    let gain = settings.get("gain").and_then(Value::as_f64).unwrap_or(1.0);
    let Some(weight) = site.stored.get("weight") else { return Err("has no weights".to_string()) };
    let bias = site.stored.get("bias");
    // the axis of the outputs is the second one of transposed convolutions
    let (outputs, channels) = (site.output.iter().product::<usize>(), site.output.first().copied().unwrap_or(1));
    let per_output = match site.factor.len() {
        1 => vec![site.factor[0]; channels],
        count if count == channels && kind != "conv_transpose2d" => site.factor.clone(),
        count => {
            return Err(format!(
                "leads to neurons with {count} values of tau_m, which scale {outputs} inputs: there is no place for them in \
                 the weights of `{kind}`; use `lif` neurons, or a tau_m per channel"
            ));
        }
    };
    let rows = weight.values.len() / channels.max(1);
    let scaled = |(i, value): (usize, &f32)| {
        let output = if kind == "conv_transpose2d" { 0 } else { i / rows.max(1) };
        f64::from(*value) * gain * per_output[output]
    };
    let mut tensors = vec![tensor(&name, "weight", &weight.shape, weight.values.iter().enumerate().map(scaled))];
    if let Some(bias) = bias {
        let scaled = bias.values.iter().zip(&per_output).map(|(value, factor)| f64::from(*value) * gain * factor);
        tensors.push(tensor(&name, "bias", &bias.shape, scaled));
    }
    let python = |present: bool| if present { "True" } else { "False" };
    let get = |key: &str, default: &str| settings.get(key).map_or_else(|| default.to_string(), size);
    let constructor = match kind {
        "linear" => format!(
            "torch.nn.Linear({}, {}, bias={})",
            site.input.iter().product::<usize>(),
            site.output.iter().product::<usize>(),
            python(bias.is_some())
        ),
        _ => {
            let (class, extra) = match kind {
                "conv1d" => ("Conv1d", String::new()),
                "conv2d" => ("Conv2d", String::new()),
                _ => ("ConvTranspose2d", format!(", output_padding={}", get("output_padding", "0"))),
            };
            format!(
                "torch.nn.{class}({}, {}, {}, stride={}, padding={}, dilation={}, groups={}, bias={}{extra})",
                input_channels(site.input),
                channels,
                get("kernel", "3"),
                get("stride", "1"),
                get("padding", "0"),
                get("dilation", "1"),
                get("groups", "1"),
                python(bias.is_some())
            )
        }
    };
    let connection = Part { call: format!("self.{name}(x)"), name, constructor, is_stateful: false, tensors };
    let flattens = kind == "linear" && site.input.len() > 1;
    let flatten = flattens.then(|| Part { call: "x.flatten(1)".to_string(), ..Part::default() });
    Ok(flatten.into_iter().chain([connection]).collect())
}

fn input_channels(shape: &[usize]) -> usize {
    if shape.len() > 1 { shape[0] } else { 1 }
}
