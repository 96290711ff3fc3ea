//! From a graph to a checkpoint.

mod build;
mod fold;
mod kinds;
mod neurons;
mod plan;

use super::{Graph, Report, refused};
use crate::Error;
use crate::checkpoint::Checkpoint;
use crate::coding::{Decoder, Encoder};
use crate::neuron::{Reset, SynapticCurrent};
use serde::{Deserialize, Serialize};

/// Settings of an import: what files of NIR do not tell.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOptions {
    /// Time step in seconds, above 0.
    pub dt: f64,
    /// Reset at a spike: NIR's is to `v_reset` ([`Reset::Hard`]); [`Reset::Soft`] for networks that were trained with a
    /// subtracted threshold, which NIR cannot say.
    pub reset: Reset,
    /// The synaptic current that the membrane of a `CubaLIF` takes.
    pub cuba: SynapticCurrent,
    /// Input of integrators without leak, `I` and `IF`.
    pub integration: Integration,
    /// Time steps of a sample, at least 1.
    pub steps: usize,
    /// From samples to input over time; samples over time, `series`, if not given.
    pub encoder: Option<Encoder>,
    /// From the output to scores; spike counts, or the mean of graded outputs, if not given.
    pub decoder: Option<Decoder>,
    /// Shape of what a step of a sample has, where that is not the shape of the graph's input but as many values: `[28, 28]` of
    /// pictures for a network of 784 inputs.
    pub input: Option<Vec<usize>>,
    /// Parameters of neurons that shall learn, one value for each neuron: `tau_m`.
    pub learn: Vec<String>,
}

/// Meaning of the input of an integrator without leak, `dv/dt = r i`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Integration {
    /// Impulses where `r` is 1 everywhere, as Sinabs, snnTorch and Norse have it, else a current.
    #[default]
    Auto,
    /// Impulses of area 1: `v += r i`, whatever the time step.
    Impulses,
    /// A current that lasts the step: `v += r dt i`.
    Current,
}

impl ImportOptions {
    /// A time step in seconds; reset to a value, the new synaptic current, 100 steps of samples that are over time.
    #[must_use]
    pub fn new(dt: f64) -> Self {
        ImportOptions {
            dt,
            reset: Reset::Hard,
            cuba: SynapticCurrent::New,
            integration: Integration::Auto,
            steps: 100,
            encoder: None,
            decoder: None,
            input: None,
            learn: vec![],
        }
    }

    fn check(&self) -> Result<(), Error> {
        // in ms and in single precision
        if !(self.dt > 0.0 && (self.dt * 1e3) as f32 > 0.0 && self.dt * 1e3 < f64::from(f32::MAX)) {
            let problem = format!("is {} s; expected a time step above 0, for example 1e-3", self.dt);
            return Err(Error::config("dt", problem));
        }
        Ok(())
    }
}

/// A network that was imported.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The network, for inference and fine-tuning.
    pub checkpoint: Checkpoint,
    /// The layer that every node became.
    pub report: Report,
}

/// Makes a network of a graph: forward Euler with the given time step.
///
/// ```text
/// I += dt / tau_syn (-I + w_in s)
/// v += dt / tau_mem (v_leak - v + r I)
/// ```
///
/// Factors of the input, `r dt / tau`, go into the weights before; where there are none that nobody else listens to, into
/// a `scale` layer. Parameters of single neurons are kept. A cycle of neurons and their weights, flat or as a nested graph,
/// becomes a recurrent layer; other cycles get a delay of one step where they go back.
///
/// # Errors
///
/// [`Error::Config`] with the node, and the field where it is one, of a graph that is no network, or that has what no layer
/// here does.
pub fn import(graph: &Graph, options: &ImportOptions) -> Result<Imported, Error> {
    options.check()?;
    let mut graph = graph.clone();
    let mut report = Report { notes: graph.repair(), ..Report::default() };
    let flat = graph.inlined().map_err(refused)?;
    let shapes = flat.shapes().map_err(refused)?;
    let mut plan = plan::Plan::of(&flat, &shapes, options, &mut report)?;
    plan.fold(&mut report);
    plan.build(options, report)
}
