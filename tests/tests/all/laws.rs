//! What must hold for every model of neuron, whatever its numbers.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use synfire::neuron::{
    ClifConfig, If, IfConfig, LifConfig, Neuron, NeuronConfig, NeuronState, Neurons, ParameterConfig, Per, PlifConfig,
    Reset, registry,
};
use synfire::{Error, Surrogate};
use synfire_dynamics::{Dynamics, Fields, Real, record};
use synfire_tests::{Noise, devices, numbers, relative_error, tensor};

const STEPS: usize = 20;
const BATCH: usize = 4;
const SHAPE: [usize; 2] = [5, 7];
const NEURONS: usize = SHAPE[0] * SHAPE[1];

/// A layer of each model with every parameter learnable, one number or as `per` says.
fn layers(per: Per, device: &Device) -> Vec<Neurons> {
    fn layer<D: Neuron>(mut config: NeuronConfig<D>, per: Per, device: &Device) -> Neurons {
        for info in <D::Params<f32> as Fields<f32>>::INFO {
            config = config.with(info.name, ParameterConfig { per: Some(per), ..ParameterConfig::new().learn() });
        }
        config.init(&SHAPE, device)
    }
    vec![
        layer(IfConfig::new(), per, device),
        layer(LifConfig::new(), per, device),
        layer(PlifConfig::new(), per, device),
        layer(ClifConfig::new(), per, device),
    ]
}

/// A current that makes every model fire now and then.
fn current(device: &Device) -> Tensor<3> {
    Noise::new(4).tensor([STEPS, BATCH, NEURONS], -1.0, 2.5, device)
}

/// One step after the other.
fn stepwise(neurons: &Neurons, current: &Tensor<3>) -> (Tensor<3>, NeuronState) {
    let (mut outputs, mut state) = (vec![], None);
    for step in current.clone().split(1, 0) {
        let (output, next) = neurons.forward_from(step, state);
        outputs.push(output);
        state = Some(next);
    }
    (Tensor::cat(outputs, 0), state.unwrap())
}

fn assert_fires(output: &Tensor<3>, what: &str) {
    let output = numbers(output);
    let rate = output.iter().sum::<f32>() / output.len() as f32;
    assert!((0.02..0.95).contains(&rate), "{what} should fire now and then, not at a rate of {rate}");
}

#[test]
fn all_steps_at_once_are_single_steps_one_after_the_other() {
    for (backend, device) in devices() {
        for neurons in layers(Per::Layer, &device) {
            let what = format!("{} on {backend}", neurons.info().name);
            let leaf = || current(&device).require_grad();
            let (at_once, by_step) = (leaf(), leaf());
            let (output, state) = neurons.forward_from(at_once.clone(), None);
            let (stepped, last) = stepwise(&neurons, &by_step);
            assert_fires(&output, &what);
            assert_eq!(numbers(&output), numbers(&stepped), "{what}");
            for (a, b) in state.0.iter().zip(&last.0) {
                assert_eq!(numbers(a), numbers(b), "{what}");
            }
            // and so are their gradients, but for the order of sums
            let weights = Noise::new(5).tensor([STEPS, BATCH, NEURONS], -1.0, 1.0, &device);
            let gradients = [(&at_once, output), (&by_step, stepped)].map(|(leaf, output)| {
                let gradients = (output * weights.clone()).sum().backward();
                numbers(&leaf.grad(&gradients).unwrap())
            });
            let error = relative_error(&gradients[1], &gradients[0]);
            assert!(error < 1e-6, "{what}: {error:e}");
        }
    }
}

#[test]
fn a_whole_trajectory_is_its_parts() {
    let device = Device::flex();
    let current = current(&device);
    for neurons in layers(Per::Neuron, &device) {
        let whole = numbers(&neurons.forward(current.clone()));
        let (first, state) = neurons.forward_from(current.clone().narrow(0, 0, 13), None);
        let (second, _) = neurons.forward_from(current.clone().narrow(0, 13, STEPS - 13), Some(state));
        assert_eq!([numbers(&first), numbers(&second)].concat(), whole, "{}", neurons.info().name);
    }
}

