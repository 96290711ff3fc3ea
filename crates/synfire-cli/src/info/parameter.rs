//! One parameter of a checkpoint.

use serde::Serialize;
use synfire::checkpoint::StoredParameter;
use synfire::network::Node;
use synfire::parameters::{NamedParameter, ParameterKind};

#[derive(Serialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) learns: bool,
    /// Whether training measures it and no gradient moves it: running means and variances.
    pub(super) measured: bool,
    pub(super) unit: &'static str,
    /// Range that it is kept in while it learns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) range: Option<[f32; 2]>,
    pub(super) mean: f64,
    pub(super) minimum: f32,
    pub(super) maximum: f32,
    /// All values of neuron parameters; those of connections are too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) values: Option<Vec<f32>>,
}

impl Parameter {
    pub(super) fn new(stored: &StoredParameter, named: &NamedParameter, node: &Node) -> Self {
        let values = &stored.values;
        // `layers.1.initial.v` is `initial.v` to its layer
        let short = stored.name.splitn(3, '.').nth(2).unwrap_or_default();
        let neurons = node.neurons();
        let unit = neurons.and_then(|neurons| neurons.field(short)).map_or("", |field| field.unit);
        Parameter {
            name: stored.name.clone(),
            shape: stored.shape.clone(),
            learns: named.learnable,
            // neurons have fixed parameters, other modules buffers
            measured: !named.learnable && !matches!(named.kind, ParameterKind::Neuron { .. }),
            unit,
            range: named.range,
            mean: values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len().max(1) as f64,
            minimum: values.iter().copied().fold(f32::INFINITY, f32::min),
            maximum: values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            values: matches!(named.kind, ParameterKind::Neuron { .. }).then(|| values.clone()),
        }
    }

    /// The value, or their range where there are several.
    pub(super) fn summary(&self) -> String {
        let numbers = match self.values.as_deref() {
            Some([value]) => format!("{value}"),
            _ => format!("{:.4} to {:.4}, mean {:.4}", self.minimum, self.maximum, self.mean),
        };
        let range = self.range.map_or_else(String::new, |[low, high]| format!(" (kept in {low} to {high})"));
        format!("{} {}", numbers, self.unit).trim_end().to_string() + &range
    }
}
