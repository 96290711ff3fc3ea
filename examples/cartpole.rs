//! A spiking network learns to balance a pole from rewards alone:
//! `cargo run --release -p synfire --example cartpole -- [--seed 1] [--fast] [--svg curve.svg]`

#[path = "cartpole/agent.rs"]
mod agent;
#[path = "cartpole/physics.rs"]
mod physics;
#[path = "cartpole/ppo.rs"]
mod ppo;

use agent::Agent;
use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::AdamConfig;
use burn::tensor::Device;
use ppo::Environments;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::time::Instant;
use synfire::coding::{Action, Draw, HighestVoltageAction, SoftmaxAction};

const ENVIRONMENTS: usize = 16;
const HORIZON: usize = 128;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seed: u64 = std::env::args().nth(1).map_or(1, |s| s.parse().unwrap());
    let most: usize = std::env::args().nth(2).map_or(100, |s| s.parse().unwrap());
    let rate: f64 = std::env::args().nth(3).map_or(1e-3, |s| s.parse().unwrap());
    let started = Instant::now();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut agent = Agent::new(&mut rng, &Device::default().autodiff())?;
    let mut optimizer =
        AdamConfig::new().with_epsilon(1e-5).with_grad_clipping(Some(GradientClippingConfig::Norm(0.5))).init();
    let action = Action::from(SoftmaxAction { temperature: 4.0, ..Default::default() });
    let mut environments = Environments::new(ENVIRONMENTS, seed);
    let mut draw = Draw { seed, step: 0 };
    for iteration in 0..most {
        let rollout = environments.roll(&agent.valid(), &action, HORIZON, &mut draw)?;
        let left = 1.0 - iteration as f64 / most as f64;
        agent = ppo::learn(agent, &mut optimizer, rate * left, &action, (&rollout, ENVIRONMENTS), &mut rng)?;
        let mean = rollout.returns.iter().sum::<f32>() / rollout.returns.len().max(1) as f32;
        println!("{iteration} {mean:.1} ({}) {:.1} s", rollout.returns.len(), started.elapsed().as_secs_f32());
    }
    for (name, action) in [
        ("softmax", action),
        ("greedy", HighestVoltageAction { epsilon_start: 0., epsilon_end: 0., ..Default::default() }.into()),
    ] {
        let mut test = Environments::new(100, seed + 777);
        let rollout = test.roll(&agent.valid(), &action, 500, &mut draw)?;
        let returns = &rollout.returns[..100.min(rollout.returns.len())];
        println!(
            "{name}: mean of {} episodes {:.1}",
            returns.len(),
            returns.iter().sum::<f32>() / returns.len() as f32
        );
    }
    Ok(())
}
