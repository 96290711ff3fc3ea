//! The gradient of spikes as two factors.
#![allow(unsafe_code)]

use crate::kernel::{Isa, dispatch};
use crate::memory::Blocks;
use crate::number::simd::*;
use std::sync::Arc;

/// The gradient that spikes get from a linear map with few outputs, `g Wᵀ`: it is multiplied a tile at a time where it is
/// used, in cache, instead of being written for all steps and read again.
#[derive(Debug)]
pub(crate) struct FactoredGradient {
    isa: Isa,
    samples: usize,
    neurons: usize,
    outputs: usize,
    /// Upstream gradient of the map, `[T * B, outputs]`.
    upstream: Vec<f32>,
    /// A row of weights for each output, and room for a register behind it.
    weight: Blocks,
}

/// Values of the widest register.
const LINE: usize = 16;
/// Registers that accumulate at once.
const REGISTERS: usize = 8;

impl FactoredGradient {
    /// Factors from the upstream gradient `[T * B, outputs]` and the weights `[neurons, outputs]` of a map of `samples`
    /// samples.
    #[cfg_attr(not(any(feature = "flex", feature = "ndarray")), allow(dead_code))]
    pub(crate) fn new(
        isa: Isa,
        samples: usize,
        upstream: &[f32],
        weight: &[f32],
        [neurons, outputs]: [usize; 2],
    ) -> Self {
        assert_eq!(weight.len(), neurons * outputs, "weights of another shape");
        assert!(upstream.len().is_multiple_of(samples * outputs), "a gradient of another shape");
        // an odd number of lines: equal columns of several rows lie in different sets of the cache
        let mut rows = Blocks::new(outputs, ((neurons.div_ceil(LINE) + 1) | 1) * LINE);
        for output in 0..outputs {
            let from = weight[output..].iter().step_by(outputs);
            rows.block(output).iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }
        FactoredGradient { isa, samples, neurons, outputs, upstream: upstream.to_vec(), weight: rows }
    }

    /// Writes the gradient of neighbouring neurons at a step, or adds it; `start` is the index of the first one among those of
    /// all samples.
    fn write(&self, step: usize, start: usize, add: bool, to: &mut [f32]) {
        let (mut at, mut rest) = (start, to);
        while !rest.is_empty() {
            let (sample, neuron) = (at / self.neurons, at % self.neurons);
            let (part, behind) = rest.split_at_mut(rest.len().min(self.neurons - neuron));
            let row = step * self.samples + sample;
            let upstream = &self.upstream[row * self.outputs..][..self.outputs];
            at += part.len();
            self.isa.add_product(upstream, self.weight.values(), (neuron, self.weight.lines() * LINE), (add, part));
            rest = behind;
        }
    }
}

/// Writes the sum of gradients of neighbouring neurons at a step: of one that was written, of those neurons, and of those in
/// factors. `start` is the index of the first neuron among those of all samples.
pub(crate) fn sum(
    written: Option<&[f32]>,
    factored: &[Arc<FactoredGradient>],
    (step, start): (usize, usize),
    to: &mut [f32],
) {
    match written {
        Some(written) => to.copy_from_slice(written),
        None if factored.is_empty() => to.fill(0.0),
        None => {}
    }
    for (i, gradient) in factored.iter().enumerate() {
        gradient.write(step, start, written.is_some() || i > 0, to);
    }
}

impl Isa {
    /// Writes to `to`, or adds to it, the sum of the rows of `factor`, from a column on, each times a value; rows are `stride`
    /// apart.
    fn add_product(
        self,
        values: &[f32],
        factor: &[f32],
        (column, stride): (usize, usize),
        (add, to): (bool, &mut [f32]),
    ) {
        assert!(column + to.len() + LINE <= stride && values.len() * stride <= factor.len(), "the factor is too small");
        let place = (column, stride);
        dispatch!(self, add_product(values: &[f32], factor: &[f32], place: (usize, usize), add: bool, to: &mut [f32]) -> ());
    }
}

