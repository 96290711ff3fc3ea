//! Proximal policy optimisation (Schulman et al. 2017) with generalised advantage estimation (Schulman et al.
//! 2016).

use super::agent::{Agent, tensor};
use super::physics::State;
use super::rollout::{Rollout, Transition};
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use synfire::Error;
use synfire::coding::Action;

/// Discount of what comes a step later.
const GAMMA: f32 = 0.99;
/// Discounted value of a reward of 1 for ever: the unit of values, so that they are about 1.
const FOR_EVER: f32 = 1.0 / (1.0 - GAMMA);
/// Decay of the generalised advantage estimate, lambda.
const LAMBDA: f32 = 0.95;
/// Clip range of the ratio of probabilities on one rollout.
const CLIP: f32 = 0.2;
/// Weight of the entropy bonus.
const ENTROPY: f32 = 0.005;
const EPOCHS: usize = 6;
const MINIBATCH: usize = 256;

/// An agent and what it learns with.
pub(crate) struct Learner {
    pub(crate) agent: Agent,
    /// A policy.
    pub(crate) action: Action,
    pub(crate) optimizer: ModuleOptimizer,
    /// Shuffles.
    pub(crate) rng: ChaCha8Rng,
}

/// A decision and how good it was.
struct Judged<'a> {
    transition: &'a Transition,
    /// By how much it was better than expected.
    advantage: f32,
    /// Returns, the targets of the value network.
    value: f32,
}

/// Looks back from the end of a rollout.
fn judge<'a>(agent: &Agent, rollout: &'a Rollout) -> Result<Vec<Judged<'a>>, Error> {
    let expects = |of: fn(&Transition) -> State| -> Result<Vec<f32>, Error> {
        let states: Vec<State> = rollout.transitions.iter().map(of).collect();
        Ok(agent.expects(tensor(&states, &Device::default()))?.into_data().iter::<f32>().collect())
    };
    let (before, after) = (expects(|t| t.state)?, expects(|t| t.next)?);
    let mut later = vec![0.0; rollout.environments];
    let mut judged = vec![];
    for (i, transition) in rollout.transitions.iter().enumerate().rev() {
        // an episode that ran out of time would have gone on, one that failed would not
        let to_come = if transition.done { 0.0 } else { GAMMA * after[i] };
        let surprise = transition.reward / FOR_EVER + to_come - before[i];
        let advantage = &mut later[i % rollout.environments];
        *advantage = surprise + if transition.over { 0.0 } else { GAMMA * LAMBDA * *advantage };
        judged.push(Judged { transition, advantage: *advantage, value: *advantage + before[i] });
    }
    Ok(judged)
}

impl Learner {
    /// Learns from a rollout, at this learning rate.
    pub(crate) fn learn(&mut self, rollout: &Rollout, rate: f64) -> Result<(), Error> {
        let mut judged = judge(&self.agent.valid(), rollout)?;
        for _ in 0..EPOCHS {
            for i in (1..judged.len()).rev() {
                judged.swap(i, (self.rng.next_u64() % (i as u64 + 1)) as usize);
            }
            for chosen in judged.chunks(MINIBATCH) {
                let gradients = GradientsParams::from_grads(self.loss(chosen)?.backward(), &self.agent);
                self.agent = self.optimizer.step(rate, self.agent.clone(), gradients);
            }
        }
        Ok(())
    }

    fn loss(&self, chosen: &[Judged<'_>]) -> Result<Tensor<1>, Error> {
        let device = Device::default().autodiff();
        let column = |of: fn(&Judged<'_>) -> f32| -> Tensor<1> {
            Tensor::from_data(TensorData::new(chosen.iter().map(of).collect(), [chosen.len()]), &device)
        };
        let states: Vec<State> = chosen.iter().map(|judged| judged.transition.state).collect();
        let actions: Vec<usize> = chosen.iter().map(|judged| judged.transition.action).collect();
        let states = tensor(&states, &device);

        let Some(policy) = self.action.policy(&self.agent.acts(states.clone())?) else {
            let problem = "is no policy; choose `softmax_action` or `pop_rate_action`".to_string();
            return Err(Error::Config { place: self.action.name().to_string(), problem });
        };
        let advantage = column(|judged| judged.advantage);
        let advantage = (advantage.clone() - advantage.clone().mean()) / (advantage.var(0).sqrt() + 1e-6);
        let ratio = (policy.of(&actions) - column(|judged| judged.transition.log_probability)).exp();
        let clipped = ratio.clone().clamp(1.0 - CLIP, 1.0 + CLIP) * advantage.clone();
        let gain = (ratio * advantage).min_pair(clipped).mean();
        let error = (self.agent.expects(states)? - column(|judged| judged.value)).square().mean();
        Ok(error - gain - policy.entropy().mean() * ENTROPY)
    }
}
