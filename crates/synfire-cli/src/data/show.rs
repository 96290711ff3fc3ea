//! `synfire data show`: a sample as a picture.

use super::Reading;
use crate::number::whole;
use crate::output::Output;
use crate::picture_file;
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use synfire::plot::{
    Picture, RasterLayer, SampleImage, TracePanel, feature_values, membrane_traces, sample_images, spike_raster,
};
use synfire_data::{Batch, Dataset, Raw, Target};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    from: Reading,
    /// Sample to draw, from 0
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true, default_value_t = 0)]
    index: usize,
    /// Take a test sample, not one for training
    #[arg(long)]
    test: bool,
    /// File to draw into, .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: PathBuf,
}

/// Frames of events that are drawn at most, evenly chosen.
const MOST_FRAMES: usize = 12;

pub(super) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    picture_file::check(&args.plot)?;
    let data = args.from.open()?;
    let (part, split) = if args.test { ("test", &data.test) } else { ("training", &data.train) };
    let batch = split.batch(&[args.index]).map_err(|error| anyhow::anyhow!("--index {}: {error}", args.index))?;
    let raw = split.samples().raw(args.index)?;
    let class = match split.samples().target(args.index)? {
        Target::Class(class) => format!(", class {}", data.class_name(usize::try_from(class).unwrap_or(0))),
        Target::Vector(values) => format!(", target {values:?}"),
        Target::ClassPerStep(_) => String::new(),
    };
    let title = format!("{part} sample {} of {}{class}", args.index, data.name);
    let picture = picture(&title, &data, &shown(batch), raw.as_ref());
    picture_file::write(&picture, &args.plot)?;
    output.print(&Shown { file: &args.plot, title, source: split.samples().name(args.index) })
}

/// A sample without the padding after its end.
fn shown(mut batch: Batch) -> Batch {
    if let (Some(&length), Some(steps)) = (batch.lengths.first(), batch.shape.first_mut()) {
        *steps = length;
        let count = batch.features();
        batch.values = batch.values.to_floats()[..count].to_vec().into();
    }
    batch
}

/// The picture that suits the sample.
fn picture(title: &str, data: &Dataset, batch: &Batch, raw: Option<&Raw>) -> Picture {
    let values = batch.values.to_floats();
    let is_over_time = data.options.steps.is_some();
    match (&batch.shape[..], raw) {
        (&[steps, channels, height, width], _) => {
            let frames = frames(&values, steps, channels, height * width);
            planes(title, &frames, width)
        }
        (_, Some(Raw::Sound { rate, samples })) => {
            let panel =
                TracePanel { name: "sound", axis: "amplitude", values: samples, neurons: 1, ..TracePanel::default() };
            membrane_traces(title, &[panel], 1000.0 / *rate as f32)
        }
        (shape, Some(Raw::Events(_))) => {
            let neurons = shape[1..].iter().product();
            let layer = RasterLayer { name: "inputs", spikes: &values, neurons, marked: &[] };
            spike_raster(title, &[layer], 0.0, None)
        }
        (&[_, features], _) if is_over_time => {
            let panel = TracePanel {
                name: "features",
                axis: "value",
                values: &values,
                neurons: features,
                ..TracePanel::default()
            };
            membrane_traces(title, &[panel], 0.0)
        }
        (&[_], _) => feature_values(title, &values),
        (&[3, _, width], _) => sample_images(title, &[SampleImage { name: "", pixels: &values, width, is_rgb: true }]),
        (shape, _) => {
            let (width, pixels) = (shape[shape.len() - 1], shape[shape.len() - 2..].iter().product());
            let all = values.chunks(pixels).map(<[f32]>::to_vec);
            let name =
                |channel: usize| if values.len() > pixels { format!("channel {channel}") } else { String::new() };
            planes(title, &(0..).map(name).zip(all).collect::<Vec<_>>(), width)
        }
    }
}

/// Pictures of one channel beside each other, with their names.
fn planes(title: &str, planes: &[(String, Vec<f32>)], width: usize) -> Picture {
    let mut images = Vec::with_capacity(planes.len());
    for (name, pixels) in planes {
        images.push(SampleImage { name, pixels, width, is_rgb: false });
    }
    sample_images(title, &images)
}

/// Names and pixels of some steps, channels added up.
fn frames(values: &[f32], steps: usize, channels: usize, pixels: usize) -> Vec<(String, Vec<f32>)> {
    let shown = steps.min(MOST_FRAMES);
    let frame = |i: usize| {
        let at = i * steps / shown;
        let step = &values[at * channels * pixels..][..channels * pixels];
        (format!("step {at}"), (0..pixels).map(|pixel| step.iter().skip(pixel).step_by(pixels).sum()).collect())
    };
    (0..shown).map(frame).collect()
}

#[derive(Serialize)]
struct Shown<'a> {
    file: &'a Path,
    title: String,
    source: Option<String>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is in {}", self.title, self.file.display())?;
        self.source.iter().try_for_each(|source| write!(f, "; it is from {source}"))
    }
}
