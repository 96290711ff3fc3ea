//! What goes from layer to layer.

use burn::tensor::Tensor;

/// Values over time, and for spikes with a time of their own by how much each precedes the end of its step, in ms.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    /// `[T, B, N]`, or `[1, B, N]` for what is the same at every step.
    pub(super) values: Tensor<3>,
    /// As many.
    pub(super) times: Option<Tensor<3>>,
}

impl Flow {
    pub(super) fn map(self, f: impl Fn(Tensor<3>) -> Tensor<3>) -> Self {
        Flow { values: f(self.values), times: self.times.map(f) }
    }

    /// Both added up; one may be the same at every step.
    pub(super) fn add(self, other: Self) -> Self {
        let times = match (self.times, other.times) {
            (Some(a), Some(b)) => Some(a + b),
            (one, other) => one.or(other),
        };
        Flow { values: self.values + other.values, times }
    }

    /// What arrives so many steps later.
    pub(super) fn delayed(self, delay: usize, steps: usize) -> Self {
        if delay == 0 { self } else { self.map(|x| shifted(x, delay, steps)) }
    }

    /// What there is at one step.
    pub(super) fn at(&self, step: usize) -> Self {
        self.clone().map(|x| {
            let step = step.min(x.dims()[0] - 1);
            x.narrow(0, step, 1)
        })
    }

    /// Steps after each other.
    pub(super) fn join(steps: Vec<Self>) -> Self {
        let times: Option<Vec<Tensor<3>>> = steps.iter().map(|step| step.times.clone()).collect();
        let values = steps.into_iter().map(|step| step.values).collect();
        Flow { values: Tensor::cat(values, 0), times: times.map(|times| Tensor::cat(times, 0)) }
    }
}

/// `x[t - delay]`, zeros before there was anything.
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

fn every_step(x: Tensor<3>, steps: usize) -> Tensor<3> {
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
