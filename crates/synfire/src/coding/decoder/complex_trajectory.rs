//! Damped oscillations driven by spikes.

use super::{Activations, Complex, Decode, Decoded, DecoderParameter, Reads};
use crate::coding::precision::single;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use core::f32::consts::TAU;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Damped oscillations driven by each neuron's spikes, with a time constant `tau_d` and a period `tau_r` of its own in
/// ms. A score at every step is the weighted sum over a group of neighbours. All three parameters learn.
///
/// ```text
/// b     = exp(-dt / tau_d) exp(-2 pi i dt / tau_r)
/// x[k]  = b x[k-1] + i re[k] b^im[k]
/// score = Re sum over the neurons of a group of weight x[k]
/// ```
///
/// Spikes are read as [complex](super::Complex) values: `re` is the output, `im` the time in steps by which a spike
/// precedes the end of its step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplexTrajectory {
    /// Number of scores, at least 1; the last layer has a multiple of it. One for each neuron if not given.
    pub group_num: Option<usize>,
}

impl Named for ComplexTrajectory {
    const NAME: &'static str = "complex_trajectory";
    const ABOUT: &'static str = "damped oscillations driven by spikes, at every step";
}

impl Decode for ComplexTrajectory {
    fn check(&self) -> Result<(), BadSetting> {
        match self.group_num {
            Some(0) => Err(BadSetting::of("group_num", "is 0; expected the number of scores, at least 1")),
            _ => Ok(()),
        }
    }

    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn score_count(&self, neurons: usize) -> Result<usize, String> {
        match self.group_num {
            None => Ok(neurons),
            Some(groups) if groups > 0 && neurons.is_multiple_of(groups) => Ok(groups),
            Some(groups) => {
                Err(format!("makes {groups} scores, the last layer has {neurons} neurons; make it a multiple"))
            }
        }
    }

    /// Initial values as SPAIC draws them: `tau_d` in [20, 40), `tau_r` in [10, 60), weights of a standard normal
    /// distribution.
    fn parameters(&self, neurons: usize, rng: &mut ChaCha8Rng) -> Vec<DecoderParameter> {
        let mut drawn = |name, above, draw: fn(&mut ChaCha8Rng) -> f32| DecoderParameter {
            name,
            values: (0..neurons).map(|_| draw(rng)).collect(),
            above,
        };
        vec![
            drawn("tau_d", Some(0.0), |rng| 20.0 + 20.0 * unit(rng)),
            drawn("tau_r", Some(0.0), |rng| 10.0 + 50.0 * unit(rng)),
            drawn("weight", None, |rng| (-2.0 * (1.0 - unit(rng)).ln()).sqrt() * (TAU * unit(rng)).cos()),
        ]
    }

    fn every_step(&self) -> bool {
        true
    }

    fn read(&self, activations: &Activations, parameters: &[Tensor<1>]) -> Decoded {
        let [steps, batch, neurons] = activations.values.dims();
        let Complex { re, im } = activations.complex();
        let [tau_d, tau_r, weight] = [0, 1, 2].map(|i| single(parameters[i].clone()).reshape([1, 1, neurons]));
        let (rate, angle) = (tau_d.recip() * activations.dt, tau_r.recip() * (TAU * activations.dt));
        // b^im, and b itself
        let [size, turn] = [im.clone() * -rate.clone(), im * angle.clone()];
        let started = re * size.exp();
        let [start_re, start_im] = [started.clone() * turn.clone().sin(), started * turn.cos()];
        let decay = (-rate).exp();
        let [b_re, b_im] = [decay.clone() * angle.clone().cos(), decay * angle.sin()];
        let zero = || Tensor::<3>::zeros([1, batch, neurons], &weight.device());
        let (mut x_re, mut x_im) = (zero(), zero());
        let mut trajectory = Vec::with_capacity(steps);
        for k in 0..steps {
            let turned_re = b_re.clone() * x_re.clone() + b_im.clone() * x_im.clone();
            x_im = b_re.clone() * x_im - b_im.clone() * x_re + start_im.clone().narrow(0, k, 1);
            x_re = turned_re + start_re.clone().narrow(0, k, 1);
            trajectory.push(x_re.clone());
        }
        let weighted = Tensor::cat(trajectory, 0) * weight;
        let groups = self.group_num.unwrap_or(neurons);
        let scores: Tensor<4> = weighted.reshape([steps, batch, groups, neurons / groups]).sum_dim(3);
        scores.squeeze_dim::<3>(3).into()
    }
}

/// A uniform random value in [0, 1).
fn unit(rng: &mut ChaCha8Rng) -> f32 {
    use rand_chacha::rand_core::Rng;
    (rng.next_u32() >> 8) as f32 / 16_777_216.0
}
