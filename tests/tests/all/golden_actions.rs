//! Every recorded action of SPAIC: what is done, or how often, on every CPU backend.

use burn::tensor::Device;
use serde_json::{Map, Value};
use synfire::coding::{Action, ActionSeed, Activations};
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{devices, numbers};

/// The settings that make an action what SPAIC's source has, or without `spaic_compat` its documentation.
fn action(case: &Recording, spaic_compat: bool) -> Action {
    let default = Action::named(&case.name).unwrap();
    let mut settings: Map<String, Value> = case.params();
    settings.insert("name".to_string(), case.name.clone().into());
    let (neurons, actions) = (case.shape("record")[2], case.fact("num") as usize);
    if default.settings().contains_key("spaic_compat") {
        settings.insert("spaic_compat".to_string(), spaic_compat.into());
    }
    if default.settings().contains_key("pop_size") {
        settings.insert("pop_size".to_string(), (neurons / actions).into());
    }
    let action: Action =
        serde_json::from_value(settings.into()).unwrap_or_else(|error| panic!("{}: {error}", case.what()));
    assert_eq!(action.check(), Ok(()), "{}", case.what());
    assert_eq!(action.actions(neurons), Ok(actions), "{}", case.what());
    action
}

fn activity(case: &Recording, device: &Device) -> Activations {
    let record = case.tensor("record", device);
    Activations { potential: Some(record.clone()), ..record.into() }
}

/// Share of each action in `count` decisions at one step of exploration.
fn shares(case: &Recording, action: &Action, activity: &Activations, count: usize, step: Option<u64>) -> Vec<f32> {
    let mut shares = vec![0.0; case.fact("num") as usize];
    for i in 0..count as u64 {
        let draw = ActionSeed { seed: step.map_or(7, |_| i), step: step.unwrap_or(i) };
        for taken in action.select(activity, draw).unwrap() {
            shares[taken] += 1.0 / count as f32;
        }
    }
    shares
}

fn near(case: &Recording, ours: &[f32], expected: &[f32], tolerance: impl Fn(usize) -> f32) {
    let off = (0..expected.len()).find(|&i| (ours[i] - expected[i]).abs() > tolerance(i));
    assert!(ours.len() == expected.len() && off.is_none(), "{}: {ours:?}, expected {expected:?}", case.what());
}

/// Rows of shares, each at a step of exploration.
fn check_fading(case: &Recording, action: &Action, activity: &Activations) {
    let list = |name: &str| -> Vec<u64> { serde_json::from_value(case.facts[name].clone()).unwrap() };
    let (steps, repeats) = (list("steps_done"), list("repeats"));
    let rows = case.numbers("freq_by_steps").chunks(case.fact("num") as usize);
    assert!(!steps.is_empty() && steps.len() == repeats.len() && rows.len() == steps.len());
    let only_one = |row: &[f32]| row.contains(&1.0);
    for ((row, step), repeats) in rows.zip(steps).zip(repeats) {
        let count = if only_one(row) { 40 } else { 600 };
        let ours = shares(case, action, activity, count, Some(step));
        // five standard deviations of the difference; nothing where nothing is random
        let chance = 1.0 / row.len() as f32;
        let sigma = (chance * (1.0 - chance) * (1.0 / repeats as f32 + 1.0 / count as f32)).sqrt();
        near(case, &ours, row, |_| if only_one(row) { 1e-4 } else { 5.0 * sigma });
    }
    let first = case.fact("first_greedy_step") as u64;
    for (step, greedy) in [(first - 1, false), (first, true)] {
        let ours = shares(case, action, activity, 40, Some(step));
        assert_eq!(ours.iter().any(|share| *share > 0.9999), greedy, "{} at step {step}: {ours:?}", case.what());
    }
}

fn check(case: &Recording, device: &Device) {
    let (action, activity) = (action(case, true), activity(case, device));
    let draw = ActionSeed { seed: 5, step: 1_000_000 };
    let mut compared = 0;
    for name in case.names() {
        match name {
            "record" | "expected" | "tol" => continue,
            // what is left when exploration has faded
            "action" | "greedy" => {
                let taken: Vec<f32> = action.select(&activity, draw).unwrap().iter().map(|&a| a as f32).collect();
                case.check_numbers(name, &taken);
            }
            "freq" => {
                let ours = shares(case, &action, &activity, case.fact("samples") as usize, None);
                let tolerance = case.numbers("tol");
                near(case, &ours, case.numbers("expected"), |i| tolerance[i]);
            }
            "freq_by_steps" => check_fading(case, &action, &activity),
            "softmax_over_neurons" => {
                let policy = self::action(case, false).policy(&activity).unwrap();
                near(case, &numbers(&policy.log.exp()), case.numbers(name), |_| 1e-6);
            }
            other => panic!("{}: nothing of ours is `{other}`", case.what()),
        }
        compared += 1;
    }
    assert!(compared > 0, "{} has nothing to compare", case.what());
}

#[test]
fn every_recorded_action_is_taken() {
    for case in recordings("action") {
        for (backend, device) in devices().into_iter().filter(|(name, _)| matches!(*name, "flex" | "ndarray")) {
            eprintln!("{} on {backend}", case.what());
            check(&case, &device);
        }
    }
}
