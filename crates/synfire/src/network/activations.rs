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

    /// These over all `steps`, after others: along time.
    pub(super) fn after(self, before: Self, steps: usize) -> Self {
        let join = |before: Tensor<3>, x: Tensor<3>| Tensor::cat(vec![before, every_step(x, steps)], 0);
        let spike_times = match (before.spike_times, self.spike_times) {
            (Some(before), Some(times)) => Some(join(before, times)),
            (None, Some(times)) => Some(join(before.values.zeros_like(), times)),
            (_, None) => None,
        };
        Activations { values: join(before.values, self.values), spike_times, potential: None, dt: self.dt }
    }

    /// These with a row for each step, unless they are the same at all of them.
    pub(crate) fn without_hold(self, steps: usize) -> Self {
        match self.values.dims()[0] {
            1 => self,
            _ => self.map(|x| every_step(x, steps)),
        }
    }

    /// So many steps without a spike, for the batch of these.
    pub(super) fn silence(&self, steps: usize) -> Self {
        let [_, batch, values] = self.values.dims();
        let zeros = Tensor::zeros([steps, batch, values], (&self.values.device(), self.values.dtype()));
        let spike_times = self.spike_times.as_ref().map(|_| zeros.clone());
        Activations { values: zeros, spike_times, potential: None, dt: self.dt }
    }

    /// So many steps from `first` on.
    pub(super) fn part(self, first: usize, steps: usize) -> Self {
        self.map(|x| x.narrow(0, first, steps))
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

/// `[T, B, N]` of what may be the same at every step, or last several steps.
pub(super) fn every_step(x: Tensor<3>, steps: usize) -> Tensor<3> {
    let [rows, batch, inputs] = x.dims();
    match rows {
        _ if rows == steps => x,
        1 => x.expand([steps, batch, inputs]),
        _ => {
            let each = x.reshape([rows, 1, batch, inputs]).expand([rows, steps / rows, batch, inputs]);
            each.reshape([steps, batch, inputs])
        }
    }
}
