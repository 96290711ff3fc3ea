//! Products with spikes of which a sample has about the same in all steps, as an encoded picture has.
//!
//! A few steps of a sample are taken together, so that a row of the second factor is loaded once for all of them. What
//! is summed for the weights is in order of samples, and of steps within one.

use crate::kernel::Isa;
use crate::memory::{Blocks, Uninit, prefetch};
use crate::product::lanes::shared::{Lists, TOGETHER};
use crate::product::panels::{PANEL, Panels};
use crate::spikes::{SpikeBits, WORD};
use rayon::prelude::*;
use std::ops::Range;

/// Samples that one task lists or computes.
const SAMPLES: usize = 4;
/// Inputs whose gradients one task computes: whole words.
const INPUTS: usize = 8 * WORD;
/// Samples by which it is decided whether it pays off.
const SAMPLE: usize = 32;
/// Additions for each event up to which it pays off, as measured: each takes about half as long.
const ADDITIONS: f32 = 1.75;

/// Whether steps have so many events in common that it is faster to take some together.
pub(super) fn pay_off(x: &SpikeBits, outputs: usize) -> bool {
    let [steps, samples, _] = x.dims();
    if steps == 1 || !outputs.is_multiple_of(PANEL) {
        return false;
    }
    let (mut events, mut additions) = (0, 0);
    for sample in (0..samples).step_by(samples.div_ceil(SAMPLE)) {
        for steps in tiles(steps) {
            for word in 0..x.row(0).len() {
                let words = words(x, sample, &steps, word);
                let any = words.iter().fold(0, |any, word| any | word);
                events += words.iter().map(|word| word.count_ones()).sum::<u32>();
                additions += any.count_ones() * steps.len() as u32;
            }
        }
    }
    additions as f32 <= ADDITIONS * events as f32
}

/// Steps that are taken together, about as many at a time.
fn tiles(steps: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    let count = steps.div_ceil(TOGETHER);
    (0..count).map(move |i| i * steps / count..(i + 1) * steps / count)
}

/// A word of each of some steps of a sample; 0 beyond them.
#[inline]
fn words(x: &SpikeBits, sample: usize, steps: &Range<usize>, word: usize) -> [u64; TOGETHER] {
    let samples = x.dims()[1];
    let mut words = [0; TOGETHER];
    for (to, step) in words.iter_mut().zip(steps.clone()) {
        *to = x.row(step * samples + sample)[word];
    }
    words
}

/// Lists the events of all steps of some samples, of a range of inputs that starts with a word.
fn lists(x: &SpikeBits, samples: Range<usize>, inputs: &Range<usize>) -> Lists {
    let mut lists = Lists::default();
    for sample in samples {
        for steps in tiles(x.dims()[0]) {
            for (i, word) in (inputs.start / WORD..inputs.end.div_ceil(WORD)).enumerate() {
                lists.push(&words(x, sample, &steps, word), i * WORD);
            }
            lists.finish();
        }
    }
    lists
}

/// `x W + b`.
pub(super) fn product(isa: Isa, x: &SpikeBits, weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let ([steps, samples, inputs], outputs) = (x.dims(), bias.len());
    let weight = Panels::packed(weight, outputs);
    let mut result = Uninit::new(steps * samples * outputs);
    let to = result.rows(outputs);
    groups(samples).for_each(|group| {
        let lists = lists(x, group.clone(), &(0..inputs));
        let mut sums = [[0.0; PANEL]; TOGETHER];
        for panel in weight.panels() {
            let (part, start) = (weight.part(&panel, &(0..inputs)).values, &bias[panel.clone()]);
            let steps = group.clone().flat_map(|sample| tiles(steps).map(move |steps| (sample, steps)));
            for ((sample, steps), list) in steps.zip(lists.iter()) {
                isa.gather_shared(steps.len(), list, part, start, &mut sums);
                for (step, sums) in steps.zip(&sums) {
                    to.copy(step * samples + sample, panel.start, sums);
                }
            }
        }
    });
    result.into_written()
}

