//! Gradients of every decoder and loss of the registry, against finite differences of what they compute.
//!
//! The activity stays away from where spikes come and go, so what has steps (first spikes, counts of them) is smooth
//! around it. Where a gradient is no derivative by design, its formula is written out a second time here.

use burn::tensor::{Device, Int, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use synfire::coding::{Activity, Decode, Decoder, Loss, Reads, decoder, loss};
use synfire::train::regularizer::{self, Regularizer};
use synfire_tests::{Noise, absolute_error, devices, numbers, relative_error, tensor};

const STEPS: usize = 5;
const BATCH: usize = 2;
const NEURONS: usize = 4;
const COUNT: usize = STEPS * BATCH * NEURONS;
const DIMS: [usize; 3] = [STEPS, BATCH, NEURONS];
const DT: f32 = 0.5;
const EPS: f32 = 1e-2;
const TOLERANCE: f64 = 5e-3;

/// The variables that a decoder reads: output, spike times and potential, and what it learns.
#[derive(Clone)]
struct Point {
    output: Vec<f32>,
    times: Option<Vec<f32>>,
    potential: Option<Vec<f32>>,
    learned: Vec<Vec<f32>>,
}

impl Point {
    /// Spikes of a size of their own, far from none and from one.
    fn of(decoder: &Decoder, noise: &mut Noise) -> Self {
        let fires = noise.numbers(COUNT, 0.0, 1.0);
        let sizes = noise.numbers(COUNT, 0.3, 0.7);
        let output: Vec<f32> = fires.iter().zip(&sizes).map(|(f, size)| if *f < 0.4 { *size } else { 0.0 }).collect();
        let times = noise.numbers(COUNT, 0.1 * DT, 0.9 * DT);
        let times = times.iter().zip(&output).map(|(t, s)| if *s > 0.0 { *t } else { 0.0 }).collect();
        let potential = noise.numbers(COUNT, -1.0, 1.0);
        let learned = decoder.parameters(NEURONS, &mut ChaCha8Rng::seed_from_u64(1));
        Point {
            output,
            times: (decoder.reads() == Reads::SpikeTimes).then_some(times),
            potential: matches!(decoder.reads(), Reads::FinalPotential | Reads::Potentials).then_some(potential),
            learned: learned.into_iter().map(|p| p.values).collect(),
        }
    }

    fn variables(&mut self) -> Vec<&mut Vec<f32>> {
        let activity = [Some(&mut self.output), self.times.as_mut(), self.potential.as_mut()];
        activity.into_iter().flatten().chain(&mut self.learned).collect()
    }

    fn tensors(&self, device: &Device) -> (Activity, Vec<Tensor<1>>) {
        let full = |values: &Vec<f32>| tensor::<3>(values.clone(), DIMS, device).require_grad();
        let activity = Activity {
            output: full(&self.output),
            spike_times: self.times.as_ref().map(full),
            potential: self.potential.as_ref().map(full),
            dt: DT,
        };
        let learned = self.learned.iter().map(|p| tensor(p.clone(), [p.len()], device).require_grad());
        (activity, learned.collect())
    }
}

type Value<'a> = dyn Fn(&Activity, &[Tensor<1>]) -> Tensor<1> + 'a;

fn number(value: &Tensor<1>) -> f32 {
    numbers(value)[0]
}

/// Gradients of every variable, and their finite differences where `free` lets the variable and place move.
fn compare(what: &str, point: &Point, device: &Device, free: impl Fn(usize, usize) -> bool, value: &Value<'_>) {
    let (activity, learned) = point.tensors(device);
    let gradients = value(&activity, &learned).backward();
    let of = |x: &Tensor<3>| numbers(&x.grad(&gradients).unwrap_or_else(|| x.clone().inner().zeros_like()));
    let mut all = vec![of(&activity.output)];
    all.extend(activity.spike_times.as_ref().map(of));
    all.extend(activity.potential.as_ref().map(of));
    all.extend(learned.iter().map(|p| numbers(&p.grad(&gradients).unwrap())));
    assert!(all.iter().flatten().any(|x| x.abs() > 1e-3), "{what}: no gradient anywhere");
    let at = |variable: usize, place: usize, step: f32| {
        let mut moved = point.clone();
        moved.variables()[variable][place] += step;
        let (activity, learned) = moved.tensors(device);
        number(&value(&activity, &learned))
    };
    for (variable, gradient) in all.iter().enumerate() {
        let places: Vec<usize> = (0..gradient.len()).filter(|&place| free(variable, place)).collect();
        let difference: Vec<f32> = places
            .iter()
            .map(|&place| {
                let eps = EPS * point.clone().variables()[variable][place].abs().max(1.0);
                (at(variable, place, eps) - at(variable, place, -eps)) / (2.0 * eps)
            })
            .collect();
        let gradient: Vec<f32> = places.iter().map(|&place| gradient[place]).collect();
        // differences of small numbers of f32 are no better than this
        let close = absolute_error(&gradient, &difference) < 2e-4;
        let error = relative_error(&gradient, &difference);
        assert!(close || error < TOLERANCE, "{what}, variable {variable}: {error:e}\n{gradient:?}\n{difference:?}");
    }
}
