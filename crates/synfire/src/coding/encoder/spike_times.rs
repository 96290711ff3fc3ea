//! Single-spike temporal coding: the samples are spike times.

use super::{Encode, Late, Once, Signal, Source, TimeGrid};
use crate::Error;
use crate::registry::Named;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// One spike per input at the time that the sample says, in ms from its beginning, 0 or more.
///
/// ```text
/// step = floor(x / dt)
/// ```
///
/// The time inside the step is the spike's, for neurons that take one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpikeTimesEncoder {
    /// What becomes of spikes after the last step: `refuse`, `drop` or `last_step`.
    pub late: Late,
    /// Divide in single precision, as SPAIC does: a multiple of the step may fall into the step before.
    pub spaic_compat: bool,
}

impl Named for SpikeTimesEncoder {
    const NAME: &'static str = "spike_times";
    const ABOUT: &'static str = "one spike per input, at the time in ms that the sample gives";
    const ALIASES: &'static [&'static str] = &["sstb"];
}

impl Encode for SpikeTimesEncoder {
    fn sparse(&self) -> bool {
        true
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Signal, Error> {
        let samples = source.numbers(Self::NAME, [0.0, f32::MAX], grid)?;
        let mut spikes = Once::silent(grid, samples.batch, samples.features);
        let clock = grid.clock();
        let mut leads = Vec::with_capacity(samples.values.len());
        for (input, &ms) in samples.values.iter().enumerate() {
            let exact = if self.spaic_compat { f64::from(ms / grid.dt) } else { clock(f64::from(ms)) };
            let step = self.late.step(Self::NAME, exact as usize, f64::from(ms), grid)?;
            if let Some(step) = step {
                spikes.fire(step, input);
            }
            leads.push((exact.floor() + 1.0 - exact) as f32);
        }
        let leads = TensorData::new(leads, [1, samples.batch, samples.features]);
        let spike_times = Some(Tensor::from_data(leads, &samples.device));
        Ok(Signal { spike_times, ..spikes.signal(&samples.device) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn multiples_of_the_step_begin_it() {
        let times = Tensor::<2>::from_floats([[0.0, 0.3, 0.7, 0.75]], &Device::default());
        let signal = SpikeTimesEncoder::default().encode(times.into(), TimeGrid { steps: 8, dt: 0.1 }, 0).unwrap();
        let spikes: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
        let fired: Vec<usize> = (0..32).filter(|i| spikes[*i] > 0.0).collect();
        assert_eq!(fired, [0, 3 * 4 + 1, 7 * 4 + 2, 7 * 4 + 3]);
        let leads: Vec<f32> = signal.spike_times.unwrap().into_data().try_into_vec().unwrap();
        assert!(leads.iter().zip([1.0, 1.0, 1.0, 0.5]).all(|(a, b)| (a - b).abs() < 1e-5), "{leads:?}");
    }

    #[test]
    fn late_spikes_are_refused_or_left_out() {
        let times = Tensor::<2>::from_floats([[0.0, 2.0]], &Device::default());
        let grid = TimeGrid { steps: 2, dt: 1.0 };
        let encode = |late| SpikeTimesEncoder { late, spaic_compat: false }.encode(times.clone().into(), grid, 0);
        assert!(encode(Late::Refuse).unwrap_err().to_string().contains("a spike at 2 ms"));
        let spikes = |late| -> Vec<f32> { encode(late).unwrap().values.into_data().try_into_vec().unwrap() };
        assert_eq!(spikes(Late::Drop), [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(spikes(Late::LastStep), [1.0, 0.0, 0.0, 1.0]);
    }
}
