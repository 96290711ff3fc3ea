//! Random spikes that are the same on every backend.

use super::HostSamples;
use super::precision::single;
use burn::tensor::{Device, Tensor, TensorData};
use synfire_dynamics::{CounterRng, Spikes, is_gpu};

/// Uniform random values in [0, 1).
pub(crate) enum UniformSource {
    /// Drawn from a counter-based generator.
    Generated(CounterRng),
    /// Recorded before, `[T, B, I]`.
    Recorded(Box<Tensor<3>>),
}

impl UniformSource {
    /// Values that follow from a seed, of these samples.
    pub(crate) fn of(samples: &HostSamples, seed: u64) -> Self {
        UniformSource::Generated(CounterRng::new(seed).of_samples(samples.indices.iter().copied()))
    }

    /// Recorded values; refuses those of another shape.
    pub(crate) fn recorded(draws: Tensor<3>, expected: [usize; 3]) -> Result<Self, String> {
        match draws.dims() {
            dims if dims == expected => Ok(UniformSource::Recorded(single(draws).into())),
            dims => Err(format!("was given draws of shape {dims:?}; expected {expected:?}")),
        }
    }

    /// Spikes `[T, B, I]`: 1 where the random value is below the input's threshold, in the steps that are `on`.
    ///
    /// On CPUs they are decided while the random values are in cache; to GPUs nothing but the thresholds is sent.
    pub(crate) fn spikes(
        &self,
        thresholds: Vec<f32>,
        dims @ [steps, batch, inputs]: [usize; 3],
        on: impl Fn(usize) -> bool + Sync,
        device: &Device,
    ) -> Tensor<3> {
        let columns = batch * inputs;
        debug_assert_eq!(thresholds.len(), columns);
        let uniform = match self {
            UniformSource::Generated(draws) if !is_gpu(device) => {
                return draws.spikes(dims, &thresholds, on).tensor(device);
            }
            UniformSource::Generated(draws) => draws.tensor(dims, device).reshape([steps, columns]),
            UniformSource::Recorded(recorded) => (**recorded).clone().reshape([steps, columns]),
        };
        let thresholds = Tensor::<2>::from_data(TensorData::new(thresholds, [1, columns]), device);
        let spikes = uniform.lower(thresholds.expand([steps, columns])).float();
        let on: Vec<f32> = (0..steps).map(|step| f32::from(on(step))).collect();
        let spikes = match on.contains(&0.0) {
            true => spikes * Tensor::from_data(TensorData::new(on, [steps, 1]), device),
            false => spikes,
        };
        spikes.reshape(dims)
    }
}

/// Spikes of samples on the host as bits, drawn as [`UniformSource::spikes`] draws them; none for GPUs, which draw their own.
pub(crate) fn spike_bits(
    samples: &HostSamples,
    seed: u64,
    thresholds: &[f32],
    steps: usize,
    on: impl Fn(usize) -> bool + Sync,
) -> Option<Spikes> {
    match UniformSource::of(samples, seed) {
        UniformSource::Generated(draws) if !is_gpu(&samples.device) => {
            let bits = draws.spikes([steps, samples.batch, samples.features], thresholds, on);
            Some(Spikes::new(bits, &samples.device))
        }
        _ => None,
    }
}

/// The threshold in single precision that decides as the probability `p` does in double precision: `u < threshold` if
/// and only if `u < p`, or `u <= p` with `equal`.
pub(crate) fn threshold(p: f64, equal: bool) -> f32 {
    let near = p as f32;
    let threshold = match f64::from(near) {
        exact if exact < p || (equal && exact == p) => near.next_up(),
        _ => near,
    };
    // GPUs take subnormal values for zero
    if threshold > 0.0 { threshold.max(f32::MIN_POSITIVE) } else { threshold }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_decide_as_the_probability_does() {
        for p in [0.0, 1e-60, 0.25, 0.1, 1.0 / 3.0, 0.7, 1.0, 2.5] {
            let near = p as f32;
            for u in [0.0, near.next_down(), near, near.next_up(), 0.5]
                .into_iter()
                .filter(|u| *u == 0.0 || *u >= f32::MIN_POSITIVE)
            {
                assert_eq!(u < threshold(p, false), f64::from(u) < p, "{u} below {p}");
                assert_eq!(u < threshold(p, true), f64::from(u) <= p, "{u} at most {p}");
            }
        }
    }

    #[test]
    fn generated_and_recorded_values_decide_alike() {
        let (device, dims) = (Device::default(), [4, 2, 3]);
        let thresholds = vec![0.1, 0.3, 0.5, 0.7, 0.9, 1.0];
        let drawn = UniformSource::Generated(CounterRng::new(3));
        let recorded = CounterRng::new(3).tensor(dims, &device);
        let recorded = UniformSource::recorded(recorded, dims).unwrap_or_else(|problem| panic!("{problem}"));
        let spikes =
            |uniform: UniformSource| uniform.spikes(thresholds.clone(), dims, |step| step != 1, &device).into_data();
        assert_eq!(spikes(drawn), spikes(recorded));
    }
}
