//! A spiking network learns to balance a pole from rewards alone:
//! `cargo run --release --example cartpole -- [--fast] [--svg curve.svg]`

#[path = "cartpole/agent.rs"]
mod agent;
#[path = "common/options.rs"]
mod options;
#[path = "cartpole/physics.rs"]
mod physics;
#[path = "cartpole/ppo.rs"]
mod ppo;
#[path = "cartpole/rollout.rs"]
mod rollout;

use agent::Agent;
use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::AdamConfig;
use burn::tensor::Device;
use options::Options;
use ppo::Learner;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rollout::Environments;
use std::time::Instant;
use synfire::Error;
use synfire::coding::{Action, ActionSeed, HighestVoltageAction, SoftmaxAction};
use synfire::plot::{Curve, relation};

/// Poles side by side, and decisions of each between two lessons.
const ENVIRONMENTS: usize = 16;
const HORIZON: usize = 128;
const LESSONS: usize = 80;
const LEARNING_RATE: f64 = 1e-3;

/// An agent after so many of the lessons, and how its returns grew: thousands of decisions, and the mean return
/// of the last 100 episodes.
fn train(seed: u64, lessons: usize) -> Result<(Agent, Vec<(f64, f64)>), Error> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let agent = Agent::new(&mut rng, &Device::default().autodiff())?;
    // a spike more in one direction: how much that counts is a matter of scale
    let action = Action::from(SoftmaxAction { temperature: 4.0, ..SoftmaxAction::default() });
    let clipping = GradientClippingConfig::Norm(0.5);
    let optimizer = AdamConfig::new().with_epsilon(1e-5).with_grad_clipping(Some(clipping)).init();
    let mut learner = Learner { agent, action, optimizer, rng };
    let mut environments = Environments::new(ENVIRONMENTS, seed);
    let mut decision = ActionSeed { seed, step: 0 };
    let (mut returns, mut curve) = (vec![], vec![]);
    for lesson in 0..lessons {
        let rollout = environments.roll(&learner.agent.valid(), &learner.action, HORIZON, &mut decision)?;
        let left = 1.0 - lesson as f64 / LESSONS as f64;
        learner.learn(&rollout, LEARNING_RATE * left)?;
        returns.extend(rollout.returns.iter().map(|(_, total)| f64::from(*total)));
        let last = &returns[returns.len().saturating_sub(100)..];
        curve.push((decision.step as f64 * ENVIRONMENTS as f64 / 1e3, last.iter().sum::<f64>() / last.len() as f64));
    }
    Ok((learner.agent, curve))
}

/// Return of one episode of each of so many poles, without exploration.
fn evaluate(agent: &Agent, seed: u64, episodes: usize) -> Result<Vec<f32>, Error> {
    let greedy = HighestVoltageAction { epsilon_start: 0.0, epsilon_end: 0.0, ..HighestVoltageAction::default() };
    // starts that no training saw
    let mut environments = Environments::new(episodes, seed + 1_000_000);
    let rollout = environments.roll(&agent.valid(), &greedy.into(), rollout::LONGEST, &mut ActionSeed::default())?;
    let first = |i| rollout.returns.iter().find(|(environment, _)| *environment == i).map(|(_, total)| *total);
    Ok((0..episodes).filter_map(first).collect())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::read(std::env::args().skip(1))?;
    let (seeds, lessons) = if options.fast { (1..=1, LESSONS / 10) } else { (1..=5, LESSONS) };
    let mut curves = vec![];
    for seed in seeds {
        let started = Instant::now();
        let (agent, curve) = train(seed, lessons)?;
        let seconds = started.elapsed().as_secs_f64();
        for (thousands, mean) in curve.iter().skip(5).step_by(6) {
            println!("seed {seed}  {thousands:6.1} k decisions  mean return of the last 100 episodes {mean:6.1}");
        }
        let returns = evaluate(&agent, seed, 100)?;
        let (mean, least) = (returns.iter().sum::<f32>() / 100.0, returns.iter().fold(f32::INFINITY, |a, b| a.min(*b)));
        println!("seed {seed}  learned in {seconds:.1} s; mean return of 100 episodes {mean:.1}, the worst {least}");
        curves.push((format!("seed {seed}"), curve));
    }
    let curves: Vec<Curve<'_>> = curves.iter().map(|(name, points)| Curve { name, points }).collect();
    let title = "A pole balanced by spiking neurons";
    options.draw(&relation(title, "thousand decisions", "mean return of the last 100 episodes", &curves).svg())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_lessons_help() {
        let (_, curve) = train(1, 4).unwrap();
        assert!(curve[3].1 > 1.25 * curve[0].1, "{curve:?}");
    }

    #[test]
    fn unknown_arguments_are_refused() {
        let read = |words: &[&str]| Options::read(words.iter().map(ToString::to_string));
        assert!(read(&["--fast", "--svg", "a.svg"]).unwrap().fast);
        assert!(read(&["--slow"]).is_err() && read(&["--svg"]).is_err());
    }
}
