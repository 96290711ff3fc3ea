//! Encoders: from intensities to what the first layer receives at each step.

use super::random;
use crate::Error;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// What a network receives over time.
#[derive(Clone, Debug)]
pub struct Signal {
    /// `[T, B, F]`, or `[1, B, F]` where it stays the same at every step.
    pub values: Tensor<3>,
    /// Number of steps `T`.
    pub steps: usize,
    /// By how much of a step the spike of each input precedes the end of its step, in (0, 1], `[1, B, F]`:
    /// for encoders with at most one spike per input at a time of its own.
    pub spike_times: Option<Tensor<3>>,
}

/// How intensities in [0, 1] become input over time.
///
/// In TOML a table, `encoder = { name = "poisson", rate = 0.5 }`; what is left out takes its default.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::coding::Encoder;
///
/// let pixels = Tensor::<2>::from_floats([[1.0, 0.5, 0.0]], &Device::default());
/// let signal = Encoder::Latency { cut_off: 0.05 }.encode(pixels, 5, 0);
/// let spikes: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
/// // [T, B, F]: the bright pixel first, the grey one in the middle, the dark one never
/// assert_eq!(spikes, [1., 0., 0.,  0., 0., 0.,  0., 1., 0.,  0., 0., 0.,  0., 0., 0.]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Encoder {
    /// The intensity itself as a current at every step (direct coding). Differentiable. The first
    /// layer's product with it is computed once, not `T` times.
    #[default]
    Constant,
    /// At each step a spike with probability `rate * intensity`, drawn anew.
    Poisson {
        /// Spike probability per step at full intensity, in (0, 1]; default 1.
        #[serde(default = "full_rate")]
        rate: f32,
    },
    /// One spike per input, the earlier the brighter: at step `floor((T - 1) (1 - intensity))`. What the
    /// rounding leaves out is the spike's time inside the step, for neurons that take one.
    Latency {
        /// Inputs at or below this intensity never spike, in [0, 1); default 0.05.
        #[serde(default = "dim")]
        cut_off: f32,
    },
}

fn full_rate() -> f32 {
    1.0
}

fn dim() -> f32 {
    0.05
}

impl Encoder {
    /// The encoder of this name, with its defaults.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the closest name.
    pub fn named(name: &str) -> Result<Self, Error> {
        match name {
            "constant" => Ok(Encoder::Constant),
            "poisson" => Ok(Encoder::Poisson { rate: full_rate() }),
            "latency" => Ok(Encoder::Latency { cut_off: dim() }),
            _ => Err(Error::unknown(
                "encoder",
                name,
                "the network",
                ["constant", "poisson", "latency"].map(String::from),
            )),
        }
    }

    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the key.
    pub fn check(&self) -> Result<(), Error> {
        match *self {
            Encoder::Poisson { rate } if !(rate > 0.0 && rate <= 1.0) => {
                Err(Error::config("network.encoder.rate", format!("is {rate}; expected a probability in (0, 1]")))
            }
            Encoder::Latency { cut_off } if !(0.0..1.0).contains(&cut_off) => {
                Err(Error::config("network.encoder.cut_off", format!("is {cut_off}; expected an intensity in [0, 1)")))
            }
            _ => Ok(()),
        }
    }

    /// Encodes a batch over `steps` steps. Random encoders draw from `seed`, the same numbers on every
    /// backend.
    ///
    /// # Shapes
    ///
    /// - intensities `[B, F]` in [0, 1]
    /// - signal `[T, B, F]`, or `[1, B, F]` for [`Constant`](Self::Constant)
    #[must_use]
    pub fn encode(&self, intensities: Tensor<2>, steps: usize, seed: u64) -> Signal {
        let [batch, features] = intensities.dims();
        let over_time = intensities.clone().unsqueeze_dim::<3>(0);
        let mut spike_times = None;
        let values = match *self {
            Encoder::Constant => over_time,
            Encoder::Poisson { rate } => {
                let draws = random::uniform(steps, batch * features, seed, 0, &intensities.device());
                let draws = draws.reshape([steps, batch, features]);
                draws.lower((over_time * rate).expand([steps, batch, features])).float()
            }
            Encoder::Latency { cut_off } => {
                let exact = (-over_time.clone() + 1.0).clamp(0.0, 1.0) * (steps - 1) as f32;
                let at = exact.clone().floor();
                spike_times = Some(at.clone() - exact + 1.0);
                // what is too dim is sent past the end
                let at = at.mask_fill(over_time.lower_equal_scalar(cut_off), steps as f32);
                let step = |t: usize| at.clone().equal_scalar(t as f32).float();
                Tensor::cat((0..steps).map(step).collect(), 0)
            }
        };
        Signal { values, steps, spike_times }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn poisson_fires_at_the_rate_and_repeats_with_the_seed() {
        let device = Device::default();
        let pixels = Tensor::<2>::from_floats([[0.0, 0.3, 1.0]], &device).expand([400, 3]);
        let encode = |seed| Encoder::Poisson { rate: 0.5 }.encode(pixels.clone(), 50, seed).values;
        let rates: Vec<f32> = encode(1).mean_dim(0).mean_dim(1).into_data().try_into_vec().unwrap();
        for (rate, expected) in rates.iter().zip([0.0, 0.15, 0.5]) {
            // 20 000 draws: five standard deviations
            assert!((rate - expected).abs() < 0.018, "{rate} instead of {expected}");
        }
        assert_eq!(encode(1).into_data(), encode(1).into_data());
        assert_ne!(encode(1).into_data(), encode(2).into_data());
    }

    #[test]
    fn latencies_have_a_time_inside_the_step() {
        let pixels = Tensor::<2>::from_floats([[1.0, 0.7, 0.5]], &Device::default());
        let signal = Encoder::Latency { cut_off: 0.05 }.encode(pixels, 5, 0);
        let times: Vec<f32> = signal.spike_times.unwrap().into_data().try_into_vec().unwrap();
        // after 0, 1.2 and 2 steps
        for (actual, expected) in times.iter().zip([1.0, 0.8, 1.0]) {
            assert!((actual - expected).abs() < 1e-6, "{times:?}");
        }
    }

    #[test]
    fn settings_out_of_range_are_refused_by_name() {
        let error = Encoder::Poisson { rate: 1.5 }.check().unwrap_err().to_string();
        assert_eq!(error, "network.encoder.rate: is 1.5; expected a probability in (0, 1]");
        assert!(Encoder::Latency { cut_off: -0.1 }.check().is_err());
        assert!(Encoder::Constant.check().is_ok());
    }
}
