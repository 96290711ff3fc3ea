//! Recurrent layers against the same layers step by step, each step a scan of its own, whatever the shape, the
//! density of the outputs, the delay, the instruction set and the number of threads.

use crate::kernel::Isa;
use crate::recurrent::{self, Past};
use crate::testing::{Noise, assert_close, assert_independent_of_threads, devices, values};
use crate::{Connections, Dynamics, Feedback, Real, Scan, record};
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

record! {
    /// Parameters.
    pub(crate) struct AdaptiveParams {
        /// decay
        beta: auto,
        /// threshold
        v_th: auto,
    }
}

record! {
    /// State.
    pub(crate) struct AdaptiveState {
        /// adaptation
        a: 0.0,
        /// potential
        v: 0.1,
    }
}

/// A neuron whose threshold adapts. With a smooth slope over the threshold its gradients can be told from finite
/// differences where no spike changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Adaptive {
    /// Whether the potential is set to zero by a spike, or lowered.
    hard: bool,
    /// Whether the output is the potential.
    graded: bool,
}

impl Dynamics for Adaptive {
    type Params<R: Copy> = AdaptiveParams<R>;
    type Constants<R: Copy> = AdaptiveParams<R>;
    type State<R: Copy> = AdaptiveState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: AdaptiveParams<R>, _: f32) -> AdaptiveParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &AdaptiveParams<R>, s: &mut AdaptiveState<R>, current: R) -> R {
        let v = c.beta * s.v + current;
        let high = v - s.a - c.v_th;
        let slope = (high.primal() * high.primal() * 4.0 + 1.0).recip();
        let spike = high.with_slopes(high.greater(high.lit(0.0)), [(high, slope)]);
        s.a = s.a * 0.8 + spike * 0.3;
        s.v = if self.hard { v * (-spike + 1.0) } else { v - spike * c.v_th };
        if self.graded { v * 0.3 } else { spike }
    }
}

/// A layer, and how much of it there is.
#[derive(Clone, Copy, Debug)]
struct Case {
    steps: usize,
    batch: usize,
    neurons: usize,
    delay: usize,
    one_to_one: bool,
    /// Rows of the input.
    rows: usize,
    gain: f32,
    /// Mean of the input, which the number of spikes follows.
    mean: f32,
    model: Adaptive,
}

const PLAIN: Case = Case {
    steps: 21,
    batch: 3,
    neurons: 20,
    delay: 1,
    one_to_one: false,
    rows: 21,
    gain: 1.0,
    mean: 0.3,
    model: Adaptive { hard: true, graded: false },
};

/// Batches that do not fill tasks, neurons that do not fill registers, segments and delays longer than the run, inputs
/// that last, few and many spikes, graded outputs.
fn cases() -> Vec<Case> {
    let soft = Adaptive { hard: false, graded: false };
    let graded = Adaptive { hard: true, graded: true };
    let mut cases = vec![
        PLAIN,
        Case { batch: 8, neurons: 64, steps: 40, rows: 40, ..PLAIN },
        Case { batch: 19, neurons: 33, delay: 2, model: soft, ..PLAIN },
        Case { batch: 1, neurons: 1, delay: 3, gain: 2.0, ..PLAIN },
        Case { batch: 9, neurons: 100, rows: 1, ..PLAIN },
        Case { batch: 2, neurons: 17, rows: 7, gain: 0.5, ..PLAIN },
        Case { one_to_one: true, delay: 2, gain: 3.0, ..PLAIN },
        Case { one_to_one: true, batch: 10, rows: 3, model: soft, ..PLAIN },
        Case { steps: 2, rows: 2, delay: 5, ..PLAIN },
        Case { steps: 35, rows: 35, delay: 20, batch: 9, ..PLAIN },
        Case { model: graded, batch: 11, delay: 2, ..PLAIN },
    ];
    for mean in [-1.0, -0.2, 0.6, 1.5, 4.0] {
        cases.push(Case { mean, batch: 10, neurons: 48, model: soft, ..PLAIN });
    }
    cases
}

/// The tensors of a layer, all of which learn.
#[derive(Clone)]
struct Layer {
    case: Case,
    input: Tensor<3>,
    params: Vec<Tensor<1>>,
    initial: Vec<Tensor<2>>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    line: Tensor<3>,
}

