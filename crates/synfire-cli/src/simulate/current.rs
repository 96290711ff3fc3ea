//! The input of a simulation, from what `--current` says.

use super::MOST_STEPS;
use anyhow::{anyhow, bail, ensure};
use std::f64::consts::TAU;
use std::path::Path;
use synfire::coding::{ActiveInterval, TimeGrid};

pub(super) enum Current {
    Constant(f64),
    Step {
        amplitude: f64,
        start: f64,
        end: f64,
    },
    Ramp {
        from: f64,
        to: f64,
    },
    Sine {
        amplitude: f64,
        period: f64,
    },
    /// One number for each step, and the file that they come from.
    Rows(Vec<f64>, String),
}

const EXPECTED: &str =
    "expected a number, step:AMPLITUDE:START:END, ramp:FROM:TO, sine:AMPLITUDE:PERIOD, or a CSV file";

impl Current {
    pub(super) fn read(text: &str) -> anyhow::Result<Self> {
        if let Ok(value) = text.parse::<f64>() {
            return Ok(Current::Constant(finite(text, value)?));
        }
        let mut parts = text.split(':');
        let shape = parts.next().unwrap_or_default();
        let numbers = || -> anyhow::Result<Vec<f64>> { parts.map(|part| number(text, part)).collect() };
        let refuse = |expected: &str| Err(anyhow!("--current {text}: expected {expected}"));
        match shape {
            "step" => match numbers()?[..] {
                [_, start, end] if end <= start => bail!("--current {text}: it ends at {end} ms, before it begins"),
                [amplitude, start, end] => Ok(Current::Step { amplitude, start, end }),
                _ => refuse("step:AMPLITUDE:START:END, for example step:1.5:20:80"),
            },
            "ramp" => match numbers()?[..] {
                [from, to] => Ok(Current::Ramp { from, to }),
                _ => refuse("ramp:FROM:TO, for example ramp:0:2"),
            },
            "sine" => match numbers()?[..] {
                [_, period] if period <= 0.0 => {
                    bail!("--current {text}: its period is {period} ms; expected one above 0")
                }
                [amplitude, period] => Ok(Current::Sine { amplitude, period }),
                _ => refuse("sine:AMPLITUDE:PERIOD, for example sine:1:25"),
            },
            _ if Path::new(text).exists() => Ok(Current::Rows(rows(text)?, text.to_string())),
            _ => bail!("--current {text}: there is no such file; {EXPECTED}"),
        }
    }

    /// Steps that it lasts, if it ends.
    pub(super) fn steps(&self) -> Option<usize> {
        match self {
            Current::Rows(rows, _) => Some(rows.len()),
            _ => None,
        }
    }

    /// Its values at the first `steps` steps of `dt` ms.
    pub(super) fn over(&self, steps: usize, dt: f64) -> anyhow::Result<Vec<f32>> {
        if let Current::Rows(rows, file) = self {
            let there = rows.len();
            ensure!(
                steps <= there,
                "{file}: has {there} rows, the time has {steps} steps of {dt} ms; give at most --time {}",
                there as f64 * dt
            );
        }
        let last = steps.saturating_sub(1).max(1) as f64;
        let on = match self {
            Current::Step { start, end, .. } => {
                let active = ActiveInterval { start_time: *start, end_time: Some(*end) };
                active.steps(TimeGrid { steps, dt: dt as f32 })
            }
            _ => 0..steps,
        };
        let at = |t: usize| {
            let time = t as f64 * dt;
            match self {
                Current::Constant(value) => *value,
                Current::Step { amplitude, .. } if on.contains(&t) => *amplitude,
                Current::Step { .. } => 0.0,
                Current::Ramp { from, to } => from + (to - from) * t as f64 / last,
                Current::Sine { amplitude, period } => amplitude * (TAU * time / period).sin(),
                Current::Rows(rows, _) => rows[t],
            }
        };
        Ok((0..steps).map(|t| at(t) as f32).collect())
    }
}

fn number(text: &str, part: &str) -> anyhow::Result<f64> {
    let value = part.parse().map_err(|_| anyhow!("--current {text}: `{part}` is not a number"))?;
    finite(text, value)
}

fn finite(text: &str, value: f64) -> anyhow::Result<f64> {
    // it is single precision that the neuron gets
    ensure!((value as f32).is_finite(), "--current {text}: {value} is not a finite number");
    Ok(value)
}

/// The numbers of a CSV file: its only column, or the one named `input` or `current`.
fn rows(file: &str) -> anyhow::Result<Vec<f64>> {
    ensure!(!Path::new(file).is_dir(), "--current {file}: is a folder; {EXPECTED}");
    let reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_path(file);
    let mut reader = reader.map_err(|error| anyhow!("{file}: could not be read: {error}"))?;
    let mut column = None;
    let mut rows = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let line = i + 1;
        ensure!(rows.len() < MOST_STEPS, "{file}: has more than {MOST_STEPS} rows; expected at most that");
        let record = record.map_err(|error| anyhow!("{file}: {error}"))?;
        let chosen = match column {
            Some(chosen) => chosen,
            None => {
                let named = record.iter().position(|name| ["input", "current"].contains(&name));
                let chosen = match (named, record.len()) {
                    (Some(named), _) => named,
                    (None, 1) => 0,
                    (None, columns) => bail!(
                        "{file}: has {columns} columns and no heading `input` or `current`; expected one column, or one of that name"
                    ),
                };
                column = Some(chosen);
                if record[chosen].parse::<f64>().is_err()
                    && (named.is_some() || line == 1)
                    && is_heading(&record[chosen])
                {
                    continue;
                }
                chosen
            }
        };
        let value = record[chosen].parse::<f64>().ok().filter(|value| (*value as f32).is_finite());
        rows.push(
            value.ok_or_else(|| anyhow!("{file}: line {line} has `{}`; expected a finite number", &record[chosen]))?,
        );
    }
    ensure!(!rows.is_empty(), "{file}: has no rows; expected a number for each step");
    Ok(rows)
}

/// A name, and not a number gone wrong.
fn is_heading(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic())
}
