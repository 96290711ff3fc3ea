//! Activations between layers: added, delayed, cut into steps and joined.

use crate::coding::Activations;
use burn::tensor::Tensor;

impl Activations {
    /// Applies `f` to values and spike times alike; the potential is left out.
    pub(crate) fn map(self, f: impl Fn(Tensor<3>) -> Tensor<3>) -> Self {
        Activations { values: f(self.values), spike_times: self.spike_times.map(f), potential: None, dt: self.dt }
    }

    /// The sum of two activations; one of them may be the same at every step.
    pub(crate) fn add(self, other: Self) -> Self {
        let spike_times = match (self.spike_times, other.spike_times) {
            (Some(a), Some(b)) => Some(a + b),
            (one, other) => one.or(other),
        };
        Activations { values: self.values + other.values, spike_times, potential: None, dt: self.dt }
    }

    /// The activations `delay` steps later, silence before them; `steps` are those of a sample.
    pub(crate) fn delayed(self, delay: usize, steps: usize) -> Self {
        if delay == 0 { self } else { self.map(|x| shifted(x, delay, steps)) }
    }

    /// The activations of one step, `[1, B, N]`.
    pub(crate) fn at(&self, step: usize) -> Self {
        self.clone().map(|x| {
            let step = step.min(x.dims()[0] - 1);
            x.narrow(0, step, 1)
        })
    }

    /// Steps one after the other; the potential of all of them, or of the last one.
    pub(crate) fn join(steps: Vec<Self>, all_potentials: bool) -> Self {
        let join =
            |tensors: Option<Vec<Tensor<3>>>| tensors.filter(|all| !all.is_empty()).map(|all| Tensor::cat(all, 0));
        let dt = steps.last().map_or(1.0, |step| step.dt);
        let potential = match all_potentials {
            true => join(steps.iter().map(|step| step.potential.clone()).collect()),
            false => steps.last().and_then(|step| step.potential.clone()),
        };
        let spike_times = join(steps.iter().map(|step| step.spike_times.clone()).collect());
        let values = Tensor::cat(steps.into_iter().map(|step| step.values).collect(), 0);
        Activations { values, spike_times, potential, dt }
    }
}

/// `x[t - delay]`, zeros before the first step.
pub(super) fn shifted(x: Tensor<3>, delay: usize, steps: usize) -> Tensor<3> {
    match delay {
        0 => every_step(x, steps),
        delay => after_silence(x, delay.min(steps), steps).narrow(0, 0, steps),
    }
}

/// All steps after so many silent ones, at least one.
pub(super) fn after_silence(x: Tensor<3>, silent: usize, steps: usize) -> Tensor<3> {
    let [_, batch, inputs] = x.dims();
    let zeros = Tensor::zeros([silent, batch, inputs], (&x.device(), x.dtype()));
    Tensor::cat(vec![zeros, every_step(x, steps)], 0)
}

/// `[T, B, N]` of what may be the same at every step.
pub(super) fn every_step(x: Tensor<3>, steps: usize) -> Tensor<3> {
    let [rows, batch, inputs] = x.dims();
    if rows == steps { x } else { x.expand([steps, batch, inputs]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn delays_shift() {
        let x = Tensor::<1>::from_floats([1.0, 2.0, 3.0], &Device::default()).reshape([3, 1, 1]);
        let after = |x: Tensor<3>, delay| -> Vec<f32> { shifted(x, delay, 3).into_data().try_into_vec().unwrap() };
        assert_eq!(after(x.clone(), 0), [1.0, 2.0, 3.0]);
        assert_eq!(after(x.clone(), 1), [0.0, 1.0, 2.0]);
        assert_eq!(after(x.clone(), 5), [0.0, 0.0, 0.0]);
        assert_eq!(after(x.narrow(0, 1, 1), 1), [0.0, 2.0, 2.0]);
    }
}
