use super::*;
use crate::coding::Activations;
use burn::tensor::Device;

/// Spikes `[T, B, N]`, and potentials of the same values.
fn activations<const T: usize, const B: usize, const N: usize>(output: [[[f32; N]; B]; T]) -> Activations {
    let values = Tensor::from_floats(output, &Device::default().autodiff());
    Activations { potential: Some(values.clone()), ..values.into() }
}

fn share(action: &Action, activations: &Activations, sample: usize, wanted: usize) -> f32 {
    let draws = 1500;
    let hits = (0..draws).filter(|step| {
        let seed = ActionSeed { seed: 3, step: *step };
        action.select(activations, seed).unwrap()[sample] == wanted
    });
    hits.count() as f32 / draws as f32
}

#[test]
fn policies_act_as_they_say() {
    // sample 0: 1, 0, 3 spikes; sample 1: none
    let activations = activations([[[1., 0., 2.], [0.; 3]], [[0., 0., 1.], [0.; 3]]]);
    let exponentials = [1f32, 0., 3.].map(f32::exp);
    let softmax = exponentials.map(|e| e / exponentials.iter().sum::<f32>());
    let third = 1.0 / 3.0;
    for (action, expected) in [
        (Action::from(PopRateAction::default()), [[0.25, 0.0, 0.75], [third; 3]]),
        (SoftmaxAction::default().into(), [softmax, [third; 3]]),
    ] {
        let says = rows(action.policy(&activations).unwrap().log.exp());
        for (sample, wanted) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2)] {
            let (probability, does) = (expected[sample][wanted], share(&action, &activations, sample, wanted));
            assert!((says[sample][wanted] - probability).abs() < 1e-6, "{action:?} {says:?}");
            // four standard deviations
            assert!((does - probability).abs() < 0.052, "{action:?} {does} instead of {probability}");
        }
    }
}

#[test]
fn gradients_of_policies_are_finite_and_right() {
    // shares 1/4, 0, 3/4 and a silent sample
    let spikes = Tensor::<3>::from_floats([[[1., 0., 3.], [0.; 3]]], &Device::default().autodiff()).require_grad();
    let activations = Activations::from(spikes.clone());
    let policy = PopRateAction::default().policy(&activations).unwrap();
    let gradients = policy.of(&[2, 1]).sum().backward();
    let gradient: Vec<f32> = spikes.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
    // d ln(c2 / (c0 + c1 + c2)) = [-1/4, -1/4, 1/3 - 1/4]
    let expected = [-0.25, -0.25, 1.0 / 12.0, 0.0, 0.0, 0.0];
    assert!(gradient.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{gradient:?}");
    let entropy: Vec<f32> = policy.entropy().into_data().try_into_vec().unwrap();
    let expected = [0.25 * 4f32.ln() + 0.75 * (4.0f32 / 3.0).ln(), 3f32.ln()];
    assert!(entropy.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{entropy:?}");
}

#[test]
fn populations_act_together() {
    let activations = activations([[[1., 1., 0., 0.]]]);
    let action = PopRateAction { pop_size: 2 };
    assert!(action.select(&activations, ActionSeed::default()).unwrap() == [0]);
    let error = PopRateAction { pop_size: 3 }.select(&activations, ActionSeed::default()).unwrap_err().to_string();
    assert_eq!(
        error,
        "action `pop_rate_action` has populations of `pop_size` = 3 neurons and was given 4; expected a multiple"
    );
    assert!(PopRateAction { pop_size: 0 }.check().is_err());
}

#[test]
fn ties_are_broken_at_random_and_silence_is_a_tie() {
    let activations = activations([[[2., 1., 2.], [0.; 3]]]);
    let action = Action::from(HighestSpikesAction::default());
    for (sample, wanted, expected) in [(0, 0, 0.5), (0, 1, 0.0), (1, 1, 1.0 / 3.0)] {
        assert!((share(&action, &activations, sample, wanted) - expected).abs() < 0.052);
    }
    let first = HighestSpikesAction { spaic_compat: true };
    assert_eq!(first.select(&activations, ActionSeed { seed: 9, step: 4 }).unwrap(), [0, 0]);
}

#[test]
fn exploration_fades() {
    let action = HighestVoltageAction { epsilon_decay: 10.0, ..Default::default() };
    assert!((action.epsilon(0) - 0.9).abs() < 1e-6 && (action.epsilon(10_000) - 0.05).abs() < 1e-6);
    // the last step decides
    let activations = activations([[[9., 0.], [0., 9.]], [[-0.1, 0.2], [0.3, 0.2]]]);
    let late = |steps: std::ops::Range<u64>| {
        let greedy = steps
            .clone()
            .filter(|step| action.select(&activations, ActionSeed { seed: 1, step: *step }).unwrap() == [1, 0]);
        greedy.count() as f32 / (steps.end - steps.start) as f32
    };
    // both samples greedy or lucky: (1 - 0.05 / 2)^2
    assert!((late(200..1200) - 0.951).abs() < 0.028, "{}", late(200..1200));
    assert!(HighestVoltageAction { epsilon_end: 1.5, ..action }.check().is_err());
}

#[test]
fn the_first_spike_acts() {
    let activations = activations([[[0., 0., 0.], [0.; 3]], [[0., 1., 1.], [0.; 3]], [[1., 0., 0.], [0.; 3]]]);
    assert_eq!(FirstSpikeAction {}.select(&activations, ActionSeed::default()).unwrap(), [1, 0]);
}

#[test]
fn activations_that_say_nothing_are_refused() {
    for entry in all() {
        let action = Action::named(entry.name).unwrap();
        assert!(action.check().is_ok());
        let broken = activations([[[f32::NAN, 0.0]]]);
        let message = action.select(&broken, ActionSeed::default()).map_err(|error| error.to_string());
        match entry.name {
            "random_action" => assert!(message.is_ok()),
            name => assert!(message.unwrap_err().starts_with(&format!("action `{name}` was given"))),
        }
    }
    let cold = SoftmaxAction { temperature: 0.0, ..SoftmaxAction::default() };
    let curious = HighestVoltageAction { epsilon_start: f32::NAN, ..HighestVoltageAction::default() };
    for (action, key) in [
        (Action::from(cold), "`temperature` is 0"),
        (curious.into(), "`epsilon_start` is NaN"),
        (PopRateAction { pop_size: 0 }.into(), "`pop_size` is 0"),
    ] {
        let message = action.select(&activations([[[1.0, 2.0]]]), ActionSeed::default()).unwrap_err().to_string();
        assert!(message.contains(key), "{message}");
    }
    let negative = PopRateAction::default().select(&activations([[[-1.0, 2.0]]]), ActionSeed::default());
    assert!(negative.unwrap_err().to_string().contains("-1"));
}
