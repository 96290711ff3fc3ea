//! Thresholds of a sample's inputs, in the order in which random numbers are drawn.

use super::chacha::{BLOCKS, Group, NUMBERS, Origin};
use crate::kernel::Isa;
use crate::spikes::WORD;

/// Blocks of random values of a sample; those that no threshold is above 0 in are left out, and never drawn.
pub(super) struct Thresholds {
    groups: Vec<Group>,
}

impl Thresholds {
    /// Of each input the number in [0, 1] that a random number must be below for a spike.
    pub(super) fn of(thresholds: &[f32]) -> Self {
        let may_spike = |block: &(usize, &[f32])| block.1.iter().any(|&threshold| threshold > 0.0);
        let blocks: Vec<(usize, &[f32])> = thresholds.chunks(NUMBERS).enumerate().filter(may_spike).collect();
        let group = |blocks: &[(usize, &[f32])]| {
            let mut group = Group { blocks: [0; BLOCKS], limits: [[0; BLOCKS]; NUMBERS] };
            for (lane, (index, thresholds)) in blocks.iter().enumerate() {
                group.blocks[lane] = *index as u32;
                for (limits, threshold) in group.limits.iter_mut().zip(*thresholds) {
                    limits[lane] = limit(*threshold);
                }
            }
            group
        };
        Thresholds { groups: blocks.chunks(BLOCKS).map(group).collect() }
    }

    /// Sets the bits of the inputs that spike in a step, in words that are 0.
    pub(super) fn draw(&self, isa: Isa, origin: &Origin, words: &mut [u64]) {
        const PARTS: usize = WORD / NUMBERS;
        for group in &self.groups {
            for (block, spikes) in group.blocks.into_iter().zip(isa.spikes(origin, group)) {
                let block = block as usize;
                words[block / PARTS] |= u64::from(spikes) << (block % PARTS * NUMBERS);
            }
        }
    }
}

/// The values of 24 bits that are below a threshold: `u / 2^24 < threshold` if and only if `u` is below this.
fn limit(threshold: f32) -> i32 {
    // exact: a product with a power of two, and a conversion that takes NaN for 0
    (f64::from(threshold) * 16_777_216.0).ceil().clamp(0.0, 16_777_216.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_decide_as_thresholds_do() {
        for threshold in [-1.0, 0.0, f32::MIN_POSITIVE, 1e-7, 0.3, 0.5, 0.5_f32.next_up(), 1.0, 2.0, f32::NAN] {
            let limit = limit(threshold);
            for u in [0, 1, 2, 5_033_164, 5_033_165, 8_388_607, 8_388_608, 8_388_609, 16_777_215] {
                assert_eq!(u < limit, u as f32 / 16_777_216.0 < threshold, "{u} and {threshold}");
            }
        }
    }
}
