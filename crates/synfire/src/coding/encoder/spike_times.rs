//! Spike times: samples that say when each input spikes.

use super::{Activations, Encode, Late, Once, Source, TimeGrid};
use crate::Error;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// One spike per input at the time that is its value, in ms from the beginning of the sample, 0 or more; SPAIC's
/// `sstb`.
///
/// ```text
/// step = floor(x / dt)
/// ```
///
/// The fraction that rounding leaves out is the spike's time inside its step, for neurons that take one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpikeTimesEncoder {
    /// Treatment of spikes after the last step: `refuse`, `drop` or `last_step`.
    pub late: Late,
    /// Divides in single precision, as SPAIC does: a multiple of the step may fall into the step before.
    pub spaic_compat: bool,
}

impl Named for SpikeTimesEncoder {
    const NAME: &'static str = "spike_times";
    const ABOUT: &'static str = "one spike per input, at the time in ms that is its value";
    const ALIASES: &'static [&'static str] = &["sstb"];
}

impl Encode for SpikeTimesEncoder {
    fn sparse(&self) -> bool {
        true
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        let samples = source.on_host(Self::NAME, [0.0, f32::MAX], grid)?;
        let mut spikes = Once::timed(grid, samples.batch, samples.features);
        let clock = grid.clock();
        for (input, &ms) in samples.values.iter().enumerate() {
            let exact = if self.spaic_compat { f64::from(ms / grid.dt) } else { clock(f64::from(ms)) };
            let step = self.late.step(Self::NAME, exact as usize, f64::from(ms), grid)?;
            if let Some(step) = step {
                spikes.fire_in(step, exact, input);
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
    fn multiples_of_the_step_begin_it() {
        let times = Tensor::<2>::from_floats([[0.0, 0.3, 0.7, 0.75]], &Device::default());
        let signal = SpikeTimesEncoder::default().encode(times.into(), TimeGrid { steps: 8, dt: 0.1 }, 0).unwrap();
        let spikes: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
        let fired: Vec<usize> = (0..32).filter(|i| spikes[*i] > 0.0).collect();
        assert_eq!(fired, [0, 3 * 4 + 1, 7 * 4 + 2, 7 * 4 + 3]);
        let times: Vec<f32> = signal.spike_times.unwrap().into_data().try_into_vec().unwrap();
        let times: Vec<f32> = fired.iter().map(|i| times[*i]).collect();
        assert!(times.iter().zip([0.1, 0.1, 0.1, 0.05]).all(|(a, b)| (a - b).abs() < 1e-6), "{times:?}");
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
