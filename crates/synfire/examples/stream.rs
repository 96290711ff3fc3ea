//! Feeds a recording of events to a network as they happened, step by step, and tells the answer as it forms:
//! `cargo run --release --example stream -- [NETWORK DATA [INDEX]]`, a checkpoint (.bpk) or a network in integers (.int8), and
//! the recordings that it learned from, such as N-MNIST. Without arguments, a network that learned nothing sees a moving edge.

#[path = "stream/camera.rs"]
mod camera;
#[path = "stream/runner.rs"]
mod runner;

use camera::Camera;
use runner::Runner;
use std::error::Error;
use std::time::{Duration, Instant};
use synfire::train::highest;
use synfire_data::{Dataset, Raw, Recording};

/// Summary of a stream.
#[derive(Debug)]
struct Summary {
    /// Spikes of each output neuron.
    counts: Vec<f32>,
    /// Time that each step took.
    times: Vec<Duration>,
}

/// Runs a recording; each step begins when its events are over. `speed` is that of the clock, infinite to wait for nothing.
fn stream(runner: &mut Runner, recording: &Recording, speed: f64) -> Result<Summary, Box<dyn Error>> {
    let (window, begun) = (runner.step_us(), Instant::now());
    let camera = Camera::new(runner.options().clone(), runner.sensor());
    let mut summary = Summary { counts: vec![], times: vec![] };
    let mut answer = None;
    for (step, events) in camera.windows(&recording.events, window).enumerate() {
        let happened = Duration::from_secs_f64((step + 1) as f64 * window as f64 * 1e-6 / speed);
        std::thread::sleep(happened.saturating_sub(begun.elapsed()));
        let frame = camera.frame(events);
        let started = Instant::now();
        let output = runner.step(&frame)?;
        summary.times.push(started.elapsed());
        summary.counts.resize(output.len(), 0.0);
        summary.counts.iter_mut().zip(&output).for_each(|(count, spike)| *count += spike);
        let leading = highest(&summary.counts).filter(|&class| summary.counts[class] > 0.0);
        if leading != answer {
            answer = leading;
            let ms = (step + 1) as f64 * window as f64 * 1e-3;
            println!("{ms:8.1} ms  class {}", leading.map_or("none".to_string(), |class| class.to_string()));
        }
    }
    Ok(summary)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (mut runner, recording) = match &arguments[..] {
        [] => (Runner::untrained()?, camera::moving_edge(12, 12, 60_000)),
        [network, data, rest @ ..] if rest.len() < 2 => {
            let index = rest.first().map_or(Ok(0), |index| index.parse())?;
            let runner = Runner::read(network.as_ref())?;
            let data = Dataset::open_with(data, runner.data())?;
            let Some(Raw::Events(recording)) = data.test.samples().raw(index)? else {
                return Err("the samples of this data set are no events; give recordings, such as N-MNIST".into());
            };
            (runner, recording)
        }
        _ => return Err("expected [NETWORK DATA [INDEX]]".into()),
    };
    let Summary { counts, times } = stream(&mut runner, &recording, 1.0)?;
    let (sum, most) = (times.iter().sum::<Duration>(), times.iter().max().copied().unwrap_or_default());
    let mean = sum / times.len().max(1) as u32;
    println!("{} events in {} steps of {} us", recording.events.len(), times.len(), runner.step_us());
    println!("a step took {mean:?}, the longest {most:?}; spikes of each class {counts:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Event by event, a stream gives what the whole recording gives at once.
    #[test]
    fn a_stream_gives_what_the_network_gives() {
        let recording = camera::moving_edge(12, 12, 60_000);
        let mut runner = Runner::untrained().unwrap();
        let counts = stream(&mut runner, &recording, f64::INFINITY).unwrap().counts;
        assert!(counts.iter().sum::<f32>() > 0.0);
        assert_eq!(counts, runner.counts_at_once(&recording).unwrap());
    }
}
