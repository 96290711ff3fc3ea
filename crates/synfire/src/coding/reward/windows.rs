//! Windows of time that rewards are given for.

use super::{check_window, checked, unsuited};
use crate::Error;
use crate::coding::precision::single;
use burn::tensor::Tensor;

/// Windows of equal length, one after the other; steps after the last whole one belong to none.
pub(super) struct Windows {
    length: usize,
    steps: usize,
    /// Sum of the output in each, `[W, B, N]`.
    pub(super) sums: Tensor<3>,
}

impl Windows {
    /// Windows of a record `[T, B, N]`. With `late` the record is one step later and begins with zeros, as in SPAIC.
    pub(super) fn of(name: &'static str, record: Tensor<3>, length: usize, late: bool) -> Result<Self, Error> {
        checked(name, check_window(length))?;
        let dims @ [steps, batch, neurons] = record.dims();
        if dims.contains(&0) {
            let problem = format!("was given a record of shape {dims:?}; expected [T, B, N] with at least one of each");
            return Err(unsuited(name, problem));
        }
        let record = single(record.detach());
        let seen = match late {
            true => Tensor::cat(vec![record.clone().narrow(0, 0, 1).zeros_like(), record], 0).narrow(0, 0, steps),
            false => record,
        };
        let count = steps / length;
        let sums = match count {
            0 => Tensor::zeros([1, batch, neurons], &seen.device()),
            _ => seen.narrow(0, 0, count * length).reshape([count, length, batch, neurons]).sum_dim(1).squeeze_dim(1),
        };
        Ok(Windows { length, steps, sums })
    }

    /// Rewards `[T, B, R]` that are those of the windows, `[W, B, R]` or `[1, B, R]` for the same in all, at their last
    /// steps, and else 0.
    pub(super) fn at_ends(&self, rewards: Tensor<3>) -> Tensor<3> {
        let ([_, batch, size], count, device) = (rewards.dims(), self.steps / self.length, rewards.device());
        let mut parts = vec![];
        if count > 0 {
            let silent = Tensor::<4>::zeros([count, self.length - 1, batch, size], &device);
            let given = rewards.expand([count, batch, size]).unsqueeze_dim::<4>(1);
            let windows = if self.length > 1 { Tensor::cat(vec![silent, given], 1) } else { given };
            parts.push(windows.reshape([count * self.length, batch, size]));
        }
        let rest = self.steps - count * self.length;
        if rest > 0 {
            parts.push(Tensor::zeros([rest, batch, size], &device));
        }
        Tensor::cat(parts, 0)
    }
}
