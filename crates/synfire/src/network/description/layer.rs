//! The description of a layer.

use super::DelayConfig;
use crate::coding::Generator;
use crate::network::Shape;
use crate::network::join::Join;
use crate::network::layer::{LayerKind, Linear, NetworkInfo, Neuron, Width};
use crate::neuron::Settings;
use crate::registry::{Component, Named};

/// Description of a layer: its kind with settings, and its inputs.
///
/// ```
/// use synfire::network::LayerConfig;
/// use synfire::network::layer::{Conv2d, PerAxis};
///
/// let conv = LayerConfig::from(Conv2d { channels: 12, kernel: PerAxis::All(5), ..Conv2d::default() });
/// let read: LayerConfig = toml::from_str("conv2d = 12\nkernel = 5").unwrap();
/// assert_eq!(conv, read);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LayerConfig {
    /// A name that other layers may listen to; `layers.3` is another name of the fourth.
    pub name: Option<String>,
    /// Names of the layers it listens to, or `input`, the encoded samples. Empty, the layer before.
    pub inputs: Vec<String>,
    /// Operation that joins several inputs.
    pub join: Join,
    /// Delay of the inputs; the network's `delay` for connections, else none.
    pub delay: Option<DelayConfig>,
    /// A current from a generator that is added to the inputs without delay.
    pub inject: Option<Generator>,
    /// The kind of the layer, with its settings.
    pub kind: Component<dyn LayerKind>,
}

/// Most values of a sample in a step, 1 GiB of them.
const MOST_VALUES: usize = 1 << 28;

impl LayerConfig {
    /// All-to-all connections with a bias.
    #[must_use]
    pub fn linear(outputs: Width, gain: f32) -> Self {
        Linear { outputs, bias: true, gain }.into()
    }

    /// Neurons of a model, with its settings and parameters.
    #[must_use]
    pub fn neurons(model: &str, settings: Settings) -> Self {
        Neuron { model: model.to_string(), recurrent: None, settings }.into()
    }

    /// Shape of a sample after the layer; messages name its kind.
    pub(in crate::network) fn output_shape(&self, input: &Shape, info: NetworkInfo) -> Result<Shape, String> {
        let name = self.kind.name();
        let output = self.kind.output_shape(input, info).map_err(|problem| format!("`{name}` {problem}"))?;
        match output.size() {
            0..=MOST_VALUES => Ok(output),
            _ => Err(format!(
                "`{name}` makes samples of shape {output}; expected at most {MOST_VALUES} values in a step"
            )),
        }
    }
}

impl From<Component<dyn LayerKind>> for LayerConfig {
    fn from(kind: Component<dyn LayerKind>) -> Self {
        LayerConfig { name: None, inputs: vec![], join: Join::default(), delay: None, inject: None, kind }
    }
}

impl<K: LayerKind + Named> From<K> for LayerConfig {
    fn from(kind: K) -> Self {
        Component::<dyn LayerKind>::from(kind).into()
    }
}