#[test]
fn without_input_the_membrane_decays() {
    let tau = 8.0;
    for (backend, device) in devices() {
        let start = Noise::new(6).tensor([BATCH, NEURONS], -1.0, 0.99, &device);
        let lif = LifConfig::new().with("tau_m", tau).with_dt(0.5);
        let plif = PlifConfig::new().with("tau_m", ParameterConfig::fixed(tau));
        let factors = [
            (lif.init(&SHAPE, &device), (-0.5 / f64::from(tau)).exp()),
            (plif.init(&SHAPE, &device), 1.0 - 1.0 / f64::from(tau)),
            (IfConfig::new().init(&SHAPE, &device), 1.0),
        ];
        for (neurons, factor) in factors {
            let what = format!("{} on {backend}", neurons.info().name);
            let nothing = Tensor::zeros([1, BATCH, NEURONS], &device);
            let mut state = neurons.start(BATCH, &device);
            state.0[0] = start.clone();
            let out = neurons.run(nothing, STEPS, Some(state), &[0]).unwrap();
            assert_eq!(numbers(&out.output), vec![0.0; STEPS * BATCH * NEURONS], "{what} must not fire");
            let trace = numbers(&out.traces[0]);
            for (t, row) in trace.chunks_exact(BATCH * NEURONS).enumerate() {
                let decay = factor.powi(t as i32 + 1);
                let expected: Vec<f32> = numbers(&start).iter().map(|v| (f64::from(*v) * decay) as f32).collect();
                let error = relative_error(row, &expected);
                assert!(error < 2e-6, "{what} at step {t}: {error:e}");
            }
        }
    }
}

#[test]
fn a_leak_of_nothing_is_no_leak() {
    for (backend, device) in devices() {
        for reset in Reset::ALL {
            let mut lif = LifConfig::new().with("tau_m", 1e9).with("v_th", 1.3);
            lif.model.reset = reset;
            let mut integrate = IfConfig::new().with("v_th", 1.3);
            integrate.model.reset = reset;
            let [a, b] = [lif.init(&SHAPE, &device), integrate.init(&SHAPE, &device)].map(|neurons| {
                let out = neurons.run(current(&device), STEPS, None, &[0]).unwrap();
                assert_fires(&out.output, backend);
                (numbers(&out.output), numbers(&out.traces[0]))
            });
            assert_eq!(a, b, "{reset:?} on {backend}");
        }
    }
}

#[test]
fn a_soft_reset_takes_what_a_spike_carries() {
    for (backend, device) in devices() {
        let model = If { reset: Reset::Soft, ..If::default() };
        let neurons = IfConfig::new().with("v_th", 0.7).with_model(model).init(&SHAPE, &device);
        let (current, start) = (current(&device), Noise::new(7).tensor([BATCH, NEURONS], -0.5, 0.5, &device));
        let (output, last) = neurons.forward_from(current.clone(), Some(NeuronState(vec![start.clone()])));
        assert_fires(&output, backend);
        let came = start + current.sum_dim(0).squeeze_dim(0);
        let left = last.0[0].clone() + output.sum_dim(0).squeeze_dim(0) * 0.7;
        let error = relative_error(&numbers(&left), &numbers(&came));
        assert!(error < 1e-6, "{backend}: {error:e}");
    }
}

