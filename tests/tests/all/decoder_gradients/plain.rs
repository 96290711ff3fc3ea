//! Decoders whose gradient is not that of their scores, as plain functions whose derivative it is.
//!
//! What no gradient flows through is taken where the activity is, `here`; the rest where it has `moved` to.

use super::point::{BATCH, DT, NEURONS, Point, STEPS};
use synfire::coding::Decoder;

/// The score of a neuron for a sample.
type Score = fn(&Point, &Point, usize, usize) -> f64;

pub(crate) struct Plain {
    score: Score,
    rate_weight: f64,
}

/// The plain function of this decoder, if it needs one.
pub(crate) fn of(decoder: &Decoder) -> Option<Plain> {
    let score: Score = match decoder.name() {
        "complex_latency" => complex_latency,
        "time_shares" => time_shares,
        "time_softmax" => time_softmax,
        _ => return None,
    };
    let rate_weight = decoder.settings().get("rate_weight").and_then(serde_json::Value::as_f64).unwrap_or(0.0);
    Some(Plain { score, rate_weight })
}

impl Plain {
    /// The weighted sum of the scores, and the penalty.
    pub(crate) fn value(&self, moved: &Point, here: &Point, weights: &[f32]) -> f64 {
        let places = (0..BATCH * NEURONS).map(|i| (i / NEURONS, i % NEURONS));
        let scores = places.zip(weights).map(|((b, n), &w)| f64::from(w) * (self.score)(moved, here, b, n));
        let excess = |b| (0..NEURONS).map(|n| count(moved, b, n)).sum::<f64>() / NEURONS as f64 - 3.0;
        let rate_loss = (0..BATCH).map(|b| excess(b).powi(2)).sum::<f64>().sqrt();
        scores.sum::<f64>() + self.rate_weight * rate_loss
    }
}

/// Spike and time, in ms, of a step.
fn spike(point: &Point, k: usize, b: usize, n: usize) -> (f64, f64) {
    let place = (k * BATCH + b) * NEURONS + n;
    (f64::from(point.output[place]), f64::from(point.times.as_ref().unwrap()[place]))
}

fn count(point: &Point, b: usize, n: usize) -> f64 {
    (0..STEPS).map(|k| spike(point, k, b, n).0).sum()
}

/// All steps and neurons.
fn places() -> impl Iterator<Item = (usize, usize)> {
    (0..STEPS).flat_map(|k| (0..NEURONS).map(move |n| (k, n)))
}

fn complex_latency(moved: &Point, here: &Point, b: usize, n: usize) -> f64 {
    let steps = STEPS as f64;
    let early = |point: &Point, k, n| match spike(here, k, b, n).0 > 0.0 {
        true => steps - k as f64 + spike(point, k, b, n).1 / f64::from(DT),
        false => 0.0,
    };
    let most = places().map(|(k, n)| early(here, k, n)).fold(0.0, f64::max);
    let term = |k: usize| {
        let before: f64 = (0..=k).map(|k| spike(here, k, b, n).0).sum();
        let fires = f64::from(u8::from(spike(here, k, b, n).0 > 0.0));
        (-before / 5.0).exp() * spike(moved, k, b, n).0 * fires * ((early(moved, k, n) - most) / steps).exp()
    };
    (0..STEPS).map(term).sum()
}

fn time_softmax(moved: &Point, here: &Point, b: usize, n: usize) -> f64 {
    let dt = f64::from(DT);
    let start = |k: usize, n| k as f64 * dt + if spike(here, k, b, n).0 > 0.0 { 0.0 } else { STEPS as f64 * dt };
    let first = places().map(|(k, n)| start(k, n)).fold(f64::INFINITY, f64::min);
    let score = |point: &Point| -> f64 {
        let term = |k| 5.0 * ((first - start(k, n) + shift(point, here, k, b, n)) / 50.0).exp();
        (0..STEPS).map(term).sum()
    };
    score(here) + (score(moved) - score(here)) / (count(here, b, n) + 1.0)
}

fn time_shares(moved: &Point, here: &Point, b: usize, n: usize) -> f64 {
    let dt = f64::from(DT);
    let weight = |k: usize, n| {
        let (size, time) = spike(here, k, b, n);
        size * (-(k as f64 * dt - time) / 20.0).exp()
    };
    let all: f64 = places().map(|(k, n)| weight(k, n)).sum();
    let share: f64 = (0..STEPS).map(|k| weight(k, n) / all).sum();
    let own: f64 = (0..STEPS).map(|k| weight(k, n) / all * shift(moved, here, k, b, n)).sum();
    let others: f64 = places().map(|(k, n)| weight(k, n) / all * shift(moved, here, k, b, n)).sum();
    share + own - share * others
}

/// By how much a spike and its time, which these decoders treat alike, have grown.
fn shift(moved: &Point, here: &Point, k: usize, b: usize, n: usize) -> f64 {
    let sum = |point: &Point| spike(point, k, b, n).0 + spike(point, k, b, n).1;
    sum(moved) - sum(here)
}