/// `xᵀ g`.
pub(super) fn transposed_product(isa: Isa, x: &SpikeBits, g: &[f32], outputs: usize) -> Vec<f32> {
    let [steps, samples, inputs] = x.dims();
    let mut result = Uninit::new(inputs * outputs);
    let to = result.rows(outputs);
    (0..inputs).into_par_iter().step_by(INPUTS).for_each(|first| {
        let inputs = first..inputs.min(first + INPUTS);
        let lists: Vec<Lists> = groups(samples).map(|group| lists(x, group, &inputs)).collect();
        (0..outputs).into_par_iter().step_by(PANEL).for_each(|panel| {
            let row = |step: usize, sample: usize| &g[(step * samples + sample) * outputs + panel..][..PANEL];
            let mut sums = Blocks::new(1, inputs.len() * PANEL);
            let tiles = (0..samples).flat_map(|sample| tiles(steps).map(move |steps| (sample, steps)));
            let following = tiles.clone().skip(1).map(Some).chain([None]);
            for (((sample, steps), next), list) in tiles.zip(following).zip(lists.iter().flat_map(Lists::iter)) {
                // steps are whole batches apart: a processor does not predict where the next ones are
                if let Some((sample, steps)) = next {
                    steps.for_each(|step| prefetch(row(step, sample).as_ptr(), PANEL, false));
                }
                let mut rows: [&[f32]; TOGETHER] = [&[]; TOGETHER];
                for (to, step) in rows.iter_mut().zip(steps.clone()) {
                    *to = row(step, sample);
                }
                isa.scatter_shared(&rows[..steps.len()], list, sums.values_mut());
            }
            for (input, sums) in inputs.clone().zip(sums.values().chunks_exact(PANEL)) {
                to.copy(input, panel, sums);
            }
        });
    });
    result.into_written()
}

/// Samples of each task.
fn groups(samples: usize) -> impl IndexedParallelIterator<Item = Range<usize>> {
    (0..samples).into_par_iter().step_by(SAMPLES).map(move |first| first..samples.min(first + SAMPLES))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spikes of which each step of a sample has most, and values in -0.5..0.5.
    fn case([steps, samples, inputs]: [usize; 3], count: usize) -> (SpikeBits, Vec<f32>) {
        let spikes = SpikeBits::packed([steps, samples, inputs], |row, words| {
            let often = |input: usize| (input * 7919 + row % samples * 31) % 11 < 3;
            let now = |input: usize| !(input * 13 + row * 7).is_multiple_of(8);
            (0..inputs).filter(|&i| often(i) && now(i)).for_each(|i| words[i / WORD] |= 1 << (i % WORD));
        });
        let values = (0..count as u64).map(|i| (i * 2_654_435_761 % 1000) as f32 / 1000.0 - 0.5).collect();
        (spikes, values)
    }

    #[test]
    fn sums_are_in_order_of_inputs_and_of_samples_on_every_instruction_set() {
        for dims @ [steps, samples, inputs] in [[2, 1, 5], [4, 3, 70], [7, 5, 130], [25, 9, 600], [13, 2, 64]] {
            let outputs = 2 * PANEL;
            let (x, values) = case(dims, outputs * inputs.max(steps * samples));
            let (weight, g) = (&values[..inputs * outputs], &values[..steps * samples * outputs]);
            let bias = &values[values.len() - outputs..];
            let spikes = x.values();
            let mut currents = bias.repeat(steps * samples);
            let mut gradient = vec![0.0; inputs * outputs];
            for row in (0..samples).flat_map(|sample| (0..steps).map(move |step| step * samples + sample)) {
                for input in (0..inputs).filter(|input| spikes[row * inputs + input] == 1.0) {
                    for output in 0..outputs {
                        currents[row * outputs + output] += weight[input * outputs + output];
                        gradient[input * outputs + output] += g[row * outputs + output];
                    }
                }
            }
            for isa in Isa::available() {
                assert!(product(isa, &x, weight, bias) == currents, "{dims:?} on {isa:?}");
                assert!(transposed_product(isa, &x, g, outputs) == gradient, "gradient, {dims:?} on {isa:?}");
            }
        }
    }

    #[test]
    fn only_steps_that_have_events_in_common_are_taken_together() {
        assert!(pay_off(&case([25, 9, 600], 0).0, PANEL));
        assert!(!pay_off(&case([25, 9, 600], 0).0, PANEL + 16));
        assert!(!pay_off(&case([1, 9, 600], 0).0, PANEL));
        let others = SpikeBits::packed([25, 9, 640], |row, words| words[row % 10] = u64::MAX);
        assert!(!pay_off(&others, PANEL));
    }
}
