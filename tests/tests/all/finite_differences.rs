//! Gradients against differences, below threshold, where a neuron is a smooth function of everything.
//!
//! The surrogate is a gate, whose slope is exactly zero that far below the threshold: the gradient has
//! nothing in it but the equations.

use burn::tensor::Tensor;
use synfire::Surrogate;
use synfire::neuron::{Clif, If, Lif, Neuron, NeuronConfig, NeuronState, Neurons, ParameterConfig, Plif, Reset};
use synfire_dynamics::{FieldInfo, Fields};
use synfire_tests::cases::learnable;
use synfire_tests::{Noise, absolute_error, devices, dot, numbers, relative_error, tensor};

const STEPS: usize = 10;
const BATCH: usize = 2;
const SHAPE: [usize; 2] = [3, 2];
const NEURONS: usize = SHAPE[0] * SHAPE[1];
const PLACES: usize = BATCH * NEURONS;
const THRESHOLD: f32 = 1000.0;
const TOLERANCE: f64 = 1e-3;

/// Where the gradient is taken: parameters (a number for each channel), currents and initial states.
#[derive(Clone)]
struct Point {
    parameters: Vec<Vec<f32>>,
    current: Vec<f32>,
    initial: Vec<Vec<f32>>,
}

impl Point {
    /// The number that a difference is taken in.
    fn number(&mut self, of: Variable, index: usize) -> &mut f32 {
        match of {
            Variable::Parameter(i) => &mut self.parameters[i][index],
            Variable::Current => &mut self.current[index],
            Variable::Initial(k) => &mut self.initial[k][index],
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Variable {
    Parameter(usize),
    Current,
    Initial(usize),
}

/// A layer below threshold, at a point.
struct Setup<D> {
    model: D,
    device: burn::tensor::Device,
    weights: Vec<Vec<f32>>,
}

impl<D: Neuron> Setup<D> {
    const STATES: usize = <D::State<f32> as Fields<f32>>::LEN;
    const PARAMETERS: &'static [FieldInfo] = <D::Params<f32> as Fields<f32>>::INFO;

    fn point(noise: &mut Noise) -> Point {
        Point {
            parameters: Self::PARAMETERS
                .iter()
                .map(|info| match info.name {
                    "v_th" => vec![THRESHOLD; SHAPE[0]],
                    "tau_m" => noise.numbers(SHAPE[0], 4.0, 9.0),
                    "tau_p" => noise.numbers(SHAPE[0], 6.0, 12.0),
                    "tau_q" => noise.numbers(SHAPE[0], 2.0, 5.0),
                    _ => noise.numbers(SHAPE[0], 0.5, 2.0),
                })
                .collect(),
            current: noise.numbers(STEPS * PLACES, -1.0, 2.0),
            initial: (0..Self::STATES).map(|_| noise.numbers(PLACES, -1.0, 1.0)).collect(),
        }
    }

    fn layer(&self, point: &Point) -> Neurons {
        // one value for all to satisfy the ranges, then each its own
        let infos = <D::Params<f32> as Fields<f32>>::INFO.iter();
        let config = NeuronConfig::new().with_model(self.model).with_dt(0.5);
        let may_learn = learnable(self.model);
        let config = infos.zip(&point.parameters).zip(&may_learn).fold(config, |config, ((info, values), learns)| {
            let learnable = ParameterConfig::learnable(values[0]).per_channel();
            config.with(info.name, ParameterConfig { learn: Some(*learns), ..learnable })
        });
        let mut neurons = config.init(&SHAPE, &self.device);
        for (parameter, values) in neurons.parameters.iter_mut().zip(&point.parameters) {
            let raw = parameter.to_raw(tensor(values.clone(), [SHAPE[0]], &self.device));
            let learns = parameter.is_learnable();
            parameter.raw = parameter.raw.clone().map(|_| raw.set_require_grad(learns));
        }
        neurons
    }

    /// Traces of all states and the final states, and the leaves of the graph that they came from.
    fn run(&self, point: &Point) -> (Neurons, Tensor<3>, NeuronState, Vec<Tensor<3>>, NeuronState) {
        let neurons = self.layer(point);
        let current = tensor(point.current.clone(), [STEPS, BATCH, NEURONS], &self.device).require_grad();
        let initial = point.initial.iter().map(|s| tensor(s.clone(), [BATCH, NEURONS], &self.device).require_grad());
        let initial = NeuronState(initial.collect());
        let all: Vec<usize> = (0..Self::STATES).collect();
        let out = neurons.run(current.clone(), STEPS, Some(initial.clone()), &all).unwrap();
        assert_eq!(numbers(&out.output), vec![0.0; STEPS * PLACES], "below threshold");
        (neurons, current, initial, out.traces, out.state)
    }

    /// The loss, summed up in double precision, so that differences of it keep their digits.
    fn loss(&self, point: &Point) -> f64 {
        let (.., traces, last) = self.run(point);
        let traces: f64 = traces.iter().zip(&self.weights).map(|(x, w)| dot(&numbers(x), w)).sum();
        let finals = &self.weights[Self::STATES..];
        traces + last.0.iter().zip(finals).map(|(x, w)| dot(&numbers(x), w)).sum::<f64>()
    }

    /// Its gradient by the scan, for each variable.
    fn gradients(&self, point: &Point) -> Vec<(Variable, Vec<f32>)> {
        let (neurons, current, initial, traces, last) = self.run(point);
        let mut loss = Tensor::<1>::zeros([1], &self.device);
        for (trace, weights) in traces.into_iter().zip(&self.weights) {
            loss = loss + (tensor(weights.clone(), trace.dims(), &self.device) * trace).sum();
        }
        for (state, weights) in last.0.into_iter().zip(&self.weights[Self::STATES..]) {
            loss = loss + (tensor(weights.clone(), state.dims(), &self.device) * state).sum();
        }
        let gradients = loss.backward();
        let mut all = vec![(Variable::Current, numbers(&current.grad(&gradients).unwrap()))];
        for (k, state) in initial.0.iter().enumerate() {
            all.push((Variable::Initial(k), numbers(&state.grad(&gradients).unwrap())));
        }
        for (i, (parameter, values)) in neurons.parameters.iter().zip(&point.parameters).enumerate() {
            // what learns is `ln(value - bound)`: by the chain rule its gradient is `(value - bound)` times as large
            let Some(raw) = parameter.raw.val().grad(&gradients) else { continue };
            let raw = numbers(&raw);
            let bound = Self::PARAMETERS[i].above;
            let gradient = raw.iter().zip(values).map(|(g, value)| g / bound.map_or(1.0, |bound| value - bound));
            all.push((Variable::Parameter(i), gradient.collect()));
        }
        all
    }

    /// The same gradient by central differences.
    fn differences(&self, point: &Point, of: Variable, count: usize) -> Vec<f32> {
        // The loss is linear in currents and states: only rounding counts, and a large step is best. A
        // parameter's curvature makes an error of the step squared, rounding one of 1e-7 by the step.
        let eps = match of {
            Variable::Parameter(_) => 0.02,
            Variable::Current | Variable::Initial(_) => 1.0,
        };
        let at = |index: usize, step: f32| {
            let mut point = point.clone();
            *point.number(of, index) += step;
            let number = f64::from(*point.number(of, index));
            (number, self.loss(&point))
        };
        // divided by the step that was taken, which rounding makes a little different from `eps`
        let difference = |index| {
            let ((high, above), (low, below)) = (at(index, eps), at(index, -eps));
            ((above - below) / (high - low)) as f32
        };
        (0..count).map(difference).collect()
    }
}

fn check<D: Neuron>(models: &[D]) {
    for ((backend, device), &model) in devices().into_iter().flat_map(|d| models.iter().map(move |m| (d.clone(), m))) {
        let noise = &mut Noise::new(3);
        let point = Setup::<D>::point(noise);
        let states = Setup::<D>::STATES;
        let weights =
            (0..2 * states).map(|i| noise.numbers(if i < states { STEPS * PLACES } else { PLACES }, -1.0, 1.0));
        let setup = Setup { model, device, weights: weights.collect() };
        let (mut nonzero, mut worst) = (0, 0f64);
        for (variable, gradient) in setup.gradients(&point) {
            let difference = setup.differences(&point, variable, gradient.len());
            let error = relative_error(&gradient, &difference);
            nonzero += usize::from(absolute_error(&gradient, &vec![0.0; gradient.len()]) > 1e-3);
            assert!(error < TOLERANCE, "{backend} {model:?} {variable:?}: {error:e}\n{gradient:?}\n{difference:?}");
            worst = worst.max(error);
        }
        println!("{model:?} on {backend}: worst error {worst:.1e}");
        // the current, the states but the one that is overwritten, the time constants and weights
        let expected = match D::NAME {
            "clif" => 1 + 3 + 4,
            "if" | "lif" => 1 + 1 + 1,
            // the last spike, which only `spaic_compat` uses, stays what it is
            "plif" => 1 + 2 + 1,
            other => panic!("no expectation for {other}"),
        };
        assert_eq!(nonzero, expected, "gradients that are not zero for {model:?}");
    }
}

/// Resets that do nothing below threshold, in both ways of differentiating them.
fn resets<D>(model: impl Fn(Reset, bool) -> D) -> Vec<D> {
    Reset::ALL.into_iter().flat_map(|reset| [true, false].map(|detach| model(reset, detach))).collect()
}

const SURROGATE: Surrogate = Surrogate::Gate;

#[test]
fn gradients_of_if() {
    check(&resets(|reset, detach_reset| If { surrogate: SURROGATE, reset, detach_reset }));
}

#[test]
fn gradients_of_lif() {
    check(&resets(|reset, detach_reset| Lif { surrogate: SURROGATE, reset, detach_reset, ..Lif::default() }));
}

#[test]
fn gradients_of_plif() {
    check(&resets(|reset, detach_reset| Plif { surrogate: SURROGATE, reset, detach_reset, ..Plif::default() }));
}

#[test]
fn gradients_of_clif() {
    check(&[Clif { surrogate: SURROGATE }]);
}
