//! What SPAIC keeps of its parameters and learns in their place: decays, rates.

use super::check::{Run, wide};
use super::series::Series;
use super::words::{Word, words};

/// What SPAIC derived from its parameters, against the same of ours.
pub(super) fn check_constants(run: &Run<'_>, series: &Series) -> Result<(), String> {
    for word in words(run.translation.learned) {
        let Some(expected) = run.arrays.find(&format!("const/{}", word.spaic)) else { continue };
        let ours: Vec<f64> = values(series, word)?.iter().map(|x| kept(word, *x, run.dt())).collect();
        for (expected, ours) in expected.iter().map(|x| f64::from(*x)).zip(ours.iter().cycle()) {
            if (expected - ours).abs() > 2e-6 * expected.abs().max(1.0) {
                return Err(format!("`const/{}` is {expected}, ours is {ours}", word.spaic));
            }
        }
    }
    Ok(())
}

/// The derivative of what SPAIC keeps by what we learn: the value, or `ln(value - bound)` where there is a bound.
pub(super) fn slopes(run: &Run<'_>, series: &Series, word: Word<'_>) -> Result<Vec<f64>, String> {
    let parameters = series.neurons.info().parameters;
    let field = parameters.iter().find(|field| field.name == word.ours.to_ascii_lowercase());
    let bound = field.and_then(|field| field.above).map(f64::from);
    let by_raw = |x: f64| slope(word, x, run.dt()) * bound.map_or(1.0, |bound| x - bound);
    Ok(values(series, word)?.into_iter().map(by_raw).collect())
}

/// Our parameter.
fn values(series: &Series, word: Word<'_>) -> Result<Vec<f64>, String> {
    let name = word.ours.to_ascii_lowercase();
    let parameter = series.neurons.parameter(&name);
    Ok(wide(&parameter.ok_or_else(|| format!("the model has no parameter `{name}`"))?.value()))
}

/// What SPAIC keeps for a parameter of value `x`.
fn kept(word: Word<'_>, x: f64, dt: f64) -> f64 {
    match word.form {
        "decay" => (-dt / x).exp(),
        "rate" => dt / x,
        "gain" => dt * x,
        "loss" => -dt * x,
        "logit" => -(x - 1.0).ln(),
        _ => x,
    }
}

/// Its derivative.
fn slope(word: Word<'_>, x: f64, dt: f64) -> f64 {
    match word.form {
        "decay" => (-dt / x).exp() * dt / (x * x),
        "rate" => -dt / (x * x),
        "gain" => dt,
        "loss" => -dt,
        "logit" => -1.0 / (x - 1.0),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::words;

    #[test]
    fn slopes_are_those_of_what_is_kept() {
        let line = "a=decay(x) b=rate(x) c=gain(x) d=loss(x) e=logit(x) f=x";
        for word in words::words(line) {
            let (x, h) = (3.0, 1e-5);
            let difference = (kept(word, x + h, 0.5) - kept(word, x - h, 0.5)) / (2.0 * h);
            assert!((slope(word, x, 0.5) - difference).abs() < 1e-8, "{word:?}");
        }
    }
}
