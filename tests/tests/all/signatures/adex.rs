//! Naud, Marcille, Clopath and Gerstner (2008), table 1: firing patterns of the adaptive exponential neuron.

use super::{Recording, bursts, variation};
use synfire::neuron::AdexConfig;

/// `c` (pF), `g_l` (nS), `e_l` (mV), `a` (nS), `tau_w` (ms), `b` (nA), `v_reset` (mV), current (pA).
pub(super) struct Pattern {
    c: f32,
    g_l: f32,
    e_l: f32,
    a: f32,
    tau_w: f32,
    b: f32,
    v_reset: f32,
    current: f32,
}

pub(super) const TONIC: Pattern =
    Pattern { c: 200.0, g_l: 10.0, e_l: -70.0, a: 2.0, tau_w: 30.0, b: 0.0, v_reset: -58.0, current: 500.0 };
pub(super) const ADAPTING: Pattern =
    Pattern { c: 200.0, g_l: 12.0, e_l: -70.0, a: 2.0, tau_w: 300.0, b: 0.06, v_reset: -58.0, current: 500.0 };
pub(super) const INITIAL_BURST: Pattern =
    Pattern { c: 130.0, g_l: 18.0, e_l: -58.0, a: 4.0, tau_w: 150.0, b: 0.12, v_reset: -50.0, current: 400.0 };
pub(super) const BURSTING: Pattern =
    Pattern { c: 200.0, g_l: 10.0, e_l: -58.0, a: 2.0, tau_w: 120.0, b: 0.1, v_reset: -46.0, current: 210.0 };

pub(super) fn run(pattern: &Pattern, duration: f32) -> Recording {
    let config = AdexConfig::new()
        .with("c", pattern.c)
        .with("g_l", pattern.g_l)
        .with("e_l", pattern.e_l)
        .with("v_th", -50.0)
        .with("v_spk", 0.0)
        .with("v_reset", pattern.v_reset)
        .with("a", pattern.a)
        .with("b", pattern.b)
        .with("tau_w", pattern.tau_w)
        .with_dt(0.1);
    Recording::of(&config, &[pattern.e_l, 0.0], &[pattern.current], duration)
}

/// Spikes closer than this, in ms, are of one burst.
const GAP: f32 = 20.0;

#[test]
fn without_adaptation_it_is_tonic() {
    let intervals = run(&TONIC, 500.0).intervals(0);
    println!("{intervals:.1?}");
    assert!(intervals.len() > 30 && variation(&intervals) < 0.03);
}

#[test]
fn adaptation_makes_the_intervals_grow() {
    let intervals = run(&ADAPTING, 700.0).intervals(0);
    println!("{intervals:.1?}");
    assert!(intervals[..6].windows(2).all(|pair| pair[1] > pair[0]), "each longer than the one before");
    assert!(intervals.last().unwrap() > &(4.0 * intervals[0]), "several times the first in the end");
    assert!(variation(&intervals[intervals.len() - 4..]) < 0.02, "until it is adapted");
}

#[test]
fn it_can_start_with_a_burst() {
    let intervals = run(&INITIAL_BURST, 500.0).intervals(0);
    println!("{intervals:.1?}");
    let bursts = bursts(&intervals, GAP);
    assert!(bursts[0] >= 3 && bursts.len() > 4 && bursts[1..].iter().all(|&spikes| spikes == 1), "{bursts:?}");
}

#[test]
fn a_high_reset_makes_it_burst_again_and_again() {
    let intervals = run(&BURSTING, 800.0).intervals(0);
    println!("{intervals:.1?}");
    let bursts = bursts(&intervals, GAP);
    let (_, whole) = bursts.split_last().unwrap();
    assert!(whole.len() >= 4 && whole.iter().all(|&spikes| spikes >= 2), "{bursts:?}");
    assert!(intervals.iter().all(|&interval| !(GAP..5.0 * GAP).contains(&interval)), "short or long, nothing between");
    // the same neuron that is reset below its threshold fires one by one
    let low = Pattern { v_reset: -58.0, ..BURSTING };
    let intervals = run(&low, 800.0).intervals(0);
    assert!(intervals.len() > 4 && intervals.iter().all(|&interval| interval > GAP), "{intervals:.1?}");
}
