//! Precision in which gradients travel between ranks.

use super::Communicator;
use crate::Error;
use half::f16;
use half::slice::HalfFloatSliceExt;
use serde::{Deserialize, Serialize};

/// Precision of gradients on their way between ranks. Sums are taken in single precision.
///
/// As `f16` they are rounded wherever two sums of the tree are added, within a rank too: results do not depend on the number of
/// ranks, and differ from those of `f32` by rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExchangePrecision {
    /// Single precision, as they were computed.
    #[default]
    F32,
    /// Half precision: half as many bytes. The loss is scaled as it is for networks of precision `f16`.
    F16,
}

/// Values that are converted at a time.
const BLOCK: usize = 1024;

impl ExchangePrecision {
    /// Rounds values to this precision.
    pub(in crate::train) fn round(self, values: &mut [f32]) {
        if self == ExchangePrecision::F32 {
            return;
        }
        let mut halves = [f16::ZERO; BLOCK];
        for values in values.chunks_mut(BLOCK) {
            let halves = &mut halves[..values.len()];
            halves.convert_from_f32_slice(values);
            halves.convert_to_f32_slice(values);
        }
    }

    /// Sends values to another rank, and receives those that it sends; those that are sent have this precision.
    pub(super) fn exchange(
        self,
        ranks: &dyn Communicator,
        peer: usize,
        send: &[f32],
        receive: &mut [f32],
    ) -> Result<(), Error> {
        match self {
            ExchangePrecision::F32 => {
                ranks.exchange(peer, bytemuck::cast_slice(send), bytemuck::cast_slice_mut(receive))
            }
            ExchangePrecision::F16 => {
                let (mut sent, mut received) = (vec![f16::ZERO; send.len()], vec![f16::ZERO; receive.len()]);
                sent.convert_from_f32_slice(send);
                ranks.exchange(peer, bytemuck::cast_slice(&sent), bytemuck::cast_slice_mut(&mut received))?;
                received.convert_to_f32_slice(receive);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_rounded_to_the_nearest() {
        let mut values = vec![1.0, 1.000_4, -0.0, 1e-9, 65_519.0, 65_520.0];
        values.resize(2 * BLOCK + 3, 0.1);
        ExchangePrecision::F16.round(&mut values);
        assert_eq!(values[..6], [1.0, 1.0, 0.0, 0.0, 65_504.0, f32::INFINITY]);
        assert!(values[2].is_sign_negative());
        assert!(values[6..].iter().all(|value| *value == 0.099_975_586));
    }
}
