//! Rank order coding: one spike per input, in the order of their values.

use super::{Activations, Encode, Once, Source, TimeGrid, settings};
use crate::Error;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// One spike per input, in the order of their values in the sample: only the order counts.
///
/// ```text
/// step = floor(T rank / R)    rank 0 the strongest, R ranks; equal values have the same one
/// ```
///
/// Thorpe & Gautrais 1998, Rank order coding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RankOrder {
    /// Value at or below which an input never spikes and has no rank.
    pub cut_off: f64,
}

impl Named for RankOrder {
    const NAME: &'static str = "rank_order";
    const ABOUT: &'static str = "one spike per input, in the order of their values";
}

impl Encode for RankOrder {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless(self.cut_off.is_finite(), "cut_off", self.cut_off, "a finite number")
    }

    fn sparse(&self) -> bool {
        true
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let samples = source.on_host(Self::NAME, [f32::MIN, f32::MAX], grid)?;
        let mut spikes = Once::silent(grid, samples.batch, samples.features);
        for (sample, values) in samples.values.chunks_exact(samples.features).enumerate() {
            let mut order: Vec<usize> = (0..values.len()).filter(|i| f64::from(values[*i]) > self.cut_off).collect();
            order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
            let equals: Vec<&[usize]> = order.chunk_by(|a, b| values[*a] == values[*b]).collect();
            for (rank, inputs) in equals.iter().enumerate() {
                let step = rank * grid.steps / equals.len();
                inputs.iter().for_each(|i| spikes.fire(step, sample * samples.features + i));
            }
        }
        Ok(spikes.activations(&samples.device))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};

    #[test]
    fn only_the_order_counts() {
        let device = Device::default();
        let encode = |values: [f32; 4]| {
            let samples = Tensor::<2>::from_floats([values], &device);
            let signal = RankOrder::default().encode(samples.into(), TimeGrid { steps: 4, dt: 1.0 }, 0).unwrap();
            let spikes: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
            [0, 1, 2, 3].map(|i| (0..4).find(|t| spikes[t * 4 + i] > 0.0))
        };
        assert_eq!(encode([0.1, 9.0, 0.0, 0.5]), [Some(2), Some(0), None, Some(1)]);
        assert_eq!(encode([0.1, 0.3, 0.0, 0.2]), [Some(2), Some(0), None, Some(1)]);
        assert_eq!(encode([0.5, 0.5, 0.25, 0.5]), [Some(0), Some(0), Some(2), Some(0)]);
    }
}
