//! Mean squared error.

use super::{Activity, Criterion, Decoded};
use crate::registry::Named;
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

/// Mean squared distance of the scores from 1 for the right class and 0 for the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mse {}

impl Named for Mse {
    const NAME: &'static str = "mse";
    const ABOUT: &'static str = "squared distance of the scores from 1 for the right class, 0 for the others";
}

impl Criterion for Mse {
    fn loss(&self, decoded: &Decoded, _: &Activity, labels: Tensor<1, Int>) -> Tensor<1> {
        let [_, _, classes] = decoded.scores.dims();
        let target = labels.one_hot::<2>(classes).float().unsqueeze_dim::<3>(0);
        (decoded.scores.clone() - target).square().mean()
    }
}
