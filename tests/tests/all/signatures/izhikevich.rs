//! Izhikevich (2003), figure 2: the firing types of cortical neurons under a constant current.

use super::{Recording, bursts, variation};
use synfire::neuron::{Integrator, IzhConfig};

/// The numbers of a firing type: `a`, `b`, `c` (our `v_reset`), `d`.
pub(super) const REGULAR: [f32; 4] = [0.02, 0.2, -65.0, 8.0];
pub(super) const BURSTING: [f32; 4] = [0.02, 0.2, -55.0, 4.0];
pub(super) const CHATTERING: [f32; 4] = [0.02, 0.2, -50.0, 2.0];
pub(super) const FAST: [f32; 4] = [0.1, 0.2, -65.0, 2.0];

/// A neuron at rest that receives the paper's current of 10 from the first step on.
pub(super) fn run([a, b, c, d]: [f32; 4], duration: f32, dt: f32, integrator: Integrator) -> Recording {
    let mut config = IzhConfig::new().with("a", a).with("b", b).with("v_reset", c).with("d", d).with_dt(dt);
    config.model.integrator = integrator;
    Recording::of(&config, &[-65.0, b * -65.0], &[10.0], duration)
}

/// Times between spikes in 400 ms.
fn intervals(kind: [f32; 4]) -> Vec<f32> {
    run(kind, 400.0, 0.1, Integrator::Euler).intervals(0)
}

/// Spikes closer than this, in ms, are of one burst.
const GAP: f32 = 10.0;

#[test]
fn regular_spiking_adapts() {
    let intervals = intervals(REGULAR);
    println!("{intervals:.1?}");
    assert!(bursts(&intervals, GAP).iter().all(|&spikes| spikes == 1), "single spikes");
    assert!(intervals[0] < 0.7 * intervals[1], "the first interval is short");
    assert!(variation(&intervals[2..]) < 0.02, "then it is regular");
}

#[test]
fn fast_spiking_does_not_adapt() {
    let (fast, regular) = (intervals(FAST), intervals(REGULAR));
    println!("{fast:.1?}");
    assert!(fast.len() > 4 * regular.len(), "far more spikes than a regular neuron");
    assert!(fast.iter().skip(2).all(|interval| *interval < GAP), "all intervals are short");
    assert!(variation(&fast[2..]) < 0.03, "and alike");
}

#[test]
fn intrinsic_bursting_is_one_burst_and_then_single_spikes() {
    let intervals = intervals(BURSTING);
    println!("{intervals:.1?}");
    let bursts = bursts(&intervals, GAP);
    assert!(bursts[0] >= 3, "a burst");
    assert!(bursts.len() > 5 && bursts[1..].iter().all(|&spikes| spikes == 1), "single spikes");
    assert!(variation(&intervals[bursts[0]..]) < 0.02, "at equal distances");
}

#[test]
fn chattering_is_burst_after_burst() {
    let intervals = intervals(CHATTERING);
    println!("{intervals:.1?}");
    let bursts = bursts(&intervals, GAP);
    let (_, whole) = bursts.split_last().unwrap();
    assert!(whole.len() > 5 && whole.iter().all(|&spikes| spikes >= 3), "{bursts:?}");
    let pauses: Vec<f32> = intervals.iter().copied().filter(|&interval| interval > GAP).collect();
    assert!(pauses.iter().all(|&pause| (20.0..100.0).contains(&pause)), "10 to 50 bursts per second");
    assert!(variation(&pauses) < 0.05, "in a rhythm");
}

#[test]
fn the_time_step_is_honoured() {
    // the time from spike to spike must not depend on how finely it is cut
    let rate = |dt, integrator| run(REGULAR, 500.0, dt, integrator).rate(0, 100.0);
    let fine = rate(0.05, Integrator::Rk4);
    for integrator in Integrator::ALL {
        for dt in [0.05, 0.2] {
            let rate = rate(dt, integrator);
            assert!((rate / fine - 1.0).abs() < 0.02, "{integrator:?} with {dt} ms: {rate} Hz, not {fine}");
        }
    }
}
