//! The reset of the membrane potential at a spike.

use serde::{Deserialize, Serialize};
use synfire_dynamics::Real;

/// Reset of the membrane potential by a spike.
///
/// | name | potential after the spike |
/// |---|---|
/// | `hard` | `v_reset` |
/// | `soft` | `v - v_th` |
/// | `none` | `v` |
///
/// Files may also say `zero` for `hard` and `subtract` for `soft`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// The potential becomes `v_reset`.
    #[default]
    #[serde(alias = "zero")]
    Hard,
    /// The threshold is subtracted.
    #[serde(alias = "subtract")]
    Soft,
    /// The potential stays as it is.
    None,
}

impl Reset {
    /// Every kind of reset.
    pub const ALL: [Reset; 3] = [Reset::Hard, Reset::Soft, Reset::None];

    /// The potential after the reset. With `detach` no gradient flows through the spike that resets.
    #[inline(always)]
    pub fn apply<R: Real>(self, v: R, spike: R, v_th: R, v_reset: R, detach: bool) -> R {
        let spike = if detach { spike.detach() } else { spike };
        match self {
            // a product and not a difference: where the neuron fires, the result is exactly `v_reset`
            Reset::Hard => v * (-spike + 1.0) + v_reset * spike,
            Reset::Soft => v - v_th * spike,
            Reset::None => v,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_may_use_both_spellings() {
        for (written, reset) in [
            ("hard", Reset::Hard),
            ("zero", Reset::Hard),
            ("soft", Reset::Soft),
            ("subtract", Reset::Soft),
            ("none", Reset::None),
        ] {
            assert_eq!(serde_json::from_str::<Reset>(&format!("\"{written}\"")).unwrap(), reset);
        }
        assert_eq!(serde_json::to_string(&Reset::ALL).unwrap(), r#"["hard","soft","none"]"#);
    }
}
