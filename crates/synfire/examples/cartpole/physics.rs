//! A pole on a cart: the classic of Barto, Sutton and Anderson, *Neuronlike Adaptive Elements That Can Solve
//! Difficult Learning Control Problems* (1983), with the numbers of Gymnasium's `CartPole-v1`.

use burn_rl::{Environment, StepResult};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const GRAVITY: f32 = 9.8; // m/s^2
const CART: f32 = 1.0; // kg
const POLE: f32 = 0.1; // kg
const HALF_LENGTH: f32 = 0.5; // m
const FORCE: f32 = 10.0; // N
const DT: f32 = 0.02; // s
const FARTHEST: f32 = 2.4; // m
const STEEPEST: f32 = 12.0 * std::f32::consts::PI / 180.0;

/// Position (m), velocity (m/s), angle (rad) and angular velocity (rad/s).
pub(crate) type State = [f32; 4];

/// The pole falls unless the cart is pushed to the left (action 0) or right (1) at the right times; each step
/// that it stands is worth 1.
pub(crate) struct CartPole {
    state: State,
    steps: usize,
    rng: ChaCha8Rng,
}

impl CartPole {
    /// Cart and pole near rest; `seed` says where each episode starts.
    pub(crate) fn new(seed: u64) -> Self {
        let mut it = CartPole { state: [0.0; 4], steps: 0, rng: ChaCha8Rng::seed_from_u64(seed) };
        it.reset();
        it
    }
}

impl Environment for CartPole {
    type State = State;
    type Action = usize;

    const MAX_STEPS: usize = 500;

    fn state(&self) -> State {
        self.state
    }

    fn step(&mut self, action: usize) -> StepResult<State> {
        let [x, v, angle, spin] = self.state;
        let force = if action == 1 { FORCE } else { -FORCE };
        let (sin, cos) = angle.sin_cos();
        let push = (force + POLE * HALF_LENGTH * spin * spin * sin) / (CART + POLE);
        let turn = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4.0 / 3.0 - POLE * cos * cos / (CART + POLE)));
        let speed_up = push - POLE * HALF_LENGTH * turn * cos / (CART + POLE);
        self.state = [x + DT * v, v + DT * speed_up, angle + DT * spin, spin + DT * turn];
        self.steps += 1;
        StepResult {
            next_state: self.state,
            reward: 1.0,
            done: self.state[0].abs() > FARTHEST || self.state[2].abs() > STEEPEST,
            truncated: self.steps >= Self::MAX_STEPS,
        }
    }

    fn reset(&mut self) {
        self.state = std::array::from_fn(|_| (self.rng.next_u32() >> 8) as f32 / 16_777_216.0 * 0.1 - 0.05);
        self.steps = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_push_by_hand() {
        let mut cart = CartPole::new(0);
        cart.state = [0.0; 4];
        let after = cart.step(1).next_state;
        // push = 10 / 1.1, turn = -push / (0.5 (4/3 - 0.1 / 1.1)), speed up = push - 0.05 turn / 1.1
        let expected = [0.0, 0.195_122, 0.0, -0.292_683];
        assert!(after.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{after:?}");
        assert!((0..4).all(|_| cart.step(1).next_state[0] > 0.0) && cart.state[2] < 0.0, "the pole lags behind");
    }

    #[test]
    fn an_episode_ends_when_the_pole_falls_or_the_time_is_over() {
        let mut cart = CartPole::new(1);
        let fallen = (1..100).find(|_| cart.step(0).done).unwrap();
        assert!((5..20).contains(&fallen), "{fallen}");
        cart.reset();
        // pushing to where the pole leans holds it for a while
        let lean = |cart: &CartPole| usize::from(cart.state()[2] + 0.5 * cart.state()[3] > 0.0);
        let last = (0..CartPole::MAX_STEPS).map(|_| cart.step(lean(&cart))).last().unwrap();
        assert!(last.truncated);
        assert_ne!(CartPole::new(1).state(), CartPole::new(2).state());
    }
}
