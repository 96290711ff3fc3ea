//! Two ways of running the same cases, compared number by number.

use crate::cases::{Case, Results, Way, evaluate};
use crate::relative_error;
use burn::tensor::Device;
use synfire::neuron::Neuron;

/// Two ways to run a case, and how far apart they may be.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Results under test.
    pub actual: (Device, Way),
    /// Results that they must agree with.
    pub expected: (Device, Way),
    /// Relative error allowed in states.
    pub of_states: f64,
    /// Relative error allowed in gradients.
    pub of_gradients: f64,
    /// A device with double precision, the judge of whether a question is well posed.
    pub judge: Device,
}

/// Number of random draws of data for a case.
const MOST_DRAWS: u64 = 8;

/// A number too far from what it should be.
struct Excess {
    /// Which of the results.
    result: usize,
    tolerance: f64,
    what: String,
}

impl Comparison {
    /// Runs all cases of one model, `input` being the range of the currents, and prints what came out.
    ///
    /// Every case must be within the tolerance, on data on which the question is well posed: where a
    /// potential, a slope or a sum of large numbers of both signs is so delicate that the true answer moves when
    /// the arguments are rounded, single precision cannot tell right from wrong, and data are drawn again. Whether
    /// that is so is judged in double precision by tensor operations, and knows nothing of what is under test.
    ///
    /// # Panics
    ///
    /// If spikes differ, if anything differs by more than is allowed, or if the neurons hardly fire.
    pub fn run<D: Neuron>(&self, what: &str, input: [f32; 2], cases: &[Case<D>]) {
        let (mut tensors, mut spikes, mut worst) = (0, 0.0, (0.0, String::new()));
        let (mut redrawn, mut wrong) = (vec![], vec![]);
        for case in cases {
            for draw in 0.. {
                let [actual, expected] =
                    [&self.actual, &self.expected].map(|(device, way)| evaluate(case, *way, input, draw, device));
                assert_eq!(actual[0].1, expected[0].1, "spikes of {case:?}");
                let (excess, within) = self.excess(&actual, &expected);
                if excess.is_empty() {
                    if within.0 > worst.0 {
                        worst = (within.0, format!("{} of {case:?}", within.1));
                    }
                    spikes += actual[0].1.iter().sum::<f32>() / actual[0].1.len() as f32 / cases.len() as f32;
                    tensors += expected.iter().filter(|(_, x)| x.iter().any(|x| *x != 0.0)).count();
                    break;
                }
                let found = excess.iter().map(|excess| format!("{} of {case:?}", excess.what));
                if draw == MOST_DRAWS || self.is_well_posed(case, input, draw, &excess) {
                    wrong.extend(found);
                    break;
                }
                redrawn.extend(found);
            }
            if wrong.len() > 20 {
                break; // enough to see what is wrong
            }
        }
        println!(
            "{} {what}: {} cases, {tensors} tensors not zero, {:.0} % spikes\nworst: {}",
            D::NAME,
            cases.len(),
            spikes * 100.0,
            worst.1
        );
        redrawn.iter().for_each(|what| println!("ill posed, drawn again: {what}"));
        assert!(wrong.is_empty(), "{} too far apart:\n{}", wrong.len(), wrong.join("\n"));
        assert!((0.05..0.6).contains(&spikes), "the neurons should fire now and then, not at a rate of {spikes}");
        assert!(redrawn.len() * 200 < tensors, "ill posed is the exception, not {} of {tensors}", redrawn.len());
    }

    /// Differences larger than allowed, and the largest of the others.
    fn excess(&self, actual: &Results, expected: &Results) -> (Vec<Excess>, (f64, String)) {
        assert_eq!(actual.len(), expected.len());
        let (mut found, mut worst) = (vec![], (0.0, String::new()));
        for (result, ((name, ours), (_, theirs))) in actual.iter().zip(expected).enumerate() {
            let error = relative_error(ours, theirs);
            let tolerance = if name.starts_with("gradient") { self.of_gradients } else { self.of_states };
            let what = format!("{error:.1e} {name}");
            if error > tolerance {
                found.push(Excess { result, tolerance, what });
            } else if error > worst.0 {
                worst = (error, what);
            }
        }
        (found, worst)
    }

    /// Whether the truth of all these stays where it is when the arguments are rounded. A scan rounds some ten
    /// times as often as its arguments were rounded once, so that may take a tenth of the tolerance.
    fn is_well_posed<D: Neuron>(&self, case: &Case<D>, input: [f32; 2], draw: u64, excess: &[Excess]) -> bool {
        let run = |way| evaluate(case, way, input, draw, &self.judge);
        let exact = run(Way::Exact);
        (1..=3).map(|seed| run(Way::Shaken(seed))).all(|shaken| {
            let moves = |result: usize| relative_error(&shaken[result].1, &exact[result].1);
            shaken[0].1 == exact[0].1 && excess.iter().all(|excess| moves(excess.result) * 10.0 < excess.tolerance)
        })
    }
}
