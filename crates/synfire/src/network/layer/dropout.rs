//! Random silence while a network trains.

use super::{AnyLayer, Layer, LayerKind, NetworkInfo, Pass, Site, transparent_module};
use crate::Error;
use crate::coding::Activations;
use crate::network::Shape;
use crate::network::cast;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Sets values to 0 at random while the network trains, and scales the others up in turn: `dropout = 0.5`
/// (Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting).
///
/// One mask holds for all steps of a sample, as the same synapses then are missing throughout; `per_step = true` draws
/// one for each step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dropout {
    /// Share of the values that are set to 0, 0 to below 1.
    pub probability: f32,
    /// Whether each step has a mask of its own.
    pub per_step: bool,
}

impl Default for Dropout {
    fn default() -> Self {
        Dropout { probability: 0.5, per_step: false }
    }
}

impl Named for Dropout {
    const NAME: &'static str = "dropout";
    const ABOUT: &'static str = "values are 0 at random while the network trains";
    const PRINCIPAL: Option<&'static str> = Some("probability");
}

impl LayerKind for Dropout {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = (0.0..1.0).contains(&self.probability);
        BadSetting::unless(fits, "probability", self.probability, "0 to below 1")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        Ok(input.clone())
    }

    fn divides_over_time(&self) -> bool {
        false
    }

    fn build(&self, _: &mut Site<'_>) -> Result<AnyLayer, Error> {
        Ok(DropoutLayer { settings: *self }.into())
    }
}

#[derive(Clone, Debug)]
struct DropoutLayer {
    settings: Dropout,
}

transparent_module!(DropoutLayer { inner: [], named: [], plain: [settings] });

impl Layer for DropoutLayer {
    fn forward(&self, input: Activations, pass: &mut Pass) -> Result<Activations, Error> {
        let Dropout { probability, per_step } = self.settings;
        let device = input.values.device();
        if !device.is_autodiff() || probability == 0.0 {
            return Ok(Activations { spike_times: None, potential: None, ..input });
        }
        let [steps, batch, values] = input.values.dims();
        let (rows, rng) = match per_step {
            true => (pass.steps, pass.rng.clone()),
            // in a cycle, too, every step draws the same mask
            false => (1, pass.rng.clone().at_step(0)),
        };
        let uniform = rng.tensor([rows, batch, values], &device);
        let kept = uniform.greater_equal_scalar(probability).float() / (1.0 - probability);
        let kept = cast(kept, input.values.dtype());
        let dims = [rows.max(steps), batch, values];
        let masked: Tensor<3> = input.values.expand(dims) * kept.expand(dims);
        Ok(Activations { values: masked, spike_times: None, potential: None, dt: input.dt })
    }

    fn describe(&self) -> String {
        format!("dropout {}", self.settings.probability)
    }
}
