//! Two ways of running the same cases, compared number by number.

use crate::cases::{Case, Way, evaluate};
use crate::relative_error;
use burn::tensor::Device;
use synfire::neuron::Neuron;

/// Two ways to run a case, and how far apart they may be.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What is under test.
    pub actual: (Device, Way),
    /// What it must agree with.
    pub expected: (Device, Way),
    /// Relative error allowed in states.
    pub of_states: f64,
    /// Relative error allowed in gradients.
    pub of_gradients: f64,
    /// A device with double precision, the judge of what exceeds that.
    pub judge: Device,
}

impl Comparison {
    /// Runs all cases of one model, `input` being the range of the currents, and prints what came out.
    ///
    /// # Panics
    ///
    /// If spikes differ, if anything differs by more than is allowed and it is not rounding (see
    /// `is_rounding`), or if the neurons hardly fire.
    pub fn run<D: Neuron>(&self, what: &str, input: [f32; 2], cases: &[Case<D>]) {
        let run = |case: &Case<D>, (device, way): &(Device, Way)| evaluate(case, *way, input, device);
        let (mut tensors, mut spikes, mut worst) = (0, 0.0, (0.0, String::new()));
        let (mut rounded, mut wrong) = (vec![], vec![]);
        for case in cases {
            let [actual, expected] = [&self.actual, &self.expected].map(|side| run(case, side));
            assert_eq!(actual[0].1, expected[0].1, "spikes of {case:?}");
            spikes += actual[0].1.iter().sum::<f32>() / actual[0].1.len() as f32 / cases.len() as f32;
            assert_eq!(actual.len(), expected.len());
            for (i, ((name, ours), (_, theirs))) in actual.iter().zip(&expected).enumerate() {
                let error = relative_error(ours, theirs);
                let tolerance = if name.starts_with("gradient") { self.of_gradients } else { self.of_states };
                tensors += usize::from(theirs.iter().any(|x| *x != 0.0));
                if error > tolerance {
                    let [exact, shaken] = [Way::Exact, Way::Shaken].map(|way| {
                        let mut results = run(case, &(self.judge.clone(), way));
                        assert_eq!(results[0].1, actual[0].1, "{way:?} judges only where it spikes alike: {case:?}");
                        results.swap_remove(i).1
                    });
                    let [of_ours, of_theirs, of_shaken] = [ours, theirs, &shaken].map(|x| relative_error(x, &exact));
                    let what = format!(
                        "{error:.1e} {name} of {case:?}; to double precision: actual {of_ours:.1e}, \
                         expected {of_theirs:.1e}, shaken {of_shaken:.1e}"
                    );
                    let fine = is_rounding(tolerance, of_ours, of_theirs, of_shaken);
                    if fine { rounded.push(what) } else { wrong.push(what) }
                } else if error > worst.0 {
                    worst = (error, format!("{error:.1e} {name} of {case:?}"));
                }
            }
            if wrong.len() > 20 {
                break; // enough to see what is wrong
            }
        }
        println!(
            "{} {what}: {} cases, {tensors} tensors not zero, {:.0} % spikes\nworst: {}\n{} by rounding:\n  {}",
            D::NAME,
            cases.len(),
            spikes * 100.0,
            worst.1,
            rounded.len(),
            rounded.join("\n  ")
        );
        assert!(wrong.is_empty(), "{} too far apart:\n{}", wrong.len(), wrong.join("\n"));
        assert!((0.05..0.6).contains(&spikes), "the neurons should fire now and then, not at a rate of {spikes}");
        assert!(rounded.len() * 200 < tensors, "rounding is the exception, not {} of {tensors}", rounded.len());
    }
}

/// Whether a difference above the tolerance is rounding and nothing else.
///
/// Some gradients are small sums of large numbers of both signs, or products with `1 - v_th * slope`
/// close to zero. What single precision makes of them is as far from the truth for one order of
/// summation as for another. So the truth is the judge: the numbers under test must be as close to it
/// as the expected ones are, or as it is to itself when its arguments are rounded, but for a small factor.
fn is_rounding(tolerance: f64, actual: f64, expected: f64, shaken: f64) -> bool {
    actual <= tolerance.max(2.0 * expected).max(10.0 * shaken)
}
