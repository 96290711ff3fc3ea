//! Transitions recorded while an agent acts.

use super::agent::{Agent, tensor};
use super::physics::{CartPole, State};
use burn::tensor::Device;
use burn_rl::Environment;
use synfire::Error;
use synfire::coding::{Action, ActionSeed};

/// Steps after which every episode is over.
pub(crate) const LONGEST: usize = CartPole::MAX_STEPS;

/// One decision of one environment and what came of it.
pub(crate) struct Transition {
    pub(crate) state: State,
    pub(crate) action: usize,
    /// Logarithm of the probability that it had; 0 of an action that is no policy's.
    pub(crate) log_probability: f32,
    pub(crate) reward: f32,
    pub(crate) next: State,
    /// Nothing comes after it.
    pub(crate) done: bool,
    /// Whether the episode ends with it.
    pub(crate) over: bool,
}

/// Step by step, all environments at each step.
pub(crate) struct Rollout {
    pub(crate) environments: usize,
    pub(crate) transitions: Vec<Transition>,
    /// Of the episodes that ended: the environment's number and the sum of the rewards.
    pub(crate) returns: Vec<(usize, f32)>,
}

/// Environments side by side, and the sum so far of each one's rewards.
pub(crate) struct Environments(Vec<(CartPole, f32)>);

impl Environments {
    pub(crate) fn new(count: usize, seed: u64) -> Self {
        Environments((0..count as u64).map(|i| (CartPole::new((seed << 16) + i), 0.0)).collect())
    }

    /// Acts for so many steps; `decision` counts the decisions.
    pub(crate) fn roll(
        &mut self,
        agent: &Agent,
        action: &Action,
        steps: usize,
        decision: &mut ActionSeed,
    ) -> Result<Rollout, Error> {
        let mut rollout = Rollout { environments: self.0.len(), transitions: vec![], returns: vec![] };
        for _ in 0..steps {
            let states: Vec<State> = self.0.iter().map(|(pole, _)| pole.state()).collect();
            let activity = agent.acts(tensor(&states, &Device::default()))?;
            let actions = action.select(&activity, *decision)?;
            decision.step += 1;
            let log_probability: Vec<f32> = match action.policy(&activity) {
                Some(policy) => policy.of(&actions).into_data().iter::<f32>().collect(),
                None => vec![0.0; actions.len()],
            };
            for (i, (pole, sum)) in self.0.iter_mut().enumerate() {
                let result = pole.step(actions[i]);
                let (reward, over) = (result.reward as f32, result.done || result.truncated);
                *sum += reward;
                rollout.transitions.push(Transition {
                    state: states[i],
                    action: actions[i],
                    log_probability: log_probability[i],
                    reward,
                    next: result.next_state,
                    done: result.done,
                    over,
                });
                if over {
                    pole.reset();
                    rollout.returns.push((i, std::mem::take(sum)));
                }
            }
        }
        Ok(rollout)
    }
}
