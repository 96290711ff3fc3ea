//! Recurrent layers against the same layers step by step, each step a scan of its own, whatever the shape, the
//! density of the outputs, the delay, the instruction set and the number of threads.

use crate::graph::Equations;
use crate::kernel::Isa;
use crate::recurrent::{self, Outputs, Past};
use crate::scan::{FeedbackParts, Operands, Pattern, RecurrentSpec, Results, ScanSpec};
use crate::testing::{Noise, assert_close, assert_independent_of_threads, devices, tensor, values};
use crate::{
    Connections, Dynamics, Feedback, Real, Scan, ScanError, ScanOutput, Spikes, linear, linear_spikes, record,
};
use burn::tensor::{Device, Tensor};

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

/// A neuron whose threshold adapts, or one without a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Adaptive {
    /// Whether the potential is set to zero by a spike, or lowered.
    hard: bool,
    /// Whether there is no threshold: everything is smooth then.
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
        if self.graded {
            s.a = s.a * 0.8 + v * v / (v * v + 1.0);
            s.v = v - s.a * c.v_th * 0.1;
            return v * 0.3;
        }
        let high = v - s.a - c.v_th;
        let slope = (high.primal() * high.primal() * 4.0 + 1.0).recip();
        let spike = high.with_slopes(high.greater(high.lit(0.0)), [(high, slope)]);
        s.a = s.a * 0.8 + spike * 0.3;
        s.v = if self.hard { v * (-spike + 1.0) } else { v - spike * c.v_th };
        spike
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
        // whose bits fill words
        cases.push(Case { mean, batch: 10, neurons: 64, delay: 2, model: soft, ..PLAIN });
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

    /// As [`fused`](Self::fused), to spikes as bits.
    fn to_spikes(&self) -> Option<ScanOutput<Spikes>> {
        let connections = match self.case.one_to_one {
            true => Connections::OneToOne(self.weight.clone().reshape([self.case.neurons])),
            false => Connections::AllToAll(self.weight.clone()),
        };
        let feedback =
            Feedback { connections, bias: Some(self.bias.clone()), gain: self.case.gain, line: self.line.clone() };
        let scan = self.scan(self.case.steps, self.input.clone(), self.initial.clone());
        scan.run_to_spikes(self.case.model, Some(feedback)).expect("shapes fit")
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

#[test]
fn gradients_are_finite_differences() {
    let device = &Device::flex().autodiff();
    for one_to_one in [false, true] {
        let model = Adaptive { hard: true, graded: true };
        let case = Case { steps: 18, rows: 9, neurons: 5, delay: 2, gain: 1.5, mean: 0.1, one_to_one, model, ..PLAIN };
        let layer = Layer::new(case, device);
        let (line, input) = (layer.line.clone() * 0.5, layer.input.clone() * 0.2);
        let layer = Layer { line: line.detach().require_grad(), input: input.detach().require_grad(), ..layer };
        let loss = |layer: &Layer| {
            let mut noise = Noise::new(9);
            let weighted = |x: &Tensor<3>| {
                let factors = noise.values(x.dims().iter().product());
                values(x).iter().zip(factors).map(|(x, f)| f64::from(*x) * f64::from(f)).sum::<f64>()
            };
            layer.fused().iter().map(weighted).sum::<f64>()
        };
        let moved = |what: &str, i: usize, by: f32| {
            fn add<const N: usize>(x: &Tensor<N>, i: usize, by: f32) -> Tensor<N> {
                let mut changed = values(x);
                changed[i] += by;
                tensor(changed, x.dims(), &x.device())
            }
            let mut layer = layer.clone();
            match what {
                "input" => layer.input = add(&layer.input, i, by),
                "beta" => layer.params[0] = add(&layer.params[0], i, by),
                "threshold" => layer.params[1] = add(&layer.params[1], i, by),
                "initial a" => layer.initial[0] = add(&layer.initial[0], i, by),
                "initial v" => layer.initial[1] = add(&layer.initial[1], i, by),
                "weight" => layer.weight = add(&layer.weight, i, by),
                "bias" => layer.bias = add(&layer.bias, i, by),
                _ => layer.line = add(&layer.line, i, by),
            }
            loss(&layer)
        };
        const STEP: f32 = 5e-3;
        for (what, gradient) in layer.results(Layer::fused).into_iter().skip(3) {
            let every = (gradient.len() / 7).max(1);
            let (some, differences): (Vec<f32>, Vec<f32>) = (0..gradient.len())
                .step_by(every)
                .map(|i| {
                    let difference = (moved(what, i, STEP) - moved(what, i, -STEP)) / f64::from(2.0 * STEP);
                    (gradient[i], difference as f32)
                })
                .unzip();
            assert_close(&format!("{what}, one to one: {one_to_one}"), &some, &differences, 3e-3);
        }
    }
}

#[test]
fn threads_change_nothing() {
    for case in [Case { batch: 150, neurons: 40, ..PLAIN }, Case { batch: 70, one_to_one: true, ..PLAIN }] {
        let layer = Layer::new(case, &Device::flex().autodiff());
        let all = || layer.results(Layer::fused).into_iter().flat_map(|(_, values)| values).collect();
        assert_independent_of_threads(&format!("{case:?}"), all);
    }
}

#[test]
fn samples_do_not_depend_on_their_batch() {
    let device = Device::flex().autodiff();
    for mean in [0.3, 4.0] {
        let layer = Layer::new(Case { batch: 11, neurons: 50, mean, ..PLAIN }, &device);
        let whole = layer.results(Layer::fused);
        for first in [0, 8, 10] {
            let part = Layer {
                case: Case { batch: 1, ..layer.case },
                input: layer.input.clone().narrow(1, first, 1).detach().require_grad(),
                initial: layer.initial.iter().map(|x| x.clone().narrow(0, first, 1).detach().require_grad()).collect(),
                line: layer.line.clone().narrow(1, first, 1).detach().require_grad(),
                ..layer.clone()
            };
            let output = |all: &[(&str, Vec<f32>)], batch: usize| -> Vec<f32> {
                let sample = if batch == 1 { 0 } else { first };
                all[0].1.chunks(50).skip(sample).step_by(batch).flatten().copied().collect()
            };
            assert_eq!(output(&part.results(Layer::fused), 1), output(&whole, 11), "sample {first}, {mean}");
        }
    }
}

#[test]
fn parts_are_the_whole() {
    let device = Device::flex().autodiff();
    for (delay, one_to_one) in [(1, false), (3, false), (2, true)] {
        let layer = Layer::new(Case { delay, one_to_one, batch: 9, ..PLAIN }, &device);
        let [whole, ..] = layer.fused();
        let (mut line, mut states, mut parts) = (layer.line.clone(), layer.initial.clone(), vec![]);
        for (first, steps) in [(0, 2), (2, 17), (19, 2)] {
            let part = Layer {
                case: Case { steps, rows: steps, ..layer.case },
                input: layer.input.clone().narrow(0, first, steps),
                initial: states,
                line: line.clone(),
                ..layer.clone()
            };
            let [output, _, finals] = part.fused();
            let sent = Tensor::cat(vec![line, output.clone()], 0);
            line = sent.narrow(0, steps, delay);
            states = finals.split(1, 0).into_iter().map(|x| x.squeeze_dim(0)).collect();
            parts.push(output);
        }
        assert_eq!(values(&Tensor::cat(parts, 0)), values(&whole), "delay {delay}, one to one: {one_to_one}");
    }
}

#[test]
fn spikes_as_bits_are_those_of_the_tensor() {
    for device in devices() {
        for case in cases() {
            let layer = Layer::new(case, &device);
            let Some(spikes) = layer.to_spikes() else {
                assert!(case.one_to_one || case.model.graded, "{case:?}");
                continue;
            };
            drop(spikes);
            let of_bits = layer.results(|layer| {
                let out = layer.to_spikes().expect("a kernel");
                [out.output.tensor(), out.traces[0].clone(), Tensor::stack(out.finals, 0)]
            });
            assert_eq!(of_bits, layer.results(Layer::fused), "{case:?}");
        }
    }
}

#[test]
fn linear_maps_of_bits_have_the_gradients_of_those_of_values() {
    let spiking = || cases().into_iter().filter(|case| !case.one_to_one && !case.model.graded);
    for (device, case) in devices().into_iter().flat_map(|device| spiking().map(move |case| (device.clone(), case))) {
        let layer = Layer::new(case, &device);
        let Case { steps, batch, neurons, .. } = case;
        // few outputs, whose gradient comes back in factors, many, and both
        for outputs in [&[10][..], &[70], &[3, 65, 7]] {
            let mut noise = Noise::new(4);
            let weights: Vec<Tensor<2>> =
                outputs.iter().map(|&n| noise.tensor([neurons, n], &device).detach().require_grad()).collect();
            let gradients = |[sum, finals]: [Tensor<3>; 2], seed: u64| {
                let noise = Noise::new(seed).tensor(sum.dims(), &device);
                let gradients = ((sum * noise).sum() + (finals * 0.3).sum()).backward();
                let of_weights = weights.iter().map(|w| values(&w.grad(&gradients).expect("weights")));
                let of_layer = [
                    values(&layer.input.grad(&gradients).expect("input")),
                    values(&layer.weight.grad(&gradients).expect("recurrent weights")),
                    values(&layer.line.grad(&gradients).expect("line")),
                ];
                of_weights.chain(of_layer).collect::<Vec<_>>()
            };
            let [dense, _, finals] = layer.fused();
            let maps = weights.iter().map(|w| linear(dense.clone().reshape([steps * batch, neurons]), w.clone(), None));
            let sum = Tensor::cat(maps.collect(), 1).reshape([steps as i32, batch as i32, -1]);
            let expected = gradients([sum, finals], 5);
            let out = layer.to_spikes().expect("a kernel");
            let maps = weights.iter().map(|w| linear_spikes(out.output.clone(), w.clone(), None)).collect();
            let actual = gradients([Tensor::cat(maps, 2), Tensor::stack(out.finals, 0)], 5);
            for (actual, expected) in actual.iter().zip(&expected) {
                assert_close(&format!("{case:?}, {outputs:?}"), actual, expected, 1e-5);
            }
        }
    }
}

#[test]
fn every_instruction_set_computes_the_same() {
    for case in cases() {
        let layer = Layer::new(case, &Device::flex().autodiff());
        let Case { steps, batch, neurons, .. } = case;
        let spec = RecurrentSpec {
            scan: ScanSpec {
                outlet: None,
                equations: Equations::of(&case.model, 1.0, &[]),
                steps,
                batch,
                neurons,
                constant_input: case.rows == 1,
                uniform_start: false,
                param_lens: vec![neurons; 2],
                traces: vec![1],
                learnable: vec![0, 1],
            },
            pattern: if case.one_to_one { Pattern::OneToOne } else { Pattern::AllToAll },
            gain: case.gain,
            delay: case.delay,
            rows: case.rows,
        };
        let params: Vec<f32> = layer.params.iter().flat_map(values).collect();
        let initial: Vec<f32> = layer.initial.iter().flat_map(values).collect();
        let (inputs, line) = (values(&layer.input), values(&layer.line));
        let (weight, bias) = (values(&layer.weight), values(&layer.bias));
        let operands = Operands { inputs: &inputs[..], params: &params, initial: &initial };
        let feedback = FeedbackParts { weight: &weight[..], bias: &bias, line: &line };
        let upstream = Noise::new(3).values(steps * batch * neurons);
        let mut all = vec![];
        for isa in Isa::available() {
            let (results, kept) = recurrent::forward(isa, &spec, operands, feedback, true);
            let past = Past { operands, feedback, output: Outputs::Values(&results.output), kept: &kept };
            let from = Results { output: Some(&upstream[..]), traces: Some(&upstream), finals: None };
            let wanted = (
                Operands { inputs: true, params: true, initial: true },
                FeedbackParts { weight: true, bias: true, line: true },
            );
            let (operands, feedback) = recurrent::backward(isa, &spec, past, from, wanted);
            let gradients = operands.into_array().into_iter().chain(feedback.into_array());
            all.push((results, gradients.map(|gradient| gradient.expect("a wanted gradient")).collect::<Vec<_>>()));
        }
        let ((first, first_gradients), rest) = all.split_first().expect("a baseline");
        for (results, gradients) in rest {
            if !case.model.graded {
                // sums of weights in one order, by events and dense
                assert_eq!(results.output, first.output, "{case:?}");
                assert_eq!(results.finals, first.finals, "{case:?}");
            }
            for (gradient, first) in gradients.iter().zip(first_gradients) {
                assert_close(&format!("{case:?}"), gradient, first, 1e-5);
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let device = Device::flex().autodiff();
    let layer = Layer::new(PLAIN, &device);
    let run = |rows: usize, neurons: usize, line: [usize; 3]| {
        let input = Tensor::zeros([rows, PLAIN.batch, PLAIN.neurons], &device);
        let connections = Connections::OneToOne(Tensor::zeros([neurons], &device));
        let feedback = Feedback { connections, bias: None, gain: 1.0, line: Tensor::zeros(line, &device) };
        let scan = layer.scan(PLAIN.steps, input, layer.initial.clone());
        scan.run_recurrent(PLAIN.model, feedback).map(|out| out.is_some())
    };
    let Case { batch, neurons, .. } = PLAIN;
    assert_eq!(run(7, neurons, [1, batch, neurons]), Ok(true));
    assert_eq!(run(4, neurons, [1, batch, neurons]), Err(ScanError::Steps { expected: 21, actual: 4 }));
    for (neurons_of_weight, line, name) in
        [(3, [1, batch, neurons], "weight"), (neurons, [0, batch, neurons], "line"), (neurons, [1, 1, neurons], "line")]
    {
        let error = run(7, neurons_of_weight, line).expect_err(name);
        assert!(matches!(&error, ScanError::Shape { name: found, .. } if found == name), "{error}");
    }
}
