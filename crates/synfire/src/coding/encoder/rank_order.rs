//! Only the order counts.

use super::{Encode, Signal, Source, Window, one_hot};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// One spike per input in the order of their brightness (Thorpe and Gautrais 1998): the `r`th of `F` inputs fires in step
/// `floor(T r / F)`, `r` from 0. Inputs of the same brightness share the rank of the first; those at or below `cut_off`
/// never fire.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankOrder {
    /// Inputs at or below this never fire.
    pub cut_off: f32,
}

impl Default for RankOrder {
    fn default() -> Self {
        RankOrder { cut_off: 0.05 }
    }
}

impl Named for RankOrder {
    const NAME: &'static str = "rank_order";
    const ABOUT: &'static str = "one spike per input, in the order of brightness";
}

impl Encode for RankOrder {
    fn check(&self) -> Result<(), BadSetting> {
        match self.cut_off.is_nan() {
            false => Ok(()),
            true => Err(BadSetting::of("cut_off", "is not a number; expected a brightness".to_string())),
        }
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX])?;
        let ([batch, features], steps, device) = (samples.dims(), window.steps, samples.device());
        let numbers: Vec<f32> = samples.detach().into_data().convert::<f32>().try_into_vec().unwrap_or_default();
        let mut at = vec![steps as f32; batch * features];
        for (sample, at) in numbers.chunks(features).zip(at.chunks_mut(features)) {
            let mut order: Vec<usize> = (0..features).filter(|&i| sample[i] > self.cut_off).collect();
            order.sort_by(|&a, &b| sample[b].total_cmp(&sample[a]));
            let mut rank = 0;
            for (place, &input) in order.iter().enumerate() {
                if place > 0 && sample[input] < sample[order[place - 1]] {
                    rank = place;
                }
                at[input] = (steps * rank / features) as f32;
            }
        }
        let at = Tensor::from_data(TensorData::new(at, [1, batch, features]), &device);
        Ok(one_hot(at, steps).into())
    }
}
