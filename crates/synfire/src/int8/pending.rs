//! A connection on its way to its neurons, and what stands between them.

use super::quantise::Stored;
use super::{Layer, Pool2d, PoolKind};
use crate::network::Shape;
use crate::network::layer::{AveragePool2d, BatchNorm, Conv2d, MaxPool2d, SumPool2d};
use serde_json::{Map, Value};
use synfire_dynamics::Window2d;

/// Weights in real numbers, before they are quantised. `unit sum(w x) + bias` is the current of a neuron, where the sum is over
/// weights and whole numbers, pooled by `pools`.
pub(super) struct Pending {
    /// Path of the connection, for messages.
    pub(super) path: String,
    /// The layer that the weights go into.
    pub(super) layer: Layer,
    /// Of each channel one after the other.
    pub(super) weight: Vec<f64>,
    /// Bias of each channel.
    pub(super) bias: Vec<f64>,
    /// Value of a sum of 1 with weights of 1.
    pub(super) unit: f64,
    pub(super) pools: Vec<Pool2d>,
}

impl Pending {
    pub(super) fn channels(&self) -> usize {
        self.bias.len()
    }

    /// Weights of a channel.
    pub(super) fn row(&self, channel: usize) -> &[f64] {
        let each = self.weight.len() / self.channels();
        &self.weight[channel * each..(channel + 1) * each]
    }

    /// A pool over the sums: the bias is added after it.
    pub(super) fn pool(&mut self, pooling: Pooling) -> Result<(), String> {
        let padded = pooling.layer.padding.iter().flatten().any(|&padding| padding > 0);
        let is_sum = pooling.layer.pool == PoolKind::Sum;
        if is_sum && padded && self.bias.iter().any(|&bias| bias != 0.0) {
            return Err(
                "pools sums with a bias over zeros around the picture, where it adds up to less; set `padding = 0`, \
                        or put it behind the neurons"
                    .to_string(),
            );
        }
        if is_sum {
            // a bias is part of each value of the window
            let window = pooling.values() * pooling.factor;
            self.bias.iter_mut().for_each(|bias| *bias *= window);
        }
        self.unit *= pooling.factor;
        self.pools.push(pooling.layer);
        Ok(())
    }

    /// Folds a normalisation into weights and biases.
    pub(super) fn normalise(&mut self, settings: &BatchNorm, stored: Stored<'_>) -> Result<(), String> {
        if settings.per_step {
            return Err(
                "has a weight for each step (`per_step`), and an export has the same weights at every step; train \
                        without it"
                    .to_string(),
            );
        }
        let of = |name: &str| stored.get(name).filter(|values| values.len() == self.channels()).map(<[f32]>::to_vec);
        let (Some(gamma), Some(beta), Some(mean), Some(variance)) =
            (of("gamma"), of("beta"), of("running_mean"), of("running_var"))
        else {
            return Err(format!("does not normalise the {} channels of the connection before it", self.channels()));
        };
        let each = self.weight.len() / self.channels();
        let takes_largest = self.pools.iter().any(|pool| pool.pool == PoolKind::Max);
        for channel in 0..self.channels() {
            let factor =
                f64::from(gamma[channel]) / (f64::from(variance[channel]) + f64::from(settings.epsilon)).sqrt();
            if factor < 0.0 && takes_largest {
                return Err(format!(
                    "has a negative `gamma` for channel {channel} behind a max pool, whose largest value it would make the \
                     smallest; put it before the pool"
                ));
            }
            self.weight[channel * each..(channel + 1) * each].iter_mut().for_each(|weight| *weight *= factor);
            self.bias[channel] = (self.bias[channel] - f64::from(mean[channel])) * factor + f64::from(beta[channel]);
        }
        Ok(())
    }
}

/// A pool in whole numbers.
pub(super) struct Pooling {
    pub(super) layer: Pool2d,
    /// Factor of its output: that of a mean is the inverse of the window's size.
    pub(super) factor: f64,
}

impl Pooling {
    /// Values of a window.
    fn values(&self) -> f64 {
        (self.layer.kernel[0] * self.layer.kernel[1]) as f64
    }

    /// The pool of this kind, if it is one that takes pictures.
    pub(super) fn of(kind: &str, settings: &Map<String, Value>, input: &Shape) -> Result<Option<Self>, String> {
        let settings = Value::Object(settings.clone());
        let read = |error: serde_json::Error| error.to_string();
        let (pool, window, is_mean) = match kind {
            "max_pool2d" => {
                let kind: MaxPool2d = serde_json::from_value(settings).map_err(read)?;
                (PoolKind::Max, kind.window(input)?.0, false)
            }
            "sum_pool2d" => {
                let kind: SumPool2d = serde_json::from_value(settings).map_err(read)?;
                (PoolKind::Sum, kind.window(input)?.0, false)
            }
            "average_pool2d" => {
                let kind: AveragePool2d = serde_json::from_value(settings).map_err(read)?;
                (PoolKind::Sum, kind.window(input)?.0, true)
            }
            "global_max_pool" => (PoolKind::Max, whole(input)?, false),
            "global_sum_pool" => (PoolKind::Sum, whole(input)?, false),
            "global_average_pool" => (PoolKind::Sum, whole(input)?, true),
            _ => return Ok(None),
        };
        let Window2d { kernel, stride, padding, .. } = window;
        let layer = Pool2d { pool, kernel, stride, padding };
        let factor = if is_mean { 1.0 / (kernel[0] * kernel[1]) as f64 } else { 1.0 };
        Ok(Some(Pooling { layer, factor }))
    }
}

fn whole(input: &Shape) -> Result<Window2d, String> {
    let [_, height, width] = input.picture()?;
    let size = [height, width];
    Ok(Window2d { kernel: size, stride: size, padding: [[0; 2]; 2], dilation: [1, 1] })
}

/// A convolution without weights yet.
pub(super) fn convolution(conv: &Conv2d) -> Layer {
    let Window2d { kernel, stride, padding, dilation } = conv.window();
    let (channels, groups) = (conv.channels, conv.groups);
    Layer::Conv2d(super::Conv2d { channels, kernel, stride, padding, dilation, groups, weight: vec![] })
}
