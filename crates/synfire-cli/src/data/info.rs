//! `synfire data info`: what a data set is, and what is wrong with it.

use super::Reading;
use crate::output::Output;
use crate::table::Table;
use crate::words;
use anyhow::bail;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use synfire_data::{Dataset, Raw, Split, Values};

/// Samples of a part in memory that are looked at; of more, evenly chosen ones.
const MOST: usize = 20_000;
/// Bars of a histogram.
const BARS: usize = 10;

#[derive(Serialize)]
struct Info {
    name: String,
    kind: &'static str,
    shape: Vec<usize>,
    targets: String,
    class_names: Vec<String>,
    parts: Vec<Part>,
}

/// Training or test samples.
#[derive(Serialize)]
struct Part {
    name: &'static str,
    samples: usize,
    /// Samples that were read for what follows.
    looked_at: usize,
    /// Samples of each class.
    per_class: BTreeMap<u16, usize>,
    /// Smallest and largest value that a network is given, and mean.
    values: Spread,
    /// Events of each sample, where there are events.
    events: Option<Spread>,
    /// Steps of each sample, where they differ.
    steps: Option<Spread>,
    problems: Vec<String>,
}

/// Distribution of a value over the samples, or over the values of one.
#[derive(Clone, Debug, Serialize)]
struct Spread {
    least: f64,
    mean: f64,
    most: f64,
    /// Number of values in each tenth of the range from the least to the most.
    histogram: Vec<usize>,
}

pub(super) fn run(reading: &Reading, output: Output) -> anyhow::Result<()> {
    let data = match reading.open() {
        Ok(data) => data,
        Err(error) => return Err(damaged(reading).unwrap_or(error)),
    };
    let kind = match data.train.samples().raw(0)? {
        Some(Raw::Events(_)) => "events",
        Some(Raw::Sound { .. }) => "sound",
        Some(Raw::Values { shape, .. }) if shape.len() == 3 => "pictures",
        _ => match data.train.sample_shape().len() {
            1 => "features",
            _ if data.options.steps.is_some() => "series",
            _ => "arrays",
        },
    };
    let class_names = match data.options.classes {
        Some(_) => (0..data.classes).map(|class| data.class_name(class)).collect(),
        None => vec![],
    };
    let info = Info {
        kind,
        shape: data.train.sample_shape().to_vec(),
        targets: words::targets(&data),
        class_names,
        parts: vec![part("training", &data.train), part("test", &data.test)],
        name: data.name,
    };
    output.print(&info)?;
    match info.parts.iter().map(|part| part.problems.len()).sum::<usize>() {
        0 => Ok(()),
        count => bail!("{count} samples of {} cannot be read; mend or remove them", reading.path.display()),
    }
}

/// All samples that cannot be read, if the data set cannot be opened because of them.
fn damaged(reading: &Reading) -> Option<anyhow::Error> {
    let problems = Dataset::damaged(&reading.path, &reading.options().ok()?).ok()?;
    let list: String = problems.iter().map(|problem| format!("\n  {problem}")).collect();
    let (count, path) = (problems.len(), reading.path.display());
    (count > 0).then(|| anyhow::anyhow!("{count} samples of {path} cannot be read; mend or remove them:{list}"))
}