#[inline(always)]
fn add_product<S: Simd>(values: &[f32], factor: &[f32], (column, stride): (usize, usize), add: bool, to: &mut [f32]) {
    let wide = REGISTERS * S::LANES;
    let (mut start, len) = (0, to.len());
    // SAFETY: the parts of the rows and of `to` are within both, as `Isa::add_product` checked for the whole of `to`.
    unsafe {
        while start + wide <= len {
            let (factor, to) = (factor.as_ptr().add(column + start), to.as_mut_ptr().add(start));
            add_tile::<S, REGISTERS>(values, (factor, stride), add, to);
            start += wide;
        }
        while start + S::LANES <= len {
            let (factor, to) = (factor.as_ptr().add(column + start), to.as_mut_ptr().add(start));
            add_tile::<S, 1>(values, (factor, stride), add, to);
            start += S::LANES;
        }
    }
    if start < len {
        let (mut whole, rest) = ([0.0; LINE], &mut to[start..]);
        whole[..rest.len()].copy_from_slice(rest);
        // SAFETY: the rows have room for a register behind the last value, and so has the array.
        unsafe { add_tile::<S, 1>(values, (factor.as_ptr().add(column + start), stride), add, whole.as_mut_ptr()) };
        rest.copy_from_slice(&whole[..rest.len()]);
    }
}

/// Writes `R` registers, or adds to them.
///
/// # Safety
///
/// There are `R` registers at `to` and in each row of the factor, of which there is one for each value.
#[inline(always)]
unsafe fn add_tile<S: Simd, const R: usize>(
    values: &[f32],
    (factor, stride): (*const f32, usize),
    add: bool,
    to: *mut f32,
) {
    // SAFETY: as the caller says.
    unsafe {
        let mut total = [S::splat(0.0); R];
        if add {
            for (r, total) in total.iter_mut().enumerate() {
                *total = S::load(to.add(r * S::LANES));
            }
        }
        // not contracted: the same bits on every instruction set
        for (k, &value) in values.iter().enumerate() {
            let (value, row) = (S::splat(value), factor.add(k * stride));
            for (r, total) in total.iter_mut().enumerate() {
                *total = total.add(value.mul(S::load(row.add(r * S::LANES))));
            }
        }
        for (r, total) in total.into_iter().enumerate() {
            total.store(to.add(r * S::LANES));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Noise, assert_close};

    #[test]
    fn any_part_is_that_of_the_product() {
        let (steps, samples) = (3, 4);
        for (neurons, outputs) in [(1, 1), (64, 10), (100, 3), (300, 17)] {
            let mut noise = Noise::new(1);
            let (g, w) = (noise.values(steps * samples * outputs), noise.values(neurons * outputs));
            let product = |row: usize, neuron: usize| -> f32 {
                (0..outputs).map(|k| g[row * outputs + k] * w[neuron * outputs + k]).sum()
            };
            let plane = samples * neurons;
            for isa in Isa::available() {
                let gradient = FactoredGradient::new(isa, samples, &g, &w, [neurons, outputs]).into();
                for (start, len) in [(0, plane), (plane / 3, plane / 2), (plane - 1, 1)] {
                    for (written, times) in [(None, 1), (Some(1.0), 1), (None, 2), (None, 0)] {
                        let factored: Vec<Arc<FactoredGradient>> = vec![Arc::clone(&gradient); times];
                        let (ones, mut to) = (vec![1.0; len], vec![f32::NAN; len]);
                        sum(written.map(|_: f32| &*ones), &factored, (1, start), &mut to);
                        let places = (start..start + len).map(|at| (samples + at / neurons, at % neurons));
                        let expected: Vec<f32> = places
                            .map(|(row, neuron)| written.unwrap_or(0.0) + times as f32 * product(row, neuron))
                            .collect();
                        assert_close(&format!("{neurons} x {outputs} on {isa:?}"), &to, &expected, 1e-6);
                    }
                }
            }
        }
    }
}
