//! Spike functions: a step in the value, a surrogate slope in the gradient.

mod curves;

use curves::Curve;
use serde::{Deserialize, Serialize};
use synfire_dynamics::Real;

/// Surrogate gradient: the slope that replaces the derivative of the step when gradients flow through a spike.
///
/// With `x = v - v_th` the spike is 1 where `x > 0` (or `x >= 0`, as the table says) and 0 elsewhere.
/// The width or height `alpha` of the slope is a parameter of the layer, by default
/// [`default_alpha`](Self::default_alpha). For a model whose threshold is not 1 but 15 mV above rest the same
/// curve is [scaled](Self::alpha_for) by that.
///
/// | name | fires at | slope | alpha | learnable alpha |
/// |---|---|---|---|---|
/// | `sigmoid` | `x >= 0` | `alpha s (1 - s)`, `s = sigmoid(alpha x)` | 4 | no |
/// | `atan` | `x > 0` | `(alpha / 2) / (1 + (pi alpha x / 2)^2)` | 2 | yes |
/// | `rectangle` | `x > 0` | `1` if `abs(x) < alpha` | 2 | no |
/// | `gate` | `x > 0` | `1` if `abs(x) < 1 / alpha` | 2 | no |
/// | `quadratic_gate` | `x > 0` | `alpha - alpha^2 abs(x)` if `abs(x) <= 1 / alpha` | 2 | no |
/// | `relu` | `x >= 0` | `alpha` if `x > 0` | 2 | yes |
/// | `straight_through` | `x >= 0` | `1` | 1 | no |
/// | `stca` | `x > 0` | `1` if `abs(x) < alpha`, none to the threshold | 0.5 | no |
/// | `stbp` | `x > 0` | normal density with variance `alpha`, none to the threshold | 0.5 | no |
/// | `spaic_stbp` | `x > 0` | `exp(-x^2 / (2 alpha)) / (2 pi alpha)`, none to the threshold | 0.5 | no |
/// | `fast_sigmoid` | `x > 0` | `1 / (1 + alpha abs(x))^2` (SuperSpike, Zenke and Ganguli 2018) | 25 | no |
/// | `gaussian` | `x > 0` | normal density with standard deviation `alpha` | 0.5 | no |
/// | `triangle` | `x > 0` | `alpha max(0, 1 - abs(x))` (Bellec et al. 2018) | 0.3 | no |
///
/// A narrow curve has no slope left where a layer is silent, a wide one blurs from layer to layer: of six layers of
/// `plif` on the digits, `sigmoid` learns with 2 to 4 at any threshold; with 8 it stays silent at a threshold of 1.
///
/// SPAIC's `sigmoid` has an `alpha` of 1, so wide that deep networks hardly learn, and the area under its `stbp` is not
/// 1, as it is in the paper. Models with `spaic_compat` do both as SPAIC does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Surrogate {
    /// Derivative of the logistic function.
    Sigmoid,
    /// Derivative of the arc tangent; the default.
    #[default]
    Atan,
    /// A box of half width `alpha`.
    Rectangle,
    /// A box of half width `1 / alpha`.
    Gate,
    /// A triangle of half width `1 / alpha` and area 1.
    QuadraticGate,
    /// Constant above the threshold.
    Relu,
    /// Constant everywhere.
    StraightThrough,
    /// SPAIC's STCA learner (Gu et al. 2019): a box, no gradient to the threshold.
    Stca,
    /// STBP (Wu et al. 2018): a bell with area 1, no gradient to the threshold.
    Stbp,
    /// SPAIC's STBP learner: the bell of [`Stbp`](Self::Stbp), lower by the factor `sqrt(2 pi alpha)`.
    SpaicStbp,
    /// SuperSpike.
    FastSigmoid,
    /// A bell with area 1.
    Gaussian,
    /// A triangle of half width 1.
    Triangle,
}

/// Calls one generic function for the curve that a surrogate names.
macro_rules! with_curve {
    ($surrogate:expr, $C:ident => $body:expr) => {
        with_curve!(@ $surrogate, $C, $body, Sigmoid Atan Rectangle Gate QuadraticGate Relu StraightThrough Stca
            Stbp SpaicStbp FastSigmoid Gaussian Triangle)
    };
    (@ $surrogate:expr, $C:ident, $body:expr, $($name:ident)*) => {
        match $surrogate {
            $( Surrogate::$name => { type $C = curves::$name; $body } )*
        }
    };
}

impl Surrogate {
    /// Every surrogate.
    pub const ALL: [Surrogate; 13] = [
        Surrogate::Sigmoid,
        Surrogate::Atan,
        Surrogate::Rectangle,
        Surrogate::Gate,
        Surrogate::QuadraticGate,
        Surrogate::Relu,
        Surrogate::StraightThrough,
        Surrogate::Stca,
        Surrogate::Stbp,
        Surrogate::SpaicStbp,
        Surrogate::FastSigmoid,
        Surrogate::Gaussian,
        Surrogate::Triangle,
    ];

