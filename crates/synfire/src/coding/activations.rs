//! Activity of a layer over time.

use super::TimeGrid;
use super::precision::single;
use burn::tensor::{Device, Int, Tensor, TensorData};

/// Activity of a layer over time, or of the inputs that an encoder made of samples.
///
/// Plain spikes become activations by `into()`, with steps of 1 ms:
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::coding::Activations;
///
/// let spikes = Tensor::<3>::ones([25, 4, 10], &Device::default());
/// let activations = Activations::from(spikes);
/// assert_eq!((activations.steps(), activations.dt), (25, 1.0));
/// ```
#[derive(Clone, Debug)]
pub struct Activations {
    /// Spikes, graded outputs or currents, `[T, B, N]`, or `[1, B, N]` where they are the same at every step. Inside a
    /// network also fewer rows that divide its steps, each of which lasts several (the `hold` of series).
    pub values: Tensor<3>,
    /// Time by which each spike precedes the end of its step, in ms, shaped as `values`; zero where there is no spike.
    /// None where spikes have no time of their own.
    pub spike_times: Option<Tensor<3>>,
    /// Membrane potential, `[T, B, N]` after each step or `[1, B, N]` after the last one; none where there is none.
    pub potential: Option<Tensor<3>>,
    /// Length of a step in ms.
    pub dt: f32,
}

impl From<Tensor<3>> for Activations {
    fn from(values: Tensor<3>) -> Self {
        Activations::new(values, 1.0)
    }
}

impl Activations {
    /// Values `[T, B, N]`, or `[1, B, N]` for the same at every step, of steps of `dt` ms, without spike times and
    /// potential.
    #[must_use]
    pub fn new(values: Tensor<3>, dt: f32) -> Self {
        Activations { values, spike_times: None, potential: None, dt }
    }

    /// Values from the host, in the order of `dims`, `[T, B, N]`.
    pub(crate) fn from_host(values: Vec<f32>, dims: [usize; 3], dt: f32, device: &Device) -> Self {
        Activations::new(Tensor::from_data(TensorData::new(values, dims), device), dt)
    }

    /// The same in single precision, which decoders and losses compute in whatever the activations are in.
    pub(crate) fn in_single(&self) -> Self {
        let all = |x: &Option<Tensor<3>>| x.clone().map(single);
        let (spike_times, potential) = (all(&self.spike_times), all(&self.potential));
        Activations { values: single(self.values.clone()), spike_times, potential, dt: self.dt }
    }

    /// Number of steps of the values: 1 where they are the same at every step.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.values.dims()[0]
    }

    /// The steps of the values.
    pub(crate) fn grid(&self) -> TimeGrid {
        TimeGrid { steps: self.steps(), dt: self.dt }
    }

    /// Spike times, `[T, B, N]`; zeros where spikes have none of their own.
    #[must_use]
    pub fn times(&self) -> Tensor<3> {
        self.spike_times.clone().unwrap_or_else(|| self.values.zeros_like())
    }

    /// Membrane potential after the last step, `[1, B, N]`; the sum of the values where there is none.
    #[must_use]
    pub fn final_potential(&self) -> Tensor<3> {
        match &self.potential {
            Some(potential) => {
                let last = potential.dims()[0] - 1;
                potential.clone().narrow(0, last, 1)
            }
            None => self.values.clone().sum_dim(0),
        }
    }

    /// Membrane potential after each step, `[T, B, N]`; the values where there is none.
    #[must_use]
    pub fn potentials(&self) -> Tensor<3> {
        self.potential.clone().unwrap_or_else(|| self.values.clone())
    }

    /// Spikes and their times as complex values, which some decoders read.
    #[must_use]
    pub fn complex(&self) -> Complex {
        Complex { re: self.values.clone(), im: self.times() / self.dt }
    }

    /// Indices of the steps, 0 to `T - 1`, `[T, 1, 1]`.
    pub(crate) fn step_indices(&self) -> Tensor<3> {
        let steps = self.steps();
        Tensor::<1, Int>::arange(0..steps as i64, &self.values.device()).float().reshape([steps, 1, 1])
    }
}

/// Spikes and their times as complex values, a pair of real tensors.
#[derive(Clone, Debug)]
pub struct Complex {
    /// Amount of each spike, `[T, B, N]`.
    pub re: Tensor<3>,
    /// Time by which it precedes the end of its step, in steps, `[T, B, N]`.
    pub im: Tensor<3>,
}
