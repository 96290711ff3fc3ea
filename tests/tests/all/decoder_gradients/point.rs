//! An activity, its gradients and their finite differences.

use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use synfire::coding::{Activations, Decoder, Reads};
use synfire_tests::{Noise, absolute_error, devices, numbers, relative_error, tensor};

pub(crate) const STEPS: usize = 5;
pub(crate) const BATCH: usize = 2;
pub(crate) const NEURONS: usize = 4;
/// Length of a step in ms.
pub(crate) const DT: f32 = 0.5;
/// As a share of numbers above 1.
const EPS: f32 = 1e-2;
const TOLERANCE: f64 = 5e-3;
/// Differences of `f32` are no better.
const ROUNDING: f64 = 2e-4;

/// What a decoder reads: output, times of spikes, potential, and what it learns.
#[derive(Clone)]
pub(crate) struct Point {
    pub(crate) output: Vec<f32>,
    pub(crate) times: Option<Vec<f32>>,
    pub(crate) potential: Option<Vec<f32>>,
    pub(crate) learned: Vec<Vec<f32>>,
}

impl Point {
    /// Spikes of sizes far from none and from one.
    pub(crate) fn of(decoder: &Decoder, noise: &mut Noise) -> Self {
        let count = STEPS * BATCH * NEURONS;
        let mut of_spikes = |low, high, fires: &[f32]| -> Vec<f32> {
            let numbers = noise.numbers(count, low, high);
            fires.iter().zip(numbers).map(|(&fires, x)| if fires > 0.0 { x } else { 0.0 }).collect()
        };
        let fires = of_spikes(-0.6, 0.4, &vec![1.0; count]);
        let output = of_spikes(0.3, 0.7, &fires);
        let times = of_spikes(0.1 * DT, 0.9 * DT, &output);
        let potential = noise.numbers(count, -1.0, 1.0);
        let learned = decoder.parameters(NEURONS, &mut ChaCha8Rng::seed_from_u64(1));
        Point {
            output,
            times: (decoder.reads() == Reads::SpikeTimes).then_some(times),
            potential: matches!(decoder.reads(), Reads::FinalPotential | Reads::Potentials).then_some(potential),
            learned: learned.into_iter().map(|parameter| parameter.values).collect(),
        }
    }

    fn variables(&mut self) -> Vec<&mut Vec<f32>> {
        let activity = [Some(&mut self.output), self.times.as_mut(), self.potential.as_mut()];
        activity.into_iter().flatten().chain(&mut self.learned).collect()
    }

    pub(crate) fn tensors(&self, device: &Device) -> (Activations, Vec<Tensor<1>>) {
        let full = |values: &Vec<f32>| tensor::<3>(values.clone(), [STEPS, BATCH, NEURONS], device);
        let activity = Activations {
            values: full(&self.output),
            spike_times: self.times.as_ref().map(full),
            potential: self.potential.as_ref().map(full),
            dt: DT,
        };
        let learned = self.learned.iter().map(|p| tensor(p.clone(), [p.len()], device));
        (activity, learned.collect())
    }

    /// What `value` is here.
    pub(crate) fn number(&self, value: impl Fn(&Activations, &[Tensor<1>]) -> Tensor<1>) -> f64 {
        let (activity, learned) = self.tensors(&Device::flex());
        f64::from(numbers(&value(&activity, &learned))[0])
    }

    /// Gradients of every variable.
    fn gradients(
        &self,
        device: &Device,
        value: impl Fn(&Activations, &[Tensor<1>]) -> Tensor<1>,
    ) -> (f64, Vec<Vec<f32>>) {
        let (activity, learned) = self.tensors(device);
        let leaf = Tensor::<3>::require_grad;
        let activity = Activations {
            values: leaf(activity.values),
            spike_times: activity.spike_times.map(leaf),
            potential: activity.potential.map(leaf),
            dt: DT,
        };
        let learned: Vec<Tensor<1>> = learned.into_iter().map(Tensor::require_grad).collect();
        let value = value(&activity, &learned);
        let gradients = value.backward();
        let of = |x: &Tensor<3>| numbers(&x.grad(&gradients).unwrap_or_else(|| x.clone().inner().zeros_like()));
        let traces = [&activity.spike_times, &activity.potential].into_iter().flatten();
        let of_activity = [&activity.values].into_iter().chain(traces).map(of);
        let of_learned = learned.iter().map(|p| numbers(&p.grad(&gradients).expect("a gradient to what is learned")));
        (f64::from(numbers(&value)[0]), of_activity.chain(of_learned).collect())
    }

    /// Compares the gradients of `value` with the finite differences of `number`, at places that are `free`.
    pub(crate) fn check(
        &self,
        what: &str,
        free: impl Fn(usize, usize) -> bool,
        value: impl Fn(&Activations, &[Tensor<1>]) -> Tensor<1> + Copy,
        number: impl Fn(&Point) -> f64,
    ) {
        let at = |variable: usize, place: usize, step: f32| {
            let mut moved = self.clone();
            moved.variables()[variable][place] += step;
            number(&moved)
        };
        let differences: Vec<Vec<Option<f32>>> = (self.clone().variables().into_iter().enumerate())
            .map(|(variable, values)| {
                let difference = |(place, &x): (usize, &f32)| {
                    let eps = EPS * x.abs().max(1.0);
                    let change = || at(variable, place, eps) - at(variable, place, -eps);
                    free(variable, place).then(|| (change() / f64::from(2.0 * eps)) as f32)
                };
                values.iter().enumerate().map(difference).collect()
            })
            .collect();
        for (backend, device) in devices() {
            let (here, gradients) = self.gradients(&device, value);
            assert!((here - number(self)).abs() < 1e-4, "{what} on {backend}: {here} instead of {}", number(self));
            assert!(gradients.iter().flatten().any(|x| x.abs() > 1e-4), "{what} on {backend}: no gradient");
            for (variable, (gradient, difference)) in gradients.iter().zip(&differences).enumerate() {
                let free = gradient.iter().zip(difference).filter_map(|(&g, d)| Some((g, (*d)?)));
                let (gradient, difference): (Vec<f32>, Vec<f32>) = free.unzip();
                let close = absolute_error(&gradient, &difference) < ROUNDING;
                let error = relative_error(&gradient, &difference);
                assert!(
                    close || error < TOLERANCE,
                    "{what} on {backend}, variable {variable}: {error:e}\n{gradient:?}\n{difference:?}"
                );
            }
        }
    }
}
