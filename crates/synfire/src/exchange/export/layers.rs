//! Layers without neurons, as modules of `torch.nn`.

use super::chain::{Names, Part, Site};
use super::connection;
use super::stored::tensor;
use serde_json::Value;

/// Parts of a layer; none of one that does nothing in inference.
pub(super) fn part(site: &Site<'_>, names: &mut Names) -> Result<Vec<Part>, String> {
    let kind = site.config.kind.name();
    if site.factor != [1.0] && !matches!(kind, "linear" | "conv1d" | "conv2d" | "conv_transpose2d") {
        return Err(format!(
            "is `{kind}` before neurons that scale their input by 1 / tau_m, which goes into the weights before them; use \
             `lif` neurons, or put a connection right before"
        ));
    }
    let simple = |stem: &'static str, constructor: String, names: &mut Names| {
        let name = names.next(stem);
        vec![Part { call: format!("self.{name}(x)"), name, constructor, ..Part::default() }]
    };
    Ok(match kind {
        "linear" | "conv1d" | "conv2d" | "conv_transpose2d" => connection::parts(site, names)?,
        "batch_norm" => vec![batch_norm(site, names)?],
        "max_pool2d" | "average_pool2d" | "max_pool1d" | "average_pool1d" => {
            let class = match kind {
                "max_pool1d" => "MaxPool1d",
                "max_pool2d" => "MaxPool2d",
                "average_pool1d" => "AvgPool1d",
                _ => "AvgPool2d",
            };
            simple("pool", format!("torch.nn.{class}({})", window(site)), names)
        }
        "flatten" => vec![Part { call: "x.flatten(1)".to_string(), ..Part::default() }],
        "identity" | "dropout" => vec![],
        _ => {
            return Err(format!(
                "is `{kind}`, which has no module of its own in PyTorch; export to safetensors and write the module by hand"
            ));
        }
    })
}

fn window(site: &Site<'_>) -> String {
    let settings = site.config.kind.settings();
    let kernel = settings.get("kernel").map_or_else(|| "2".to_string(), size);
    let stride = settings.get("stride").filter(|stride| !stride.is_null()).map_or_else(|| kernel.clone(), size);
    let padding = settings.get("padding").map_or_else(|| "0".to_string(), size);
    format!("{kernel}, stride={stride}, padding={padding}")
}

/// A size as Python writes it: `5`, `(5, 3)`, `"same"`.
pub(super) fn size(value: &Value) -> String {
    match value {
        Value::Array(sizes) => format!("({})", sizes.iter().map(size).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn batch_norm(site: &Site<'_>, names: &mut Names) -> Result<Part, String> {
    let settings = site.config.kind.settings();
    if settings.get("per_step") == Some(&Value::Bool(true)) {
        return Err(
            "has a weight for each step (`per_step`), which PyTorch has no module for; train without it".to_string()
        );
    }
    let name = names.next("norm");
    let (channels, axes) = (site.input.first().copied().unwrap_or(1), if site.input.len() == 3 { 2 } else { 1 });
    let number = |key: &str| settings.get(key).map_or_else(String::new, ToString::to_string);
    let each = |ours: &str, theirs: &str| {
        tensor(&name, theirs, &[channels], site.stored.values(ours).iter().map(|x| f64::from(*x)))
    };
    Ok(Part {
        constructor: format!(
            "torch.nn.BatchNorm{axes}d({channels}, eps={}, momentum={})",
            number("epsilon"),
            number("momentum")
        ),
        call: format!("self.{name}(x)"),
        tensors: vec![
            each("gamma", "weight"),
            each("beta", "bias"),
            each("running_mean", "running_mean"),
            each("running_var", "running_var"),
            tensor(&name, "num_batches_tracked", &[], [0.0]),
        ],
        name,
        is_stateful: false,
    })
}