fn part(name: &'static str, split: &Split) -> Part {
    let mut per_class = BTreeMap::new();
    split.labels().into_iter().flatten().for_each(|&label| *per_class.entry(label).or_default() += 1);
    let stride = if split.samples().in_memory() { split.len().div_ceil(MOST) } else { 1 };
    let (mut values, mut events, mut steps, mut problems) = (vec![], vec![], vec![], vec![]);
    let mut looked_at = 0;
    for index in (0..split.len()).step_by(stride) {
        looked_at += 1;
        let read = split.batch(&[index]).and_then(|batch| Ok((batch, split.samples().raw(index)?)));
        match read {
            Ok((batch, raw)) => {
                // without the padding after its end
                let length = batch.lengths.first().copied().unwrap_or(batch.shape[0]);
                let floats = &batch.values.to_floats()[..batch.features() / batch.shape[0] * length];
                let [low, high] = Values::from(floats).range();
                let mean = floats.iter().map(|&value| f64::from(value)).sum::<f64>() / floats.len().max(1) as f64;
                values.push([f64::from(low), mean, f64::from(high)]);
                steps.push(length as f64);
                if let Some(Raw::Events(recording)) = raw {
                    events.push(recording.events.len() as f64);
                }
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    let bounds: Vec<f64> = values.iter().flat_map(|[low, _, high]| [*low, *high]).collect();
    let mean = values.iter().map(|[_, mean, _]| mean).sum::<f64>() / values.len().max(1) as f64;
    let means: Vec<f64> = values.iter().map(|[_, mean, _]| *mean).collect();
    let mut spread = Spread::of(&bounds);
    (spread.mean, spread.histogram) = (mean, Spread::of(&means).histogram);
    let some = |numbers: &[f64]| (!numbers.is_empty()).then(|| Spread::of(numbers));
    if steps.iter().all(|&length| length == split.sample_shape()[0] as f64) {
        steps.clear();
    }
    let (samples, events, steps) = (split.len(), some(&events), some(&steps));
    Part { name, samples, looked_at, per_class, values: spread, events, steps, problems }
}

impl Spread {
    fn of(numbers: &[f64]) -> Self {
        let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mean = numbers.iter().sum::<f64>() / numbers.len().max(1) as f64;
        let mut histogram = vec![0; BARS];
        for number in numbers {
            let part = if most > least { (number - least) / (most - least) } else { 0.0 };
            histogram[((part * BARS as f64) as usize).min(BARS - 1)] += 1;
        }
        if numbers.is_empty() {
            return Spread { least: 0.0, mean: 0.0, most: 0.0, histogram };
        }
        Spread { least, mean, most, histogram }
    }

    /// Bars of eight heights.
    fn bars(&self) -> String {
        let most = self.histogram.iter().max().copied().unwrap_or(0).max(1);
        let bar = |&count: &usize| {
            if count == 0 {
                ' '
            } else {
                ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][(count * 8 - 1) / most]
            }
        };
        self.histogram.iter().map(bar).collect()
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.least.fract() == 0.0 && self.most.fract() == 0.0 { 0 } else { 4 };
        write!(f, "{:.digits$} to {:.digits$}, mean {:.4}  [{}]", self.least, self.most, self.mean, self.bars())
    }
}

impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::default();
        let mut row = |name: &str, value: String| table.row([name.to_string(), value]);
        row("data", format!("{}: {}", self.name, self.kind));
        row("sample", words::shape(&self.shape));
        row("targets", self.targets.clone());
        if !self.class_names.is_empty() {
            row("names", self.class_names.join(", "));
        }
        for part in &self.parts {
            row(part.name, format!("{} samples", part.samples));
            let counts: Vec<String> = part.per_class.values().map(ToString::to_string).collect();
            if !counts.is_empty() {
                row("  per class", counts.join(", "));
            }
            row("  values", part.values.to_string());
            if let Some(events) = &part.events {
                row("  events", format!("{events} of each sample"));
            }
            if let Some(steps) = &part.steps {
                row("  steps", format!("{steps}"));
            }
            if part.looked_at < part.samples {
                row("  looked at", format!("{} samples", part.looked_at));
            }
            row("  problems", if part.problems.is_empty() { "none" } else { "" }.to_string());
            part.problems.iter().for_each(|problem| row("", problem.clone()));
        }
        write!(f, "{table}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_by_tenths_of_their_range() {
        let spread = Spread::of(&[0.0, 1.0, 1.5, 10.0]);
        assert_eq!(spread.histogram, [1, 2, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(spread.bars(), "▄█       ▄");
        let digits = part("test", &Dataset::digits().test);
        assert_eq!((digits.samples, digits.looked_at, digits.problems.len()), (360, 360, 0));
        assert_eq!((digits.values.least, digits.values.most), (0.0, 1.0));
        assert_eq!(digits.per_class.values().sum::<usize>(), 360);
    }
}
