//! `synfire simulate`: one neuron of a model over time.

mod current;
mod files;
mod numbers;
mod summary;

use crate::output::{Output, note};
use anyhow::{bail, ensure};
use current::Given;
use std::path::PathBuf;
use summary::Summary;
use synfire::neuron::{InputTrace, MOST_STEPS, Simulation, registry};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The current is a number, or changes over time:
  1.5                  the same all the time
  step:1.5:20:80       1.5 from 20 ms to 80 ms, nothing before and after
  ramp:0:2             from 0 at the beginning to 2 at the end
  sine:1:25            amplitude 1, period 25 ms
  pulses:2:20:1        2 for the first 1 ms of every 20 ms
  noise:1:0.5:0        a normal value for each step, mean 1, standard deviation 0.5, seed 0
  points:0:1:0.5       values evenly spaced over the time, straight lines between them
  current.csv          a row for each step; the column `input` or `current` where there are several

`synfire models show NAME` lists parameters, states and settings.

Examples:
  synfire simulate lif --current 0.2
  synfire simulate lif --current 0.2 --param tau_m=20 --param initial.v=0.5 --set reset=subtract
  synfire simulate lif --current step:0.2:20:80 --plot lif.svg --csv lif.csv
  synfire simulate qlif --current 0.2 --input reward=step:1:50:60")]
pub(crate) struct Args {
    /// Model, as `synfire models` lists them
    name: String,
    /// Input: a number, or as below; a strong one of the model's own scale if not given
    #[arg(long, value_name = "CURRENT", allow_hyphen_values = true)]
    current: Option<String>,
    /// Another input of the model, in the same way; may be given again
    #[arg(long, value_name = "NAME=CURRENT")]
    input: Vec<String>,
    /// Random inputs are drawn from it
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Length of a step in ms; one that suits the model if not given
    #[arg(long, value_name = "MS", allow_negative_numbers = true)]
    dt: Option<f64>,
    /// Duration in ms; 100 if not given, or as long as the file with the current
    #[arg(long, value_name = "MS", allow_negative_numbers = true)]
    time: Option<f64>,
    /// Value of a parameter, or (initial.v) what a state starts from; may be given again
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// Setting of the model; may be given again
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Draw input, states and spikes into this file, .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Write time, input, output and states into this CSV file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Device, as `synfire devices` lists them
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
}

/// Default duration in ms.
const TIME: f64 = 100.0;

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let model = registry::find(&args.name)?;
    let point = model.info.operating_point;
    let settings = model.traced(numbers::settings(&args.param, &args.set)?);
    let dt = args.dt.unwrap_or_else(|| point.trace_dt());
    ensure!(dt > 0.0 && dt.is_finite(), "--dt is {dt}; expected a step in ms above 0, for example 0.1");
    let written = args.current.clone().unwrap_or_else(|| point.trace_current.to_string());
    let current = Given::read(&written)?;
    let steps = steps(args, dt, &current)?;
    let mut inputs = vec![InputTrace { name: model.info.inputs[0].name.to_string(), values: current.over(steps, dt)? }];
    for text in &args.input {
        let (name, current) = numbers::split("--input", text)?;
        if inputs.iter().any(|input| input.name == name) {
            bail!("--input {text}: `{name}` is given twice; leave one out (--current gives `{}`)", inputs[0].name);
        }
        inputs.push(InputTrace { name: name.to_string(), values: Given::read(current)?.over(steps, dt)? });
    }
    files::check([args.plot.as_deref(), args.csv.as_deref()])?;
    let (_, device) = crate::inputs::device(args.device.as_deref())?;
    let layer = model.layer(&settings, &[1], dt as f32, &device)?;
    if let Some(warning) = layer.warning() {
        note!("warning: `{}`: {warning}", model.info.name);
    }
    let simulation = Simulation::of(&layer, inputs, args.seed, dt, &device)?;
    if let Some(file) = &args.plot {
        files::plot(file, &simulation)?;
    }
    if let Some(file) = &args.csv {
        files::csv(file, &simulation)?;
    }
    output.print(&Summary::of(&simulation, [&args.plot, &args.csv]))
}

/// Number of steps that the time asks for, or the file with the current.
fn steps(args: &Args, dt: f64, current: &Given) -> anyhow::Result<usize> {
    let Some(time) = args.time.or(current.steps().is_none().then_some(TIME)) else {
        return Ok(current.steps().unwrap_or(0));
    };
    ensure!(time > 0.0 && time.is_finite(), "--time is {time}; expected a time in ms above 0, for example {TIME}");
    if time < dt {
        bail!("--time {time} ms is shorter than a step of {dt} ms (--dt); expected at least one step");
    }
    let steps = (time / dt).round();
    if steps > MOST_STEPS as f64 {
        bail!("--time {time} ms has {steps} steps of {dt} ms (--dt); expected at most {MOST_STEPS}");
    }
    Ok(steps as usize)
}
