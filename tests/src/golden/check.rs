//! One run of a case against its arrays.

use super::files::{Arrays, Case, split};
use super::series::Series;
use super::table::Translation;
use super::words::{self, words};
use super::{Tally, kept, unknown};
use crate::{dot, numbers, tensor};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Way to run a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    /// The fused scan.
    Fused,
    /// Tensor operations.
    Operations,
    /// The fused scan, one step at a time, the state carried from one to the next.
    StepByStep,
}

impl Way {
    /// All of them, the slow one last.
    pub(super) const ALL: [Way; 3] = [Way::Fused, Way::Operations, Way::StepByStep];
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Way::Fused => "fused",
            Way::Operations => "by operations",
            Way::StepByStep => "step by step",
        })
    }
}

/// One way of running a case.
pub(super) struct Run<'a> {
    pub(super) translation: &'static Translation,
    pub(super) case: &'a Case,
    pub(super) arrays: Arrays<'a>,
    pub(super) way: Way,
    pub(super) device: &'a Device,
    /// By how much tolerances are widened.
    pub(super) slack: f64,
    /// Which run this is, for messages.
    pub(super) what: String,
}

impl Run<'_> {
    /// The time step in ms.
    pub(super) fn dt(&self) -> f64 {
        f64::from(self.case.dt.unwrap_or(1.0))
    }

    /// Runs with every surrogate that gradients were recorded with, and compares everything.
    pub(super) fn check(&self, tally: &mut Tally) {
        let recorded = self.arrays.names().filter_map(|name| name.split_once('/')?.0.strip_prefix("grad_"));
        let surrogates: BTreeSet<&str> = recorded.collect();
        let ways: Vec<Option<&str>> = match surrogates.is_empty() {
            true => vec![None],
            false => surrogates.into_iter().map(Some).collect(),
        };
        for surrogate in ways {
            // one model's panic is not the end of the others
            let result = catch_unwind(AssertUnwindSafe(|| self.check_with(surrogate, tally)));
            let problem = match result {
                Ok(Ok(())) => continue,
                Ok(Err(problem)) => problem,
                Err(_) => "panics, see above".to_string(),
            };
            tally.failures.push(format!("{}: {problem}", self.what));
        }
    }

    fn check_with(&self, surrogate: Option<&str>, tally: &mut Tally) -> Result<(), String> {
        self.check_names()?;
        let series = Series::of(self, surrogate)?;
        for (name, ours) in &series.recorded {
            self.compare(name, &wide(ours), tally)?;
        }
        kept::check_constants(self, &series)?;
        let Some(surrogate) = surrogate else { return Ok(()) };

        let (value, loss) = self.loss(&series);
        self.compare(&format!("grad_{surrogate}/loss"), &[value], tally)?;
        let gradients = loss.backward();
        let prefix = format!("grad_{surrogate}/");
        let of_inputs: Vec<Option<Vec<f64>>> =
            series.inputs.iter().map(|input| input.grad(&gradients).map(|gradient| wide(&gradient))).collect();
        let names = self.arrays.names().filter_map(|name| name.strip_prefix(&prefix));
        for name in names.filter(|name| *name != "loss") {
            let missing = || format!("no gradient of `{name}`");
            let ours = match (name, words::find(self.translation.learned, name)) {
                ("W", _) => self.of_weights(&series, &of_inputs)?,
                (_, Some(word)) => {
                    let parameter = series.neurons.parameter(&word.ours.to_ascii_lowercase()).ok_or_else(missing)?;
                    let gradient = parameter.raw.val().grad(&gradients).ok_or_else(missing)?;
                    let slopes = kept::slopes(self, &series, word)?;
                    wide(&gradient).into_iter().zip(slopes).map(|(gradient, slope)| gradient / slope).collect()
                }
                (_, None) => {
                    let word = words(self.translation.inputs).find(|word| split(word.spaic).0 == name);
                    let input = word.and_then(|word| series.input(word));
                    let input = input.ok_or_else(|| unknown("the gradient of", name))?;
                    of_inputs[input].clone().ok_or_else(missing)?
                }
            };
            // with a time channel only the gradient of the first step was recorded, and that of the weights
            let count = if self.arrays.has_channels(name) { self.case.batch * self.case.n } else { ours.len() };
            self.compare_first(count, &format!("{prefix}{name}"), &ours, tally)?;
        }
        Ok(())
    }

    /// The gradient of the connection's weights `[n, n_in]`, by the chain rule: `Isyn[t]` is `W x[t-1]`.
    fn of_weights(&self, series: &Series, of_inputs: &[Option<Vec<f64>>]) -> Result<Vec<f64>, String> {
        let (batch, n) = (self.case.batch, self.case.n);
        let n_in = self.arrays.get("W")?.len() / n;
        let mut gradient = vec![0.0; n * n_in];
        for word in words(self.translation.inputs) {
            let channel = split(word.spaic).1.map_or_else(String::new, |channel| format!(".{channel}"));
            let x = self.arrays.get(&format!("x{channel}"))?;
            let Some(of_input) = series.input(word).and_then(|input| of_inputs[input].as_ref()) else { continue };
            let steps_later = of_input.chunks_exact(n).skip(batch);
            for (row, x) in steps_later.zip(x.chunks_exact(n_in)) {
                for (of_post, pre) in gradient.chunks_exact_mut(n_in).zip(row) {
                    of_post.iter_mut().zip(x).for_each(|(sum, x)| *sum += pre * f64::from(*x));
                }
            }
        }
        Ok(gradient)
    }

    /// Refuses what is recorded and not in the table.
    fn check_names(&self) -> Result<(), String> {
        let table = self.translation;
        let recorded = |name: &str| {
            let mut series = words(table.states).map(|word| word.spaic).chain([table.output]);
            series.any(|known| split(known).0 == name)
        };
        for name in self.arrays.names() {
            let known = match name.split_once('/') {
                Some(("coef", series)) => recorded(series),
                // constants as far as the table has them; the others are seen when the run starts or differentiates
                Some((group, _)) => matches!(group, "const" | "init") || group.starts_with("grad_"),
                None => matches!(name, "W" | "x") || table.is_input(name) || recorded(name),
            };
            // what is exact is there in double precision too
            let double = name.strip_suffix("64").is_some_and(|base| self.arrays.find(base).is_some());
            if !known && !double {
                return Err(unknown("the array", name));
            }
        }
        Ok(())
    }

    /// The weighted sum of all that has weights, as a number and as a tensor.
    fn loss(&self, series: &Series) -> (f64, Tensor<1>) {
        let mut value = 0.0;
        let mut loss = Tensor::zeros([1], self.device);
        let mut seen = BTreeSet::new();
        for (name, ours) in series.recorded.iter().filter(|(name, _)| seen.insert(*name)) {
            if let Some(weights) = self.arrays.find(&format!("coef/{name}")) {
                value += dot(&numbers(ours), &weights);
                loss = loss + (ours.clone() * tensor(weights, ours.dims(), self.device)).sum();
            }
        }
        (value, loss)
    }

    /// Compares with the recorded array of that name.
    fn compare(&self, name: &str, ours: &[f64], tally: &mut Tally) -> Result<(), String> {
        self.compare_first(usize::MAX, name, ours, tally)
    }

    /// Compares the first numbers.
    fn compare_first(&self, count: usize, name: &str, ours: &[f64], tally: &mut Tally) -> Result<(), String> {
        let (expected, tolerance) = (self.arrays.get(name)?, self.arrays.tolerance(name)? * self.slack);
        if ours.len() != expected.len() {
            return Err(format!("`{name}` has {} numbers, ours {}", expected.len(), ours.len()));
        }
        tally.arrays += 1;
        let errors = ours.iter().zip(&expected).take(count).map(|(ours, theirs)| (ours - f64::from(*theirs)).abs());
        let errors = errors.map(|error| if error.is_nan() { f64::INFINITY } else { error });
        let (at, error) = errors.enumerate().fold((0, 0.0), |most, (i, e)| if e > most.1 { (i, e) } else { most });
        if error > tolerance {
            let (theirs, ours) = (expected[at], ours[at]);
            tally.failures.push(format!(
                "{}: `{name}` is off by {error:e}, tolerance {tolerance:e}; number {at} is {ours}, expected {theirs}",
                self.what
            ));
        } else if tolerance > 0.0 && error / tolerance >= tally.worst.0 {
            tally.worst = (error / tolerance, format!("{name} of {}", self.what));
        }
        Ok(())
    }
}

/// The numbers of a tensor.
pub(super) fn wide<const D: usize>(x: &Tensor<D>) -> Vec<f64> {
    numbers(x).into_iter().map(f64::from).collect()
}
