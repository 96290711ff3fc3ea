//! Every recorded reward of SPAIC, on every CPU backend.

use burn::tensor::Device;
use synfire::coding::{Reward, Target};
use synfire_tests::golden::{Recording, recordings};
use synfire_tests::{devices, numbers};

/// The settings that make a reward what SPAIC's source has.
fn reward(case: &Recording) -> Reward {
    let mut settings = case.params();
    settings.insert("name".to_string(), case.name.clone().into());
    if Reward::named(&case.name).unwrap().settings().contains_key("spaic_compat") {
        settings.insert("spaic_compat".to_string(), true.into());
    }
    // what a step without a reward gives; ours has the shape of the rewards
    if let Some(shape) = settings.remove("reward_shape") {
        let shape: Vec<usize> = serde_json::from_value(shape).unwrap();
        let steps = case.shape("reward")[0];
        assert_eq!(shape.iter().product::<usize>(), case.numbers("reward").len() / steps, "{}", case.what());
    }
    let reward: Reward =
        serde_json::from_value(settings.into()).unwrap_or_else(|error| panic!("{}: {error}", case.what()));
    assert_eq!(reward.check(), Ok(()), "{}", case.what());
    reward
}

fn target(case: &Recording) -> Target {
    let target = case.numbers("target");
    match case.name.as_str() {
        "environment_reward" => Target::Values(target.to_vec()),
        _ => Target::Labels(target.iter().map(|label| *label as usize).collect()),
    }
}

fn check(case: &Recording, device: &Device) {
    let known = ["record", "target", "reward"];
    assert!(case.names().all(|name| known.contains(&name)), "{}: an array that is none of {known:?}", case.what());
    let given = reward(case).reward(case.tensor("record", device), &target(case)).unwrap();
    case.check_numbers("reward", &numbers(&given));
}

#[test]
fn every_recorded_reward_is_given() {
    for case in recordings("reward") {
        for (backend, device) in devices().into_iter().filter(|(name, _)| matches!(*name, "flex" | "ndarray")) {
            eprintln!("{} on {backend}", case.what());
            check(&case, &device);
        }
    }
}