impl Layer {
    fn new(case: Case, device: &Device) -> Self {
        let Case { batch, neurons, .. } = case;
        let mut noise = Noise::new(7);
        let outputs = if case.one_to_one { 1 } else { neurons };
        let scale = if case.one_to_one { 1.0 } else { 2.0 / (neurons as f32).sqrt() };
        Layer {
            case,
            input: (noise.tensor([case.rows, batch, neurons], device) * 2.0 + case.mean).detach().require_grad(),
            params: [0.8, 1.0]
                .map(|mean| (noise.tensor([neurons], device) * 0.1 + mean).detach().require_grad())
                .to_vec(),
            initial: (0..2).map(|_| noise.tensor([batch, neurons], device).detach().require_grad()).collect(),
            weight: (noise.tensor([neurons, outputs], device) * scale).detach().require_grad(),
            bias: (noise.tensor([neurons], device) * 0.2).detach().require_grad(),
            line: noise.tensor([case.delay, batch, neurons], device).greater_elem(0.2).float().require_grad(),
        }
    }

    fn scan(&self, steps: usize, input: Tensor<3>, initial: Vec<Tensor<2>>) -> Scan {
        Scan {
            steps,
            dt: 1.0,
            inputs: vec![input],
            params: self.params.clone(),
            bounds: vec![],
            initial,
            traces: vec![1],
            learnable: vec![0, 1],
        }
    }

    fn fused(&self) -> [Tensor<3>; 3] {
        let neurons = self.case.neurons;
        let connections = match self.case.one_to_one {
            true => Connections::OneToOne(self.weight.clone().reshape([neurons])),
            false => Connections::AllToAll(self.weight.clone()),
        };
        let feedback =
            Feedback { connections, bias: Some(self.bias.clone()), gain: self.case.gain, line: self.line.clone() };
        let scan = self.scan(self.case.steps, self.input.clone(), self.initial.clone());
        let out = scan.run_recurrent(self.case.model, feedback).expect("shapes fit").expect("a kernel");
        [out.output, out.traces[0].clone(), Tensor::stack(out.finals, 0)]
    }

    /// The reference: tensor operations, one step after the other.
    fn by_steps(&self) -> [Tensor<3>; 3] {
        let case = self.case;
        let mut sent: Vec<Tensor<3>> = self.line.clone().split(1, 0);
        let (mut states, mut traces) = (self.initial.clone(), vec![]);
        for t in 0..case.steps {
            let arriving = sent[t].clone();
            let product = match case.one_to_one {
                true => arriving * self.weight.clone().reshape([1, 1, case.neurons]),
                false => arriving.matmul(self.weight.clone().unsqueeze()),
            };
            let current = (product + self.bias.clone().reshape([1, 1, case.neurons])) * case.gain;
            let input = self.input.clone().narrow(0, t * case.rows / case.steps, 1);
            let scan = self.scan(1, input + current, states);
            let out = scan.run_by_operations(case.model).expect("shapes fit");
            sent.push(out.output);
            traces.push(out.traces[0].clone());
            states = out.finals;
        }
        [Tensor::cat(sent.split_off(case.delay), 0), Tensor::cat(traces, 0), Tensor::stack(states, 0)]
    }

    /// The results, and all gradients of a weighted sum of them.
    fn results(&self, run: impl Fn(&Self) -> [Tensor<3>; 3]) -> Vec<(&'static str, Vec<f32>)> {
        let results = run(self);
        let mut noise = Noise::new(9);
        let weighted = results.clone().map(|x| (x.clone() * noise.tensor(x.dims(), &x.device())).sum());
        let gradients = weighted.into_iter().reduce(|a, b| a + b).expect("three results").backward();
        let mut all: Vec<_> = ["output", "trace", "finals"].into_iter().zip(results.iter().map(values)).collect();
        all.push(("input", values(&self.input.grad(&gradients).expect("input"))));
        for (name, param) in ["beta", "threshold"].into_iter().zip(&self.params) {
            all.push((name, values(&param.grad(&gradients).expect(name))));
        }
        for (name, state) in ["initial a", "initial v"].into_iter().zip(&self.initial) {
            all.push((name, values(&state.grad(&gradients).expect(name))));
        }
        all.push(("weight", values(&self.weight.grad(&gradients).expect("weight"))));
        all.push(("bias", values(&self.bias.grad(&gradients).expect("bias"))));
        all.push(("line", values(&self.line.grad(&gradients).expect("line"))));
        all
    }
}

#[test]
fn results_and_gradients_are_those_of_single_steps() {
    let mut rates = vec![];
    for device in devices() {
        for case in cases() {
            let layer = Layer::new(case, &device);
            let (fused, steps) = (layer.results(Layer::fused), layer.results(Layer::by_steps));
            for ((what, fused), (_, steps)) in fused.iter().zip(&steps) {
                assert_close(&format!("{what}, {case:?}"), fused, steps, 2e-5);
            }
            rates.push(fused[0].1.iter().sum::<f32>() / fused[0].1.len() as f32);
        }
    }
    let (few, many) = (rates.iter().any(|&rate| rate < 0.02), rates.iter().any(|&rate| rate > 0.6));
    assert!(few && many, "few and many spikes, not {rates:?}");
}