    /// Default of `alpha` for potentials that are 0 at rest and 1 at the threshold.
    #[must_use]
    pub fn default_alpha(self) -> f32 {
        with_curve!(self, C => C::ALPHA)
    }

    /// Default of `alpha` for potentials that rise by `rest_to_threshold` from rest to the threshold: the curve
    /// of [`default_alpha`](Self::default_alpha), wider in proportion. `straight_through` and `triangle` have no
    /// width that `alpha` could change.
    #[must_use]
    pub fn alpha_for(self, rest_to_threshold: f32) -> f32 {
        with_curve!(self, C => C::ALPHA * rest_to_threshold.powi(C::ALPHA_POWER))
    }

    /// As [`alpha_for`](Self::alpha_for), with SPAIC's defaults.
    #[must_use]
    pub(crate) fn spaic_alpha_for(self, rest_to_threshold: f32) -> f32 {
        with_curve!(self, C => C::SPAIC_ALPHA * rest_to_threshold.powi(C::ALPHA_POWER))
    }

    /// SPAIC's curve of this name, if that is wanted.
    #[inline(always)]
    pub(crate) fn as_in_spaic(self, wanted: bool) -> Self {
        match self {
            Surrogate::Stbp if wanted => Surrogate::SpaicStbp,
            other => other,
        }
    }

    /// Whether `alpha` has a gradient, so that it can be learnt.
    #[must_use]
    pub fn has_alpha_gradient(self) -> bool {
        with_curve!(self, C => C::HAS_ALPHA_GRADIENT)
    }

    /// Spike: 1 where `v` has reached the threshold, else 0. Its gradients are those of the surrogate.
    #[inline(always)]
    pub fn spike<R: Real>(self, v: R, v_th: R, alpha: R) -> R {
        let (potential, threshold, width) = (v.primal(), v_th.primal(), alpha.primal());
        let x = potential - threshold;
        let zero = x.lit(0.0);
        // one expression for all curves: what a curve has no gradient to gets a slope of zero
        let (spike, slope, threshold_slope, alpha_slope) = with_curve!(self, C => {
            let slope = C::slope(x, width);
            (
                if C::FIRES_AT_THRESHOLD { potential.greater_equal(threshold) } else { potential.greater(threshold) },
                slope,
                if C::REACHES_THRESHOLD { -slope } else { zero },
                if C::HAS_ALPHA_GRADIENT { C::alpha_slope(x, width) } else { zero },
            )
        });
        v.with_slopes(spike, [(v, slope), (v_th, threshold_slope), (alpha, alpha_slope)])
    }

    /// Slope at `x = v - v_th`, for plots and tests.
    #[must_use]
    pub fn slope(self, x: f32, alpha: f32) -> f32 {
        with_curve!(self, C => C::slope(x, alpha))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comparison_is_strict_or_not_as_documented() {
        use Surrogate::*;
        for surrogate in Surrogate::ALL {
            let at_threshold = surrogate.spike(1.0, 1.0, surrogate.default_alpha());
            let fires = matches!(surrogate, Sigmoid | Relu | StraightThrough);
            assert_eq!(at_threshold, f32::from(fires), "{surrogate:?}");
            assert_eq!(surrogate.spike(1.001, 1.0, 1.0), 1.0);
            assert_eq!(surrogate.spike(0.999, 1.0, 1.0), 0.0);
        }
    }

    #[test]
    fn bells_have_the_area_of_a_step() {
        // the curves that are the derivative of a step from 0 to 1
        for (surrogate, alpha) in [
            (Surrogate::Sigmoid, 3.0),
            (Surrogate::Atan, 2.0),
            (Surrogate::QuadraticGate, 1.5),
            (Surrogate::Gaussian, 0.4),
            (Surrogate::Stbp, 0.5),
        ] {
            let area: f64 =
                (-400_000..400_000).map(|i| f64::from(surrogate.slope(i as f32 * 1e-3, alpha)) * 1e-3).sum();
            assert!((area - 1.0).abs() < 3e-3, "{surrogate:?}: {area}");
        }
    }

    #[test]
    fn the_default_reaches_silent_layers_and_stays_narrow_in_deep_ones() {
        let slope = |surrogate: Surrogate, x| surrogate.slope(x, surrogate.default_alpha());
        // a membrane that rests a whole threshold below it, and a curve that is narrower than SPAIC's
        for surrogate in [Surrogate::Sigmoid, Surrogate::Atan] {
            assert!(slope(surrogate, -1.0) > 0.05 && slope(surrogate, 0.0) >= 1.0, "{surrogate:?}");
        }
        assert_eq!(Surrogate::Sigmoid.spaic_alpha_for(1.0), 1.0);
    }

    #[test]
    fn names_are_those_of_configuration_files() {
        assert_eq!(serde_json::to_string(&Surrogate::FastSigmoid).unwrap(), "\"fast_sigmoid\"");
    }
}
