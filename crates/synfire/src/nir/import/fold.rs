//! Factors of inputs, put into the weights before.

use super::kinds;
use super::plan::{Carries, Factor, Layer, Plan};
use crate::nir::Report;

impl Plan {
    /// Puts the factors that nodes take their input by into the weights before them, or into layers of factors.
    pub(super) fn fold(&mut self, report: &mut Report) {
        let mut i = 0;
        while i < self.layers.len() {
            let factor = std::mem::replace(&mut self.layers[i].factor, Factor::Same(1.0));
            if factor == Factor::Same(1.0) {
                i += 1;
                continue;
            }
            for (name, values) in &mut self.layers[i].values {
                if name.starts_with("recurrent.") {
                    let each = values.values.len() / values.shape.first().copied().unwrap_or(1).max(1);
                    scale(&mut values.values, &factor, each);
                }
            }
            let inputs = self.layers[i].inputs.clone();
            let told = factor.describe();
            match inputs.iter().all(|input| self.takes(*input, i, &factor)) {
                true => {
                    inputs.iter().for_each(|input| self.give(*input, &factor));
                    self.layers[i].notes.push(format!("its input times {told}, in the weights before"));
                }
                false => {
                    self.layers[i].notes.push(format!("its input times {told}, in a layer of its own"));
                    let name = format!("input of {}", self.layers[i].node);
                    let layer = kinds::scale(&name, &factor, &self.layers[i].output);
                    self.insert_before(i, layer);
                    // the factors are a layer now
                    i += 1;
                }
            }
            i += 1;
        }
        if self.layers.iter().all(|layer| !layer.keys.contains_key("neuron")) {
            report.note("there are no neurons");
        }
    }

    /// Whether a layer, and no other than `to` listens to it, can multiply its output by a factor.
    fn takes(&self, layer: Option<usize>, to: usize, factor: &Factor) -> bool {
        let Some(layer) = layer.filter(|layer| self.listeners(*layer) == [to]) else { return false };
        let Layer { carries, inputs, output, .. } = &self.layers[layer];
        match (carries, factor) {
            (Carries::No, _) => false,
            (Carries::Outputs, Factor::Same(_)) => true,
            (Carries::Outputs, Factor::Each(each)) => {
                self.layers[layer].keys.contains_key("scale") || per_channel(each, output).is_some()
            }
            (Carries::On, Factor::Each(_)) => false,
            (Carries::On, Factor::Same(_)) => inputs.iter().all(|input| self.takes(*input, layer, factor)),
        }
    }

    /// Multiplies the output of a layer that takes the factor.
    fn give(&mut self, layer: Option<usize>, factor: &Factor) {
        let Some(layer) = layer else { return };
        let Layer { carries, inputs, output, keys, values, .. } = &mut self.layers[layer];
        if *carries == Carries::On {
            for input in inputs.clone() {
                self.give(input, factor);
            }
            return;
        }
        let factor = match factor {
            Factor::Each(each) if !keys.contains_key("scale") => {
                Factor::Each(per_channel(each, output).unwrap_or_default())
            }
            other => other.clone(),
        };
        for values in values.values_mut() {
            let each = values.values.len() / values.shape.first().copied().unwrap_or(1).max(1);
            scale(&mut values.values, &factor, each);
        }
    }
}

/// Multiplies rows of `each` values by a factor each.
fn scale(values: &mut [f64], factor: &Factor, each: usize) {
    for (row, values) in values.chunks_mut(each.max(1)).enumerate() {
        let factor = match factor {
            Factor::Same(factor) => *factor,
            Factor::Each(factors) => factors.get(row).copied().unwrap_or(1.0),
        };
        values.iter_mut().for_each(|value| *value *= factor);
    }
}

/// One factor for each channel, the first axis, if all values of a channel have the same.
fn per_channel(factors: &[f64], shape: &[usize]) -> Option<Vec<f64>> {
    let positions = factors.len() / shape.first().copied().filter(|&channels| channels > 0)?;
    let channels: Vec<&[f64]> = factors.chunks(positions.max(1)).collect();
    channels.iter().map(|channel| channel.iter().all(|f| f == &channel[0]).then_some(channel[0])).collect()
}

impl Factor {
    fn describe(&self) -> String {
        match self {
            Factor::Same(factor) => format!("{factor:.6}"),
            Factor::Each(factors) => {
                let [low, high] = factors
                    .iter()
                    .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &f| [low.min(f), high.max(f)]);
                format!("{low:.6} to {high:.6}")
            }
        }
    }
}