#[test]
fn samples_do_not_see_each_other() {
    for (backend, device) in devices() {
        let current = current(&device);
        for per in [Per::Layer, Per::Channel, Per::Neuron] {
            for neurons in layers(per, &device) {
                let together = neurons.forward(current.clone());
                for sample in 0..BATCH {
                    let alone = neurons.forward(current.clone().narrow(1, sample, 1));
                    let name = neurons.info().name;
                    assert_eq!(
                        numbers(&alone),
                        numbers(&together.clone().narrow(1, sample, 1)),
                        "{name} {per:?} on {backend}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_detached_state_stops_gradients() {
    for (backend, device) in devices() {
        for neurons in layers(Per::Layer, &device) {
            let reaches = |detach: bool| {
                let before = (current(&device) * 0.2).detach().require_grad();
                let (_, state) = neurons.forward_from(before.clone(), None);
                let state = if detach { state.detach() } else { state };
                let (output, _) = neurons.forward_from(current(&device).require_grad(), Some(state));
                let gradients = output.sum().backward();
                before.grad(&gradients).is_some_and(|g| numbers(&g).iter().any(|x| *x != 0.0))
            };
            assert!(reaches(false), "{} on {backend}", neurons.info().name);
            assert!(!reaches(true), "{} on {backend}", neurons.info().name);
        }
    }
}

#[test]
fn equal_parameters_are_one_parameter() {
    for (backend, device) in devices() {
        let weights = Noise::new(8).tensor([STEPS, BATCH, NEURONS], -0.5, 1.0, &device);
        let run = |neurons: &Neurons| {
            let output = neurons.forward(current(&device));
            let gradients = (output.clone() * weights.clone()).sum().backward();
            let of = |raw: Tensor<1>| raw.grad(&gradients).map(|g| numbers(&g)).unwrap_or_default();
            (numbers(&output), neurons.parameters.iter().map(|p| of(p.raw.val())).collect::<Vec<_>>())
        };
        let one = layers(Per::Layer, &device);
        for per in [Per::Channel, Per::Neuron] {
            for (one, several) in one.iter().zip(layers(per, &device)) {
                let what = format!("{} {per:?} on {backend}", one.info().name);
                let ((output, gradients), (same, parts)) = (run(one), run(&several));
                assert_eq!(output, same, "{what}");
                assert!(gradients.iter().any(|g| g[0] != 0.0), "{what}: nothing to compare");
                for ((parameter, gradient), parts) in one.parameters.iter().zip(gradients).zip(parts) {
                    assert_eq!(parts.len(), several.parameter(parameter.name()).unwrap().raw.dims()[0]);
                    let sum = parts.iter().map(|x| f64::from(*x)).sum::<f64>() as f32;
                    let error = relative_error(&[sum], &gradient);
                    assert!(error < 1e-5, "{what} {}: {error:e}", parameter.name());
                }
            }
        }
    }
}

#[test]
fn the_order_of_numbers_in_memory_does_not_matter() {
    // currents, states and the gradients of the output lie transposed in memory, or as usual
    for (backend, device) in devices() {
        for neurons in layers(Per::Channel, &device) {
            let run = |transposed: bool| {
                let noise = &mut Noise::new(9);
                let mut leaf = |low: f32, high: f32, dims: [usize; 3]| {
                    let leaf = noise.tensor(dims, low, high, &device);
                    let leaf = if transposed { copy(leaf.permute([2, 1, 0])) } else { leaf };
                    leaf.require_grad()
                };
                let back = |x: Tensor<3>| if transposed { x.permute([2, 1, 0]) } else { x };
                let current = leaf(-1.0, 2.5, [STEPS, BATCH, NEURONS]);
                let states = neurons.info().states;
                let initial: Vec<_> = states.iter().map(|_| leaf(-0.5, 0.5, [1, BATCH, NEURONS])).collect();
                let weights = leaf(-1.0, 1.0, [STEPS, BATCH, NEURONS]);
                let state = initial.iter().map(|s| back(s.clone()).squeeze_dim(0)).collect();
                let out = neurons.run(back(current.clone()), STEPS, Some(NeuronState(state)), &[0]).unwrap();
                // the last sum has a gradient of one number, spread without a copy
                let gradients = ((back(out.output.clone()) * weights).sum() + out.traces[0].clone().sum()).backward();
                let gradient = |leaf: &Tensor<3>| numbers(&back(leaf.grad(&gradients).unwrap()));
                let initial: Vec<_> = initial.iter().map(gradient).collect();
                (numbers(&out.output), numbers(&out.traces[0]), gradient(&current), initial)
            };
            assert_eq!(run(true), run(false), "{} on {backend}", neurons.info().name);
        }
    }
}

/// The same tensor with its numbers in the usual order.
fn copy(x: Tensor<3>) -> Tensor<3> {
    tensor(numbers(&x), x.dims(), &x.device())
}

#[test]
fn a_state_of_another_batch_is_refused() {
    let device = Device::flex();
    for neurons in layers(Per::Layer, &device) {
        let states = neurons.info().states.len();
        let state = |batch: usize| NeuronState(vec![Tensor::zeros([batch, NEURONS], &device); states]);
        assert!(neurons.run(current(&device), STEPS, Some(state(BATCH)), &[]).is_ok());
        for (what, result) in [
            ("another batch", neurons.run(current(&device), STEPS, Some(state(BATCH + 1)), &[])),
            (
                "a state too few",
                neurons.run(current(&device), STEPS, Some(NeuronState(state(BATCH).0.split_off(1))), &[]),
            ),
            ("more steps", neurons.run(current(&device), STEPS + 1, None, &[])),
            ("no steps", neurons.run(current(&device), 0, None, &[])),
            ("no such trace", neurons.run(current(&device), STEPS, None, &[states])),
        ] {
            assert!(matches!(result, Err(Error::Scan(_))), "{what}: {result:?}");
        }
    }
}

record! {
    /// Parameters of [`Resonator`].
    pub struct ResonatorParams {
        /// damping
        damping: 0.9,
        /// angle by which it turns in one step
        angle: 0.6,
        /// threshold
        v_th: 1.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`Resonator`].
    pub struct ResonatorState {
        /// what the current drives
        x: 0.0,
        /// what fires
        y: 0.25,
    }
}

/// A model of one's own: two coupled states, a state that does not rest at zero, settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Resonator {
    surrogate: Surrogate,
}

impl Dynamics for Resonator {
    type Params<R: Copy> = ResonatorParams<R>;
    type Constants<R: Copy> = ResonatorParams<R>;
    type State<R: Copy> = ResonatorState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: ResonatorParams<R>, _: f32) -> ResonatorParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &ResonatorParams<R>, s: &mut ResonatorState<R>, current: R) -> R {
        let (x, y) = (s.x, s.y);
        s.x = c.damping * (x - c.angle * y) + current;
        s.y = c.damping * (y + c.angle * x);
        self.surrogate.spike(s.y, c.v_th, c.alpha)
    }
}

impl Neuron for Resonator {
    const NAME: &'static str = "tests_resonator";
    const ABOUT: &'static str = "fires when it swings high";
    const LEARNABLE: &'static [&'static str] = &["angle"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}

#[test]
fn a_model_of_ones_own_is_like_any_other() {
    assert!(matches!(registry::find(Resonator::NAME), Err(Error::Unknown { .. })));
    registry::register::<Resonator>().unwrap();
    assert!(matches!(registry::register::<Resonator>(), Err(Error::NameTaken { .. })));
    let entry = registry::find("Tests_Resonator").unwrap();
    assert_eq!((entry.info.name, entry.info.learnable), (Resonator::NAME, Resonator::LEARNABLE));
    assert!(registry::models().iter().any(|entry| entry.info.name == Resonator::NAME));

    let mut first = None;
    for (backend, device) in devices() {
        let neurons = NeuronConfig::<Resonator>::new().init(&SHAPE, &device);
        let angle = neurons.parameter("angle").unwrap().raw.val();
        let weights = Noise::new(11).tensor([STEPS, BATCH, NEURONS], -1.0, 1.0, &device);
        let [fused, operations] = [true, false].map(|fused| {
            let current = (current(&device) * 0.4).detach().require_grad();
            let out = match fused {
                true => neurons.run(current.clone(), STEPS, None, &[1]),
                false => neurons.run_by_operations(current.clone(), STEPS, None, &[1]),
            };
            let out = out.unwrap();
            assert_fires(&out.output, backend);
            let gradients = (out.output.clone() * weights.clone()).sum().backward();
            let [of_current, of_angle] =
                [numbers(&current.grad(&gradients).unwrap()), numbers(&angle.grad(&gradients).unwrap())];
            (numbers(&out.output), numbers(&out.traces[0]), of_current, of_angle)
        });
        assert_eq!(fused.0, operations.0, "{backend}");
        for (a, b) in [(&fused.1, &operations.1), (&fused.2, &operations.2), (&fused.3, &operations.3)] {
            let error = relative_error(a, b);
            assert!(error < 1e-5, "{backend}: {error:e}");
        }

        // every backend as the first, flex
        let (spikes, _, of_current, of_angle) = first.get_or_insert_with(|| fused.clone());
        assert_eq!(fused.0, *spikes, "{backend}");
        for (a, b) in [(&fused.2, of_current), (&fused.3, of_angle)] {
            let error = relative_error(a, b);
            assert!(error < 1e-4, "{backend} against flex: {error:e}");
        }

        // the same equations, one neuron after the other in plain numbers
        let constants = ResonatorParams { damping: 0.9, angle: 0.6, v_th: 1.0, alpha: 2.0 };
        let current = numbers(&(current(&device) * 0.4));
        let plane = BATCH * NEURONS;
        for place in 0..plane {
            let mut state = ResonatorState { x: 0.0, y: 0.25 };
            for t in 0..STEPS {
                let at = t * plane + place;
                assert_eq!(Resonator::default().step(&constants, &mut state, current[at]), fused.0[at], "{backend}");
                assert_eq!(state.y, fused.1[at], "{backend}");
            }
        }
    }
}
