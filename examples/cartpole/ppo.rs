//! Proximal policy optimisation (Schulman et al. 2017) with generalised advantages (Schulman et al. 2016).

use super::agent::{Agent, tensor};
use super::physics::{CartPole, State};
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use burn_rl::Environment;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use synfire::Error;
use synfire::coding::{Action, Draw};

/// Discount of what comes a step later.
const GAMMA: f32 = 0.99;
/// What rewards of 1 for ever are worth: the unit of values.
pub const LONG_RUN: f32 = 1.0 / (1.0 - GAMMA);
const LAMBDA: f32 = 0.95;
/// How far a policy moves on one rollout.
const CLIP: f32 = 0.2;
const ENTROPY: f32 = 0.005;
const EPOCHS: usize = 6;
const MINIBATCH: usize = 256;

/// What was seen and done, step by step, all environments at each step.
#[derive(Default)]
pub struct Rollout {
    states: Vec<State>,
    next: Vec<State>,
    actions: Vec<usize>,
    log_probability: Vec<f32>,
    rewards: Vec<f32>,
    fell: Vec<bool>,
    over: Vec<bool>,
    /// Returns of the episodes that ended.
    pub returns: Vec<f32>,
}

/// Environments side by side, and the returns so far of their episodes.
pub struct Environments {
    all: Vec<CartPole>,
    sums: Vec<f32>,
}

impl Environments {
    pub fn new(count: usize, seed: u64) -> Self {
        let all = (0..count as u64).map(|i| CartPole::new(seed * 1000 + i)).collect();
        Environments { all, sums: vec![0.0; count] }
    }

    /// Acts for so many steps; `draw` counts the decisions.
    pub fn roll(&mut self, agent: &Agent, action: &Action, steps: usize, draw: &mut Draw) -> Result<Rollout, Error> {
        let (mut rollout, device) = (Rollout::default(), Device::default());
        for _ in 0..steps {
            let states: Vec<State> = self.all.iter().map(CartPole::state).collect();
            let activity = agent.acts(tensor(&states, &device))?;
            let actions = action.act(&activity, *draw)?;
            draw.step += 1;
            if let Some(policy) = action.policy(&activity) {
                rollout.log_probability.extend(policy.of(&actions).into_data().iter::<f32>());
            }
            for (i, environment) in self.all.iter_mut().enumerate() {
                let result = environment.step(actions[i]);
                self.sums[i] += result.reward as f32;
                rollout.next.push(result.next_state);
                rollout.rewards.push(result.reward as f32);
                rollout.fell.push(result.done);
                rollout.over.push(result.done || result.truncated);
                if result.done || result.truncated {
                    environment.reset();
                    rollout.returns.push(std::mem::take(&mut self.sums[i]));
                }
            }
            rollout.states.extend(states);
            rollout.actions.extend(actions);
        }
        Ok(rollout)
    }
}

impl Rollout {
    /// By how much each action was better than expected, and what should have been expected.
    fn advantages(&self, agent: &Agent, environments: usize) -> Result<(Vec<f32>, Vec<f32>), Error> {
        let expects = |states: &[State]| -> Result<Vec<f32>, Error> {
            Ok(agent.expects(tensor(states, &Device::default()))?.into_data().iter::<f32>().collect())
        };
        let (values, after) = (expects(&self.states)?, expects(&self.next)?);
        let mut advantages = vec![0.0; values.len()];
        let mut later = vec![0.0; environments];
        for i in (0..values.len()).rev() {
            // an episode that time ended would have gone on, one that fell would not
            let to_come = if self.fell[i] { 0.0 } else { GAMMA * after[i] };
            let surprise = self.rewards[i] / LONG_RUN + to_come - values[i];
            let carried = &mut later[i % environments];
            *carried = surprise + if self.over[i] { 0.0 } else { GAMMA * LAMBDA * *carried };
            advantages[i] = *carried;
        }
        let targets = advantages.iter().zip(&values).map(|(a, v)| a + v).collect();
        Ok((advantages, targets))
    }
}

/// Learns from a rollout.
pub fn learn(
    mut agent: Agent,
    optimizer: &mut ModuleOptimizer,
    rate: f64,
    action: &Action,
    (rollout, environments): (&Rollout, usize),
    rng: &mut ChaCha8Rng,
) -> Result<Agent, Error> {
    let device = Device::default().autodiff();
    let (advantages, targets) = rollout.advantages(&agent.valid(), environments)?;
    let mut order: Vec<usize> = (0..advantages.len()).collect();
    for _ in 0..EPOCHS {
        for i in (1..order.len()).rev() {
            order.swap(i, (rng.next_u64() % (i as u64 + 1)) as usize);
        }
        for chosen in order.chunks(MINIBATCH) {
            let column = |all: &[f32]| -> Tensor<1> {
                let numbers: Vec<f32> = chosen.iter().map(|&i| all[i]).collect();
                Tensor::from_data(TensorData::new(numbers, [chosen.len()]), &device)
            };
            let states: Vec<State> = chosen.iter().map(|&i| rollout.states[i]).collect();
            let states = tensor(&states, &device);
            let actions: Vec<usize> = chosen.iter().map(|&i| rollout.actions[i]).collect();

            let Some(policy) = action.policy(&agent.acts(states.clone())?) else {
                return Err(Error::Config { place: "action".into(), problem: "is no policy".into() });
            };
            let advantage = column(&advantages);
            let advantage = (advantage.clone() - advantage.clone().mean()) / (advantage.var(0).sqrt() + 1e-6);
            let ratio = (policy.of(&actions) - column(&rollout.log_probability)).exp();
            let clipped = ratio.clone().clamp(1.0 - CLIP, 1.0 + CLIP) * advantage.clone();
            let gain = (ratio * advantage).min_pair(clipped).mean() + policy.entropy().mean() * ENTROPY;
            let error = (agent.expects(states)? - column(&targets)).square().mean();

            let gradients = GradientsParams::from_grads((error - gain).backward(), &agent);
            agent = optimizer.step(rate, agent, gradients);
        }
    }
    Ok(agent)
}
