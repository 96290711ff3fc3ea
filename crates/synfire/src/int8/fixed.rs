//! From real numbers to whole ones.

use super::neurons::{RealNeuron, RealNeurons};
use super::pending::Pending;
use super::{Layer, Neurons, PoolKind};

/// Largest weight.
const MOST_WEIGHT: f64 = 127.0;
/// Most binary digits that potentials have more than sums of weights.
const MOST_FRACTION_BITS: u32 = 16;
/// Largest threshold, reset and bias in sums of weights.
const LARGEST_SUM: f64 = (1 << 22) as f64;
/// Largest threshold, reset, bias and sum of a step in potentials: the rest of 31 digits is for what adds up over steps.
const LARGEST_POTENTIAL: f64 = (1 << 29) as f64;

/// A neuron of a connection.
struct Listener {
    neuron: RealNeuron,
    channel: usize,
    /// Added to its potential in each step.
    bias: f64,
}

impl Listener {
    /// Largest of what a potential is compared with, set to and moved by.
    fn largest(&self) -> f64 {
        [self.neuron.threshold, self.neuron.v_reset, self.bias].into_iter().map(f64::abs).fold(0.0, f64::max)
    }
}

/// The layers of a connection, its pools and its neurons; `inputs` is the largest number that goes in.
///
/// The weights of a channel are divided by their scale, the largest of them by 127. Potentials are in units of that scale, times
/// what the neurons multiply their input by, so a spike adds whole weights.
pub(super) fn layers(pending: Pending, neurons: &RealNeurons, inputs: f64) -> Vec<Layer> {
    let channels = pending.channels();
    let listener = |(i, &neuron): (usize, &RealNeuron)| {
        let channel = i * channels / neurons.each.len();
        Listener { neuron, channel, bias: pending.bias[channel] * neuron.gain + neuron.constant }
    };
    let listeners: Vec<Listener> = neurons.each.iter().enumerate().map(listener).collect();
    let scales = scales(&pending, &listeners);
    let whole = |channel: usize| {
        let scale = scales[channel];
        pending.row(channel).iter().map(move |w| (w / scale).round().clamp(-MOST_WEIGHT, MOST_WEIGHT) as i8)
    };
    let weight: Vec<i8> = (0..channels).flat_map(whole).collect();
    // a potential of 1 without fraction bits
    let unit = |listener: &Listener| scales[listener.channel] * pending.unit * listener.neuron.gain;
    let window = |pool: &super::Pool2d| match pool.pool {
        PoolKind::Max => 1.0,
        PoolKind::Sum => (pool.kernel[0] * pool.kernel[1]) as f64,
    };
    let row = |row: &[i8]| row.iter().map(|&w| f64::from(w).abs()).sum::<f64>();
    let sum = weight.chunks_exact(weight.len() / channels).map(row).fold(0.0, f64::max);
    let sum = sum * inputs * pending.pools.iter().map(window).product::<f64>();
    let most = listeners.iter().map(|listener| listener.largest() / unit(listener)).fold(sum.max(1.0), f64::max);
    let fraction_bits = (LARGEST_POTENTIAL / most).log2().floor().clamp(0.0, f64::from(MOST_FRACTION_BITS)) as u32;
    let one = f64::from(1u32 << fraction_bits);
    let of = |value: &dyn Fn(&Listener) -> f64| listeners.iter().map(|l| value(l) as i32).collect::<Vec<i32>>();
    let neurons = Neurons {
        reset: neurons.reset,
        reset_delay: neurons.reset_delay,
        fraction_bits,
        leak: of(&|l| (l.neuron.leak * f64::from(Neurons::NO_LEAK)).round()),
        // a whole number is above the threshold exactly if it is above the whole number below it
        threshold: of(&|l| (l.neuron.threshold / unit(l) * one).floor()),
        v_reset: of(&|l| (l.neuron.v_reset / unit(l) * one).round()),
        bias: of(&|l| (l.bias / unit(l) * one).round()),
        unit: listeners.iter().map(|l| (unit(l) / one) as f32).collect(),
    };
    let connection = match pending.layer {
        Layer::Conv2d(layer) => Layer::Conv2d(super::Conv2d { weight, ..layer }),
        Layer::Linear(layer) => Layer::Linear(super::Linear { weight, ..layer }),
        other => other,
    };
    let pools = pending.pools.into_iter().map(Layer::Pool2d);
    [connection].into_iter().chain(pools).chain([Layer::Neurons(neurons)]).collect()
}

/// Scale of the weights of each channel: a weight of 1.
fn scales(pending: &Pending, listeners: &[Listener]) -> Vec<f64> {
    let largest = |channel: usize| pending.row(channel).iter().map(|w| w.abs()).fold(0.0, f64::max);
    let mut scales: Vec<f64> = (0..pending.channels()).map(|channel| largest(channel) / MOST_WEIGHT).collect();
    for listener in listeners {
        // a channel whose weights are next to nothing beside its threshold would have one out of range
        let least = listener.largest() / (pending.unit * listener.neuron.gain * LARGEST_SUM);
        let scale = &mut scales[listener.channel];
        *scale = scale.max(least);
    }
    scales.iter_mut().filter(|scale| **scale == 0.0).for_each(|scale| *scale = 1.0);
    scales
}
