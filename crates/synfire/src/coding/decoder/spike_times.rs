//! Scores of spikes that have a time: earlier ones have more weight.

use crate::coding::precision::single;
use burn::tensor::{Tensor, activation::softmax};

/// Spikes of a layer and their times.
#[derive(Clone, Debug)]
pub(super) struct SpikeTrains {
    /// Spikes, `[T, B, N]`.
    pub spikes: Tensor<3>,
    /// Time by which each spike precedes the end of its step, in ms, `[T, B, N]`.
    pub times: Tensor<3>,
    /// Length of a step in ms.
    pub dt: f32,
}

/// Results of [`time_softmax`].
#[derive(Clone, Debug)]
pub struct TimeSoftmaxScores {
    /// Scores, `[B, N]`, larger for neurons that fire earlier and more often.
    pub scores: Tensor<2>,
    /// Distance of the spikes per neuron from 3, in the norm over the batch, `[1]`. Added to a loss it keeps a layer
    /// from falling silent.
    pub rate_loss: Tensor<1>,
}

/// Scores of spikes by their time, SPAIC's `time_softmax`.
///
/// ```text
/// t[k]  = k dt for a spike in step k, (k + T) dt if there is none
/// score = sum over steps of 5 exp((first - t[k]) / 50), first the least t of the sample
/// ```
///
/// The gradient of `t` to a spike and to its time is -1 each. That of a score is divided by one more than the number of
/// the neuron's spikes.
///
/// # Shapes
///
/// - spikes and times in ms `[T, B, N]`; a model without spike times has zeros
#[must_use]
pub fn time_softmax(spikes: Tensor<3>, times: Tensor<3>, dt: f32) -> TimeSoftmaxScores {
    let trains = SpikeTrains { spikes: single(spikes), times: single(times), dt };
    let count = trains.spikes.clone().sum_dim(0);
    let silent = trains.spikes.clone().detach().lower_equal_scalar(0.0).float();
    let steps = trains.spikes.dims()[0];
    let t = trains.step_times() - trains.slope_one() + silent * (trains.dt * steps as f32);
    let first = t.clone().detach().min_dim(2).min_dim(0);
    let score = (((first - t) / 50.0).exp() * 5.0).sum_dim(0);
    let divisor = count.clone().detach() + 1.0;
    // the value of `score`, and its gradient divided
    let scores = score.clone().detach() + (score.clone() - score.detach()) / divisor;
    let excess = count.mean_dim(2) - 3.0;
    // the root has no gradient at 0
    let rate_loss = (excess.square().sum() + f32::MIN_POSITIVE).sqrt();
    TimeSoftmaxScores { scores: scores.squeeze_dim(0), rate_loss }
}

/// Share of each neuron in the spikes of the sample, earlier ones weighted more, `[B, N]`. SPAIC computes the loss of
/// `time_softmax` from it.
///
/// ```text
/// p[k]  = exp(-(k dt - d) / 20) for a spike in step k, d ms before its end
/// share = sum over steps of p / sum over steps and neurons of p
/// ```
///
/// `1e-20` is added, so that there is a logarithm. The gradient to a spike and that to its time are the same, as in
/// SPAIC: for `-ln share` it is `p` for other neurons and `(share - 1) (p + 1e-18) / share` for the right one, with `p`
/// divided by its sum. So a neuron that should fire and does not has a gradient too.
///
/// # Shapes
///
/// As [`time_softmax`].
#[must_use]
pub fn time_shares(spikes: Tensor<3>, times: Tensor<3>, dt: f32) -> Tensor<2> {
    let trains = SpikeTrains { spikes: single(spikes), times: single(times), dt };
    let late = (trains.step_times() - trains.times.clone().detach()) / 20.0;
    let p = trains.spikes.clone().detach() * (-late).exp();
    let all = p.clone().sum_dim(0).sum_dim(2);
    let silent = all.clone().equal_scalar(0.0).float();
    let p = p / (all + silent);
    let shares = p.clone().sum_dim(0) + 1e-20;
    let slope = trains.slope_one();
    let own = ((p.clone() + 1e-18) * slope.clone()).sum_dim(0);
    let others = (p * slope).sum_dim(0).sum_dim(2);
    (shares.clone() + own - shares * others).squeeze_dim(0)
}

