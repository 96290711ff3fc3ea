//! Shapes of samples before and after each layer.

use super::Order;
use crate::Error;
use crate::network::description::NetworkConfig;
use crate::network::layer::NetworkInfo;
use crate::network::node::Origin;
use crate::network::shape::Shape;

/// Shapes before and after one layer.
#[derive(Clone, Debug)]
pub(in crate::network) struct Shapes {
    pub(in crate::network) input: Shape,
    pub(in crate::network) output: Shape,
}

impl NetworkConfig {
    /// Shape of an encoded sample in one step.
    pub(in crate::network) fn encoded_shape(&self, sample: &[usize]) -> Result<Shape, Error> {
        let shape = self.encoder.shape(sample, self.time_grid());
        shape.map(|dims| Shape::of_sample(&dims)).map_err(|problem| Error::config("network.encoder", problem))
    }

    /// Shapes before and after each layer for samples of shape `sample`.
    ///
    /// # Errors
    ///
    /// The first layer whose inputs do not go together or do not suit it; a decoder that makes other scores than there
    /// are classes.
    pub(in crate::network) fn shapes(
        &self,
        sample: &[usize],
        order: &Order,
        info: NetworkInfo,
    ) -> Result<Vec<Shapes>, Error> {
        let encoded = self.encoded_shape(sample)?;
        let mut outputs: Vec<Option<Shape>> = vec![None; self.layers.len()];
        // shapes spread from the samples until nothing changes; a cycle takes the first that reaches it
        let known = |outputs: &[Option<Shape>], i: usize| -> Vec<Shape> {
            let of = |origin: &Origin| match origin {
                Origin::Sample => Some(encoded.clone()),
                Origin::Node(node) => outputs[*node].clone(),
            };
            order.inputs[i].iter().filter_map(of).collect()
        };
        loop {
            let mut changed = false;
            for (i, layer) in self.layers.iter().enumerate() {
                let inputs = known(&outputs, i);
                let enough = inputs.len() == order.inputs[i].len() || layer.join.is_add() && !inputs.is_empty();
                if outputs[i].is_some() || !enough {
                    continue;
                }
                let first = if layer.join.is_add() { inputs[..1].to_vec() } else { inputs };
                let refuse = |problem| Error::config(format!("layers.{i}"), problem);
                let input = layer.join.shape(&first).map_err(refuse)?;
                outputs[i] = Some(layer.output_shape(&input, info).map_err(refuse)?);
                changed = true;
            }
            if !changed {
                break;
            }
        }
        let mut shapes = vec![];
        for (i, layer) in self.layers.iter().enumerate() {
            let refuse = |problem| Error::config(format!("layers.{i}"), problem);
            let inputs = known(&outputs, i);
            let Some(output) = outputs[i].clone().filter(|_| inputs.len() == order.inputs[i].len()) else {
                return Err(refuse(if inputs.is_empty() || layer.join.is_add() {
                    "no input reaches it; let a layer of its cycle listen to `input`".to_string()
                } else {
                    "it joins an input of its own cycle, of which the shape is not known yet; `join = \"add\"` needs the shape \
                     of one input alone"
                        .to_string()
                }));
            };
            shapes.push(Shapes { input: layer.join.shape(&inputs).map_err(refuse)?, output });
        }
        self.check_scores(shapes.last().map_or(0, |last| last.output.size()), info)?;
        Ok(shapes)
    }

    fn check_scores(&self, outputs: usize, NetworkInfo { classes, population, .. }: NetworkInfo) -> Result<(), Error> {
        let refuse = |problem| Error::config("network.decoder", problem);
        let scores = self.decoder.score_count(outputs).map_err(refuse)?;
        if scores == classes {
            return Ok(());
        }
        let last = self.layers.len().saturating_sub(1);
        Err(Error::config(
            format!("layers.{last}"),
            match population {
                1 => format!(
                    "the network ends with {scores} outputs, the data have {classes} classes; end with `linear = \"classes\"` and neurons"
                ),
                size => format!(
                    "the network ends with {outputs} neurons, {scores} populations of {size} (`pop_size`), the data have \
                     {classes} classes; end with `linear = {}` (or \"classes\") and neurons, or change `pop_size`",
                    classes * size
                ),
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::network::NetworkConfig;
    use burn::tensor::Device;

    #[test]
    fn shapes_that_a_cycle_does_not_tell_are_refused_with_the_reason() {
        let message = |first: &str| {
            let layers = format!(
                "[[layers]]\nlinear = 3\n{first}delay = 1\n[[layers]]\nneuron = \"lif\"\n[[layers]]\nlinear = 3\n"
            );
            let config: NetworkConfig = toml::from_str(&format!("steps = 4\n{layers}")).unwrap();
            config.init(&[3], 3, 0, &Device::default()).map(|_| ()).unwrap_err().to_string()
        };
        let joined = message("inputs = [\"input\", \"layers.1\"]\njoin = \"concat\"\n");
        assert!(joined.contains("layers.0") && joined.contains("`join = \"add\"`"), "{joined}");
        let cut_off = message("input = \"layers.1\"\n");
        assert!(cut_off.contains("no input reaches it"), "{cut_off}");
    }
}
