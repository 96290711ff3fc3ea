//! Recorded activity of a network's layers of neurons.

use super::{Array, Element, Observable, Recorded};
use crate::Error;
use crate::host::floats;
use crate::network::Record;
use crate::neuron::OutputKind;
use burn::tensor::Tensor;

/// Spikes or outputs, and membrane potentials, of the layers of neurons for some samples.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::network::NetworkConfig;
/// use synfire::nir::{Activity, Recorded};
///
/// let network = NetworkConfig::two_layers("lif", 4, 5).init(&[3], 2, 0, &Device::default())?;
/// let mut activity = Activity::default();
/// let (_, records) = network.record(Tensor::<2>::ones([6, 3], &Device::default()), 0)?;
/// activity.add(&records)?;
/// assert_eq!(activity.traces()[0].shape(), [6, 5, 4]); // samples, steps, neurons
/// let bytes = activity.into_nir(1e-3).to_bytes()?;
/// assert!(Recorded::from_bytes(bytes)?.nodes["layers.1"].contains_key("spikes"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Activity {
    traces: Vec<Trace>,
}

/// A quantity of a layer over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Path of the layer.
    pub layer: String,
    /// `spikes`, `output` of neurons without spikes, or `v`.
    pub observable: &'static str,
    /// Time steps.
    pub steps: usize,
    /// Neurons of the layer.
    pub neurons: usize,
    /// `[samples, steps, neurons]`
    pub values: Vec<f32>,
}

impl Trace {
    /// Samples, steps and neurons.
    #[must_use]
    pub fn shape(&self) -> [usize; 3] {
        [self.values.len() / (self.steps * self.neurons).max(1), self.steps, self.neurons]
    }
}

impl Activity {
    /// Adds what [`Network::record`](crate::network::Network::record) recorded of a batch.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if a layer has another number of steps or neurons than in the batches before.
    pub fn add(&mut self, records: &[Record]) -> Result<(), Error> {
        for record in records {
            let output = if record.kind == OutputKind::Spiking { "spikes" } else { "output" };
            self.append(&record.name, output, record.output.clone())?;
            if let Some(potential) = &record.potential {
                self.append(&record.name, "v", potential.clone())?;
            }
        }
        Ok(())
    }

    fn append(&mut self, layer: &str, observable: &'static str, values: Tensor<3>) -> Result<(), Error> {
        let [steps, _, neurons] = values.dims();
        let values = floats(&values.swap_dims(0, 1).into_data());
        match self.traces.iter_mut().find(|trace| trace.layer == layer && trace.observable == observable) {
            Some(trace) if (trace.steps, trace.neurons) == (steps, neurons) => trace.values.extend(values),
            Some(trace) => {
                let problem = format!(
                    "has {steps} steps of {neurons} neurons; expected {} of {}, as recorded before",
                    trace.steps, trace.neurons
                );
                return Err(Error::config(layer, problem));
            }
            None => self.traces.push(Trace { layer: layer.to_string(), observable, steps, neurons, values }),
        }
        Ok(())
    }

    /// The recorded traces, layer by layer.
    #[must_use]
    pub fn traces(&self) -> &[Trace] {
        &self.traces
    }

    /// The same as NIR's `NIRGraphData`, for a time step of `dt` seconds.
    #[must_use]
    pub fn into_nir(self, dt: f64) -> Recorded {
        let mut recorded = Recorded::default();
        for trace in self.traces {
            let shape = trace.shape();
            let values = trace.values.into_iter().map(f64::from).collect();
            if let Some(data) = Array::new(shape, values, Element::F32) {
                let observables = recorded.nodes.entry(trace.layer).or_default();
                observables.insert(trace.observable.to_string(), Observable::Gridded { data, dt });
            }
        }
        recorded
    }
}