/// Scores of spikes by their time, `[B, N]`: a variant of [`time_softmax`] that SPAIC has and does not use.
///
/// ```text
/// z[k]  = 0.1 (latest - (k dt - d)) for a spike in step k, d ms before its end; 0 if there is none
/// score = softmax over the neurons of the norm of z
/// ```
///
/// `latest` is the latest spike of the sample; the gradient of `z` to a spike is 0.1.
///
/// # Shapes
///
/// As [`time_softmax`].
#[must_use]
pub fn time_norms(spikes: Tensor<3>, times: Tensor<3>, dt: f32) -> Tensor<2> {
    let trains = SpikeTrains { spikes: single(spikes), times: single(times), dt };
    let fired = trains.spikes.clone().detach();
    let t = fired.clone() * trains.step_times() - trains.times.clone();
    let latest = t.clone().detach().max_dim(2).max_dim(0);
    let z = (latest + (trains.spikes.clone() - fired.clone()) - t) * fired * 0.1;
    // the root has no gradient at 0
    let norm = (z.square().sum_dim(0) + f32::MIN_POSITIVE).sqrt();
    softmax(norm, 2).squeeze_dim(0)
}

impl SpikeTrains {
    /// Start of each step in ms, `[T, 1, 1]`.
    fn step_times(&self) -> Tensor<3> {
        let steps = self.spikes.dims()[0];
        let starts: Vec<f32> = (0..steps).map(|k| k as f32 * self.dt).collect();
        Tensor::<1>::from_floats(starts.as_slice(), &self.spikes.device()).reshape([steps, 1, 1])
    }

    /// Zeros with a gradient of 1 to spikes and times.
    fn slope_one(&self) -> Tensor<3> {
        let z = self.spikes.clone() + self.times.clone();
        z.clone() - z.detach()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn numbers<const N: usize>(x: Tensor<N>) -> Vec<f32> {
        x.into_data().try_into_vec().unwrap()
    }

    /// One sample over two steps of 1 ms: the first neuron fires in the first, the second in the second.
    fn spikes(device: &Device) -> Tensor<3> {
        Tensor::from_floats([[[1.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]]], device)
    }

    #[test]
    fn earlier_spikes_score_higher() {
        let device = Device::default();
        let out = time_softmax(spikes(&device), Tensor::zeros([2, 1, 3], &device), 1.0);
        // times: 0 and 3; 2 and 1; 2 and 3
        let score = |a: f32, b: f32| 5.0 * ((-a / 50.0).exp() + (-b / 50.0).exp());
        for (actual, expected) in
            numbers(out.scores).into_iter().zip([score(0.0, 3.0), score(2.0, 1.0), score(2.0, 3.0)])
        {
            assert!((actual - expected).abs() < 1e-5, "{actual} instead of {expected}");
        }
        // two spikes of three neurons
        assert!((numbers(out.rate_loss)[0] - (3.0 - 2.0 / 3.0)).abs() < 1e-6);
    }

    #[test]
    fn shares_add_up_and_follow_the_documented_gradient() {
        let device = Device::default().autodiff();
        let times = Tensor::<3>::from_floats([[[0.4, 0.0, 0.0]], [[0.0, 0.9, 0.0]]], &device).require_grad();
        let shares = time_shares(spikes(&device), times.clone(), 1.0);
        let weights = [0.4f32 / 20.0, (0.9 - 1.0) / 20.0].map(f32::exp);
        let expected = weights.map(|w| w / (weights[0] + weights[1]));
        let actual = numbers(shares.clone());
        assert!((actual[0] - expected[0]).abs() < 1e-6 && (actual[1] - expected[1]).abs() < 1e-6 && actual[2] == 1e-20);
        let loss = -shares.slice([0..1, 0..1]).log().sum();
        let gradient = numbers(times.grad(&loss.backward()).unwrap());
        for (actual, expected) in gradient.into_iter().zip([expected[0] - 1.0, 0.0, 0.0, 0.0, expected[1], 0.0]) {
            assert!((actual - expected).abs() < 1e-6, "{actual} instead of {expected}");
        }
    }
}
