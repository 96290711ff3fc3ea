//! The factor of the loss in half precision, which follows the size of the gradients.

use serde::{Deserialize, Serialize};

/// Steps without overflow after which the factor is doubled.
const PATIENCE: u32 = 500;

/// Dynamic scale of the loss, as a power of two since the training began: halved where a gradient overflows, doubled where none
/// has for long. Gradients that are too small for half precision vanish, those that are too large are infinite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct LossScale {
    /// Exponent of two.
    shift: i32,
    /// Steps since the last change.
    steps: u32,
}

impl LossScale {
    /// The factor; `base` is that of the model, and 1 stays 1.
    pub(crate) fn factor(self, base: f32) -> f32 {
        if base == 1.0 { 1.0 } else { base * 2f32.powi(self.shift) }
    }

    /// After a step with an infinite gradient. Returns whether a smaller factor may help.
    pub(crate) fn overflowed(&mut self) -> bool {
        *self = LossScale { shift: self.shift - 1, steps: 0 };
        self.shift >= -30
    }

    /// After a step without.
    pub(crate) fn fitted(&mut self) {
        self.steps += 1;
        if self.steps >= PATIENCE {
            *self = LossScale { shift: (self.shift + 1).min(6), steps: 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_gradients() {
        let mut scale = LossScale::default();
        assert_eq!([scale.factor(1024.0), scale.factor(1.0)], [1024.0, 1.0]);
        assert!(scale.overflowed() && scale.overflowed());
        assert_eq!([scale.factor(1024.0), scale.factor(1.0)], [256.0, 1.0]);
        (0..PATIENCE).for_each(|_| scale.fitted());
        assert_eq!(scale.factor(1024.0), 512.0);
        (0..100 * PATIENCE).for_each(|_| scale.fitted());
        assert_eq!(scale.factor(1024.0), 65_536.0);
        assert!(!(0..60).all(|_| scale.overflowed()));
    }
}
