//! The models under test, each with currents that make it fire now and then.

use crate::cases::{Case, cases, with_resets};
use crate::{Comparison, Stretch};
use synfire::Surrogate;
use synfire::neuron::{Clif, If, Lif, Plif};

/// Compares every `step`th case of a model.
///
/// # Panics
///
/// If the comparison fails, or there is no such model.
pub fn check(model: &str, comparison: &Comparison, step: usize, what: &str) {
    fn every<D: Copy>(step: usize, cases: Vec<Case<D>>) -> Vec<Case<D>> {
        cases.into_iter().step_by(step).collect()
    }
    match model {
        "if" => {
            let models = with_resets(|surrogate, reset, detach_reset| If { surrogate, reset, detach_reset });
            comparison.run(what, [-0.6, 1.0], &every(step, cases(models)));
        }
        "lif" => {
            for reset_delay in [false, true] {
                let models = with_resets(|surrogate, reset, detach_reset| Lif {
                    surrogate,
                    reset,
                    detach_reset,
                    reset_delay,
                    ..Lif::default()
                });
                comparison.run(what, [-0.6, 1.0], &every(step, cases(models)));
            }
        }
        "plif" => {
            let models = with_resets(|surrogate, reset, detach_reset| Plif {
                surrogate,
                reset,
                detach_reset,
                ..Plif::default()
            });
            comparison.run(what, [-1.0, 3.0], &every(step, cases(models)));
        }
        "clif" => {
            let models = Surrogate::ALL.map(|surrogate| Clif { surrogate }).to_vec();
            comparison.run(what, [-0.6, 1.0], &every(step, cases(models)));
        }
        "stretch" => {
            let models = Surrogate::ALL.map(|surrogate| Stretch { surrogate }).to_vec();
            comparison.run(what, [-0.3, 0.8], &every(step, cases(models)));
        }
        _ => panic!("no cases for a model `{model}`"),
    }
}
