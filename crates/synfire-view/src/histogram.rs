//! Histograms, drawn as lines so that several can lie over each other.

use crate::figure::{Csv, Figure};
use synfire::plot::{Curve, relation};

/// Values with a name.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) values: Vec<f32>,
}

/// Bins between the smallest and the largest value.
const BINS: usize = 60;

/// Shares of the values in bins of the same width, for each sample a line.
pub(crate) fn histogram(title: &str, x_name: &str, samples: &[Sample]) -> Figure {
    let finite = || samples.iter().flat_map(|sample| &sample.values).copied().filter(|value| value.is_finite());
    let (low, high) = (finite().fold(f32::INFINITY, f32::min), finite().fold(f32::NEG_INFINITY, f32::max));
    // values that are all the same lie in the middle
    let room = if high > low { 0.0 } else { (low.abs() * 0.05).max(0.05) };
    let (low, high) = (f64::from(low - room), f64::from(high + room));
    let width = (high - low) / BINS as f64;
    let lines: Vec<Vec<(f64, f64)>> = samples.iter().map(|sample| line(&sample.values, low, width)).collect();
    let mut csv = Csv::new(["name", "from", "to", "share"]);
    for (sample, line) in samples.iter().zip(&lines) {
        for ends in line.chunks_exact(2) {
            csv.row([sample.name.clone(), ends[0].0.to_string(), ends[1].0.to_string(), ends[0].1.to_string()]);
        }
    }
    let curves: Vec<Curve<'_>> =
        samples.iter().zip(&lines).map(|(sample, points)| Curve { name: &sample.name, points }).collect();
    Figure { picture: relation(title, x_name, "share of the values", &curves), csv: csv.finish() }
}

/// The left and the right end of each bin, at the height of its share.
fn line(values: &[f32], low: f64, width: f64) -> Vec<(f64, f64)> {
    let mut counts = [0usize; BINS];
    for value in values.iter().filter(|value| value.is_finite()) {
        let bin = ((f64::from(*value) - low) / width) as usize;
        counts[bin.min(BINS - 1)] += 1;
    }
    let share = |count: usize| count as f64 / values.len().max(1) as f64;
    let ends = |(bin, count): (usize, &usize)| {
        let from = low + bin as f64 * width;
        [(from, share(*count)), (from + width, share(*count))]
    };
    counts.iter().enumerate().flat_map(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_one() {
        let values: Vec<f32> = (0..600).map(|i| i as f32).collect();
        let shares = line(&values, 0.0, 10.0);
        assert!(shares.iter().all(|(_, share)| (share - 1.0 / 60.0).abs() < 1e-9));
        for values in [vec![], vec![3.0; 5], vec![f32::NAN], vec![0.0, f32::INFINITY], vec![-1e38, 1e38]] {
            let figure = histogram("any", "x", &[Sample { name: "a".to_string(), values }]);
            assert!(figure.picture.svg().ends_with("</svg>\n"));
        }
    }
}
