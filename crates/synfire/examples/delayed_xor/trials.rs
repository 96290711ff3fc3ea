//! The stimuli of a trial.

use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use synfire::Error;
use synfire::coding::{Encode, Poisson, TimeGrid};

/// Inputs of each group: one fires for the cue 0, one for the cue 1, one while an answer is asked for.
const GROUP: usize = 8;
pub(crate) const INPUTS: usize = 3 * GROUP;
const QUESTION: usize = 2;
/// Spikes per step of a group that fires, and of one that does not.
const RATES: [f32; 2] = [0.5, 0.02];
/// Steps of 1 ms: the first cue, nothing, the second cue, nothing, the question.
const PHASES: [usize; 5] = [6, 10, 6, 6, 8];
/// When the question is asked, and for how long.
pub(crate) const ASKED: [usize; 2] = [PHASES[0] + PHASES[1] + PHASES[2] + PHASES[3], PHASES[4]];

/// A batch of trials.
pub(crate) struct Trials {
    /// `[T, B, INPUTS]`
    pub(crate) spikes: Tensor<3>,
    /// The right answer, `[B]`: 1 if the cues differ, else 0.
    pub(crate) answers: Vec<usize>,
}

impl Trials {
    pub(crate) fn draw(count: usize, rng: &mut ChaCha8Rng, device: &Device) -> Result<Self, Error> {
        let mut cues = || -> Vec<usize> { (0..count).map(|_| (rng.next_u32() >> 31) as usize).collect() };
        let (first, second) = (cues(), cues());
        let answers = first.iter().zip(&second).map(|(a, b)| a ^ b).collect();
        let (nothing, question) = (vec![None; count], vec![Some(QUESTION); count]);
        let shown = |cues: Vec<usize>| cues.into_iter().map(Some).collect();
        let groups = [shown(first), nothing.clone(), shown(second), nothing, question];

        let mut spikes = vec![];
        for (groups, steps) in groups.into_iter().zip(PHASES) {
            let rate = |group: &Option<usize>, i: usize| RATES[usize::from(*group != Some(i / GROUP))];
            let rates = groups.iter().flat_map(|group| (0..INPUTS).map(move |i| rate(group, i))).collect();
            let rates = Tensor::<2>::from_data(TensorData::new(rates, [count, INPUTS]), device);
            let grid = TimeGrid { steps, dt: 1.0 };
            spikes.push(Poisson::default().encode(rates.into(), grid, rng.next_u64())?.values);
        }
        Ok(Trials { spikes: Tensor::cat(spikes, 0), answers })
    }
}
