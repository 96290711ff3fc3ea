//! The smallest and the largest value of a split.

use crate::{DataError, Samples, Values};

/// Values that are looked at at most: of more, every n-th sample.
const LOOKED_AT: usize = 1 << 28;

/// The smallest and the largest value of a split, and which samples have them.
#[derive(Clone, Debug)]
pub struct Extremes {
    /// Smallest and largest value, NaN if any is.
    pub range: [f32; 2],
    /// Indices of these samples, or of the first whose values have no order.
    pub samples: Vec<usize>,
    /// Whether the values are bytes.
    pub bytes: bool,
}

impl Extremes {
    /// Reads all samples; of more than 2^28 values every n-th sample.
    pub(super) fn of(samples: &dyn Samples) -> Result<Self, DataError> {
        let features = samples.shape().iter().product();
        let stride = (samples.len().saturating_mul(features) / LOOKED_AT).max(1);
        let (mut least, mut most, mut bytes) = ((f32::INFINITY, 0), (f32::NEG_INFINITY, 0), true);
        for index in (0..samples.len()).step_by(stride) {
            let values = samples.batch(&[index])?.values;
            bytes &= matches!(values, Values::Bytes(_));
            let [low, high] = values.range();
            if low.is_nan() {
                return Ok(Extremes { range: [low, high], samples: vec![index], bytes });
            }
            least = if low < least.0 { (low, index) } else { least };
            most = if high > most.0 { (high, index) } else { most };
        }
        let samples = if least.1 == most.1 { vec![least.1] } else { vec![least.1, most.1] };
        Ok(Extremes { range: [least.0, most.0], samples, bytes })
    }
}
