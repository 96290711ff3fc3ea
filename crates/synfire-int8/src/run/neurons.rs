//! Neurons.

use super::bounds::Values;
use crate::{Error, Neurons, Reset};

/// Binary digits of a leak.
const LEAK_BITS: u32 = 24;
/// Most binary digits that potentials have more than sums of weights.
const MOST_FRACTION_BITS: u32 = 24;

/// Neurons, with the parameters of each.
#[derive(Clone, Debug)]
pub(super) struct NeuronsOp {
    reset: Reset,
    reset_delay: bool,
    fraction_bits: u32,
    /// Parameters of neighbours that have the same.
    groups: Vec<Parameters>,
    /// Neurons of each group.
    each: usize,
}

#[derive(Clone, Copy, Debug)]
struct Parameters {
    leak: i64,
    threshold: i64,
    v_reset: i64,
    bias: i64,
    unit: f32,
}

impl NeuronsOp {
    pub(super) fn new(layer: Neurons, path: &str, input: &Values) -> Result<Self, Error> {
        let neurons = input.size();
        let channels = input.shape.first().copied().unwrap_or(1);
        let Neurons { leak, threshold, v_reset, bias, unit, .. } = &layer;
        let lengths = [
            ("leak", leak.len()),
            ("threshold", threshold.len()),
            ("v_reset", v_reset.len()),
            ("bias", bias.len()),
            ("unit", unit.len()),
        ];
        for (field, length) in lengths {
            if ![1, channels, neurons].contains(&length) {
                let expected = format!("one value, one for each of {channels} channels, or of {neurons} neurons");
                return Err(Error::field(path, field, format!("has {length} values"), expected));
            }
        }
        if let Some(wrong) = leak.iter().find(|leak| !(0..=Neurons::NO_LEAK).contains(*leak)) {
            return Err(Error::field(path, "leak", format!("has {wrong}"), format!("0 to {}", Neurons::NO_LEAK)));
        }
        if let Some(wrong) = unit.iter().find(|unit| !(**unit > 0.0 && unit.is_finite())) {
            return Err(Error::field(path, "unit", format!("has {wrong}"), "numbers above 0"));
        }
        if layer.fraction_bits > MOST_FRACTION_BITS {
            let expected = format!("0 to {MOST_FRACTION_BITS}");
            return Err(Error::field(path, "fraction_bits", format!("is {}", layer.fraction_bits), expected));
        }
        let count = lengths.iter().map(|(_, length)| *length).max().unwrap_or(1);
        let of = |values: &[i32], group: usize| i64::from(values[group * values.len() / count]);
        let group = |group: usize| Parameters {
            leak: of(leak, group),
            threshold: of(threshold, group),
            v_reset: of(v_reset, group),
            bias: of(bias, group),
            unit: unit[group * unit.len() / count],
        };
        Ok(NeuronsOp {
            reset: layer.reset,
            reset_delay: layer.reset_delay,
            fraction_bits: layer.fraction_bits,
            groups: (0..count).map(group).collect(),
            each: neurons / count,
        })
    }

    /// Spikes of a step, after which the potentials are those of the next.
    pub(super) fn step(&self, input: &[i32], potentials: &mut [i32]) -> Vec<i32> {
        let mut spikes = Vec::with_capacity(input.len());
        let (inputs, potentials) = (input.chunks(self.each), potentials.chunks_mut(self.each));
        for (p, (input, potentials)) in self.groups.iter().zip(inputs.zip(potentials)) {
            for (&x, v) in input.iter().zip(potentials) {
                let current = (i64::from(x) << self.fraction_bits) + p.bias;
                let (spike, next) = match self.reset_delay {
                    false => self.neuron(p, i64::from(*v), current),
                    true => self.delayed(p, i64::from(*v), current),
                };
                spikes.push(i32::from(spike));
                *v = next;
            }
        }
        spikes
    }

    fn neuron(&self, p: &Parameters, before: i64, current: i64) -> (bool, i32) {
        let v = saturated(leaked(before, p.leak) + current);
        let spike = i64::from(v) > p.threshold;
        let after = match (self.reset, spike) {
            (_, false) | (Reset::None, true) => v,
            (Reset::Hard, true) => saturated(p.v_reset),
            (Reset::Soft, true) => saturated(i64::from(v) - p.threshold),
        };
        (spike, after)
    }

    /// The spike before resets now.
    fn delayed(&self, p: &Parameters, before: i64, current: i64) -> (bool, i32) {
        let v = match (self.reset, before > p.threshold) {
            (_, false) | (Reset::None, true) => leaked(before, p.leak) + current,
            (Reset::Hard, true) => leaked(p.v_reset, p.leak) + current,
            (Reset::Soft, true) => leaked(before, p.leak) + current - p.threshold,
        };
        let v = saturated(v);
        (i64::from(v) > p.threshold, v)
    }

    /// Potentials in the unit of the network that the model was made of.
    pub(super) fn read(&self, potentials: &[i32]) -> Vec<f32> {
        let each = self.groups.iter().zip(potentials.chunks(self.each));
        // in double precision the product is exact but for the last of 55 digits
        each.flat_map(|(p, part)| part.iter().map(|&v| (f64::from(v) * f64::from(p.unit)) as f32)).collect()
    }
}

/// The part of a potential that a step leaves, to the nearest whole number, halves up.
fn leaked(v: i64, leak: i64) -> i64 {
    (v * leak + (1 << (LEAK_BITS - 1))) >> LEAK_BITS
}

fn saturated(v: i64) -> i32 {
    v.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}
