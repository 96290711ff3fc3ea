use super::*;
use burn::tensor::Device;

const LABELS: [usize; 2] = [1, 0];

/// Four steps of two samples and two neurons.
fn record() -> Tensor<3> {
    let steps = [[[0., 1.], [0., 1.]], [[0., 0.], [1., 0.]], [[0., 1.], [0., 0.]], [[1., 0.], [1., 0.]]];
    Tensor::from_floats(steps, &Device::default())
}

fn given(reward: impl Into<Reward>, record: Tensor<3>, target: &Target) -> Vec<f32> {
    reward.into().reward(record, target).unwrap().into_data().try_into_vec().unwrap()
}

fn labels() -> Target {
    Target::Labels(LABELS.to_vec())
}

#[test]
fn each_step_has_its_own_reward() {
    // silence answers with the first population
    let reward = given(GlobalReward::default(), record(), &labels());
    assert_eq!(reward, [1., -1., -1., 1., 1., 1., -1., 1.]);
    let per_neuron = given(DaReward::default(), record(), &labels());
    assert_eq!(per_neuron, [0., 1., 0., 0., 0., 0., 1., 0., 0., 1., 1., 0., 0., 0., 1., 0.]);
}

#[test]
fn spaic_sees_the_step_before_and_gives_one_reward_to_the_batch() {
    let reward = given(GlobalReward { spaic_compat: true, ..Default::default() }, record(), &labels());
    // before the first step zeros, which the first population answers
    assert_eq!(reward, [0., 0., 0., 1.]);
}

#[test]
fn a_window_is_rewarded_at_its_end() {
    let reward = GlobalReward { dec_sample_step: 3, reward_signal: 2.0, ..Default::default() };
    // in three steps sample 0 fires [0, 2], sample 1 [1, 1]; the fourth step is in no whole window
    assert_eq!(given(reward, record(), &labels()), [0., 0., 0., 0., 2., 2., 0., 0.]);
    let long = GlobalReward { dec_sample_step: 9, ..reward };
    assert_eq!(given(long, record(), &labels()), [0.0; 8]);
}

#[test]
fn silence_is_right_where_nothing_should_fire() {
    let reward = XorReward { pop_size: 2, ..Default::default() };
    assert_eq!(given(reward, record(), &labels()), [1., -1., -1., -1., 1., 1., 1., -1.]);
    let spaic = XorReward { spaic_compat: true, ..reward };
    assert_eq!(given(spaic, record(), &labels()), [-1., -1., 1., -1., -1., -1., 1., -1.]);
}

#[test]
fn the_environment_has_the_last_word() {
    let target = Target::Values(vec![0.5, -2.0]);
    assert_eq!(
        given(EnvironmentReward { dec_sample_step: 2 }, record(), &target),
        [0., 0., 0.5, -2., 0., 0., 0.5, -2.]
    );
}

#[test]
fn the_class_that_should_fire_is_rewarded_most() {
    let reward = given(ClassifyReward::default(), record(), &labels());
    for sample in reward.chunks(4) {
        assert!(sample[0] < 0.0 && sample[1] > 0.0 && sample[2] > 0.0 && sample[3] < 0.0, "{reward:?}");
        assert!((sample[0] + sample[1]).abs() < 1e-6);
    }
    let one = Tensor::from_floats([[[1.0]]], &Device::default());
    assert_eq!(given(ClassifyReward::default(), one, &Target::Labels(vec![0])), [0.0]);
}

#[test]
fn what_has_no_reward_is_refused() {
    let message = |reward: Reward, target: &Target| reward.reward(record(), target).unwrap_err().to_string();
    let global = || Reward::from(GlobalReward::default());
    assert_eq!(
        message(global(), &Target::Labels(vec![1, 2])),
        "reward `global_reward` was given the label 2; expected one below 2"
    );
    assert_eq!(
        message(global(), &Target::Labels(vec![1])),
        "reward `global_reward` was given 1 targets for a batch of 2"
    );
    assert!(message(global(), &Target::Values(vec![1.0; 2])).contains("compares with labels"));
    assert!(message(EnvironmentReward::default().into(), &labels()).contains("passes on values"));
    assert!(message(EnvironmentReward { dec_sample_step: 0 }.into(), &labels()).contains("dec_sample_step"));
    assert!(message(DaReward { pop_size: 3, ..Default::default() }.into(), &labels()).contains("expected a multiple"));
    assert!(message(XorReward::default().into(), &labels()).contains("one population"));
    for pop_size in [0, 5] {
        assert!(GlobalReward { pop_size, ..Default::default() }.reward(record(), &labels()).is_err());
    }
    assert!(GlobalReward { punish_signal: f32::NAN, ..Default::default() }.check().is_err());
    for entry in all() {
        assert!(Reward::named(entry.name).unwrap().check().is_ok());
        let nothing = Tensor::zeros([0, 2, 2], &Device::default());
        assert!(Reward::named(entry.name).unwrap().reward(nothing, &labels()).is_err());
    }
}
