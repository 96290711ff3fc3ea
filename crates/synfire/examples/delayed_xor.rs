//! Two cues one after the other, and later a reward that says only whether the answer was right:
//! `cargo run --release --example delayed_xor -- [--fast] [--svg curve.svg]`

#[path = "delayed_xor/network.rs"]
mod network;
#[path = "common/options.rs"]
mod options;
#[path = "delayed_xor/trials.rs"]
mod trials;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use network::Network;
use options::Options;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use synfire::Error;
use synfire::coding::{
    ActionSeed, ActionSelector, HighestSpikesAction, RewardFunction, SoftmaxAction, Target, XorReward,
};
use synfire::plot::{Curve, relation};
use trials::Trials;

const BATCH: usize = 64;
const BATCHES: usize = 200;
const LEARNING_RATE: f64 = 2e-3;

/// The reward of each trial, `[B]`: 1 for the right answer, -1 for the wrong one.
fn reward(answers: &[usize], right: Vec<usize>, device: &Device) -> Result<Tensor<1>, Error> {
    // an answer is what one motor neuron does: fire or not
    let fires = answers.iter().map(|answer| *answer as f32).collect();
    let motor = Tensor::from_data(TensorData::new(fires, [1, answers.len(), 1]), device);
    Ok(XorReward::default().reward(motor, &Target::Labels(right))?.reshape([answers.len()]))
}

/// Share of right answers in percent.
fn percent(rewards: &Tensor<1>) -> f64 {
    (f64::from(rewards.clone().mean().into_scalar::<f32>()) + 1.0) * 50.0
}

/// A network after so many batches of trials, and the share of right answers in each batch.
fn train(seed: u64, batches: usize) -> Result<(Network, Vec<f64>), Error> {
    let device = Device::default().autodiff();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut network = Network::new(&mut rng, &device)?;
    let mut optimizer = AdamConfig::new().init();
    let action = SoftmaxAction { temperature: 4.0, ..SoftmaxAction::default() };
    let mut right = vec![];
    for step in 0..batches as u64 {
        let Trials { spikes, answers } = Trials::draw(BATCH, &mut rng, &device)?;
        let activity = network.forward(spikes);
        let given = action.select(&activity, ActionSeed { seed, step })?;
        let rewards = reward(&given, answers, &device)?;
        right.push(percent(&rewards));
        let Some(policy) = action.policy(&activity) else { break };
        // more of what was better than usual (REINFORCE, Williams 1992); the way back through time tells each
        // connection what it had to do with it
        let usual = rewards.clone().mean();
        let loss = (policy.of(&given) * (rewards - usual)).mean().neg();
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(LEARNING_RATE, network, gradients);
    }
    Ok((network, right))
}

/// Share of right answers in new trials, in percent, without exploration.
fn evaluate(network: &Network, seed: u64, trials: usize) -> Result<f64, Error> {
    let (mut rng, device) = (ChaCha8Rng::seed_from_u64(seed + 1_000_000), Device::default());
    let Trials { spikes, answers } = Trials::draw(trials, &mut rng, &device)?;
    let given = HighestSpikesAction::default().select(&network.valid().forward(spikes), ActionSeed::default())?;
    Ok(percent(&reward(&given, answers, &device)?))
}

/// Means of ten batches: thousands of trials, and the share of right answers in percent.
fn smooth(right: &[f64]) -> Vec<(f64, f64)> {
    let mean = |last: usize| right[last - 10..last].iter().sum::<f64>() / 10.0;
    (10..=right.len()).step_by(5).map(|last| ((last * BATCH) as f64 / 1e3, mean(last))).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::read(std::env::args().skip(1))?;
    let (seeds, batches) = if options.fast { (1..=1, BATCHES * 2 / 3) } else { (1..=5, BATCHES) };
    let mut curves = vec![];
    for seed in seeds {
        let (network, right) = train(seed, batches)?;
        let curve = smooth(&right);
        let solved = curve.iter().find(|(_, right)| *right >= 95.0);
        let solved = solved.map_or("not in".into(), |(thousands, _)| format!("after {:.0} of", thousands * 1e3));
        let (trials, test) = (batches * BATCH, evaluate(&network, seed, 2000)?);
        println!("seed {seed}  95 % right {solved} {trials} trials; {test:.1} % of 2000 new ones");
        curves.push((format!("seed {seed}"), curve));
    }
    let curves: Vec<Curve<'_>> = curves.iter().map(|(name, points)| Curve { name, points }).collect();
    options
        .draw(&relation("Delayed XOR, learned from rewards", "thousand trials", "right answers (%)", &curves).svg())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewards_teach_it() {
        let (network, right) = train(3, 70).unwrap();
        let mean = |batches: &[f64]| batches.iter().sum::<f64>() / batches.len() as f64;
        assert!((mean(&right[..5]) - 50.0).abs() < 15.0, "chance at first: {right:?}");
        let test = evaluate(&network, 3, 500).unwrap();
        assert!(test > 65.0, "{test} %");
    }
}
