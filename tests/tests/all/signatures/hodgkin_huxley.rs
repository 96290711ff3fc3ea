//! Hodgkin and Huxley (1952): the action potential, and the currents under which it repeats.

use super::Recording;
use burn::tensor::{Device, Tensor};
use synfire::neuron::{Hh, HhConfig, Integrator, NeuronState};
use synfire_tests::{numbers, tensor};

/// The resting state: potential and gates.
const REST: [f32; 4] = [0.0, 0.052_932_485, 0.317_676_9, 0.596_120_8];
/// What counts as a spike, in mV above rest.
pub(super) const PEAK: f32 = 50.0;

/// The paper's neuron under constant currents in uA/cm^2.
pub(super) fn run(currents: &[f32], duration: f32, dt: f32, integrator: Integrator) -> Recording {
    let mut config = HhConfig::new().with("e_na", 115.0).with("v_th", PEAK).with_dt(dt);
    config.model.integrator = integrator;
    Recording::of(&config, &REST, currents, duration)
}

/// The equations of 1952 in double precision by the method of Runge and Kutta, every 0.001 ms: the
/// potential every 0.01 ms.
fn reference(current: f64, duration: f64) -> Vec<f64> {
    let slopes = |[v, m, n, h]: [f64; 4]| {
        let alpha_m = 0.1 * (25.0 - v) / ((25.0 - v) / 10.0).exp_m1();
        let alpha_n = 0.01 * (10.0 - v) / ((10.0 - v) / 10.0).exp_m1();
        let alpha_h = 0.07 * (-v / 20.0).exp();
        let beta_m = 4.0 * (-v / 18.0).exp();
        let beta_n = 0.125 * (-v / 80.0).exp();
        let beta_h = 1.0 / (((30.0 - v) / 10.0).exp() + 1.0);
        let ions = 120.0 * m.powi(3) * h * (v - 115.0) + 36.0 * n.powi(4) * (v + 12.0) + 0.3 * (v - 10.6);
        let gate = |x: f64, alpha: f64, beta: f64| alpha * (1.0 - x) - beta * x;
        [current - ions, gate(m, alpha_m, beta_m), gate(n, alpha_n, beta_n), gate(h, alpha_h, beta_h)]
    };
    let along = |x: [f64; 4], k: [f64; 4], dt: f64| core::array::from_fn(|i| x[i] + k[i] * dt);
    let dt = 1e-3;
    let mut x = REST.map(f64::from);
    let mut trace = vec![];
    for step in 1..=(duration / dt).round() as usize {
        let k1 = slopes(x);
        let k2 = slopes(along(x, k1, dt / 2.0));
        let k3 = slopes(along(x, k2, dt / 2.0));
        let k4 = slopes(along(x, k3, dt));
        x = along(x, core::array::from_fn(|i| (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]) / 6.0), dt);
        if step % 10 == 0 {
            trace.push(x[0]);
        }
    }
    trace
}

#[test]
fn it_follows_the_equations_of_1952() {
    let reference = reference(10.0, 50.0);
    let crosses = |t: &usize| reference[*t] > f64::from(PEAK) && reference[t - 1] <= f64::from(PEAK);
    let spikes: Vec<f64> = (1..reference.len()).filter(crosses).map(|t| (t + 1) as f64 * 0.01).collect();
    assert_eq!(spikes.len(), 4);
    // within a spike, 10 mV per ms and more, a lag of 0.01 ms is an error of millivolts
    let calm: Vec<usize> = (1..reference.len()).filter(|&t| (reference[t] - reference[t - 1]).abs() < 0.1).collect();
    assert!(calm.len() > reference.len() / 2);

    for (integrator, of_spikes, of_potential) in [
        (Integrator::Rk4, 0.015, 0.002),
        (Integrator::ExpMidpoint, 0.015, 0.2),
        (Integrator::Euler, 0.025, 0.5),
        // each interval is half a percent too long
        (Integrator::ExpEuler, 0.3, f64::INFINITY),
    ] {
        let ours = run(&[10.0], 50.0, 0.01, integrator);
        let times = ours.spike_times(0);
        assert_eq!(times.len(), spikes.len(), "{integrator:?}");
        let lags = times.iter().zip(&spikes).map(|(ours, exact)| (f64::from(*ours) - exact).abs());
        let lag = lags.fold(0.0, f64::max);
        let off = calm.iter().map(|&t| (f64::from(ours.v[t]) - reference[t]).abs()).fold(0.0, f64::max);
        println!("{integrator:?}: spikes within {lag:.3} ms, potential between spikes within {off:.4} mV");
        assert!(lag < of_spikes && off < of_potential, "{integrator:?}: {lag} ms, {off} mV");
    }
}

#[test]
fn firing_starts_at_once_and_fast() {
    let currents = [0.0, 2.0, 4.0, 6.0, 6.5, 8.0, 10.0, 15.0, 20.0, 160.0];
    let run = run(&currents, 300.0, 0.05, Hh::default().integrator);
    let rates: Vec<f32> = (0..currents.len()).map(|i| run.rate(i, 150.0)).collect();
    println!("currents {currents:?} uA/cm^2: rates {rates:.1?} Hz");
    let (silent, firing) = (&rates[..4], &rates[4..9]);
    assert_eq!(silent, [0.0; 4], "no repetitive firing below 6.2 uA/cm^2");
    assert!((45.0..60.0).contains(&firing[0]), "it starts with about 50 Hz, not slowly: {}", firing[0]);
    assert!(firing.windows(2).all(|pair| pair[1] > pair[0] + 2.0), "more current, more spikes");
    assert!(firing[4] < 100.0, "three times the current does not double the rate");
    assert_eq!(rates[9], 0.0, "too much current and it stays depolarised");
    // below the current of repetitive firing one spike answers the onset, and less current none
    assert_eq!([1, 2].map(|i| run.spike_times(i).len()), [0, 1]);
}

#[test]
fn the_rates_have_no_holes() {
    // alpha_n is 0/0 at 10 mV and alpha_m at 25 mV
    let potentials = [10.0, 10.01, 25.0, 25.01];
    let device = Device::flex().autodiff();
    let mut config = HhConfig::new().with_dt(0.01);
    for integrator in Integrator::ALL {
        config.model.integrator = integrator;
        let layer = config.init(&[potentials.len()], &device);
        let state = |x: f32| Tensor::full([1, potentials.len()], x, &device);
        let v = tensor(potentials.to_vec(), [1, potentials.len()], &device).require_grad();
        let start = NeuronState(vec![v.clone(), state(REST[1]), state(REST[2]), state(REST[3])]);
        let out = layer.run(Tensor::zeros([1, 1, potentials.len()], &device), 1, Some(start), &[]).unwrap();
        let gates = &out.state.0[1..3];
        let gradient = numbers(&v.grad(&(gates[0].clone() + gates[1].clone()).sum().backward()).unwrap());
        for [at, beside] in [[0, 1], [2, 3]] {
            let change = (gradient[at] / gradient[beside] - 1.0).abs();
            assert!(change < 0.01, "{integrator:?}: gradients {gradient:?} at {potentials:?} mV");
        }
    }
}
