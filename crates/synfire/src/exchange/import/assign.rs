//! The values of a parameter, from those of a tensor.

use super::pairing::Assignment;
use super::{Framework, Importer};
use crate::Error;
use crate::exchange::leak::{Leak, Quantity};
use crate::exchange::{StateDict, StateTensor};
use crate::neuron::registry;

/// A tensor for a parameter, with its conversion.
#[derive(Clone, Debug)]
pub(super) struct Assigned<'a> {
    pub(super) assignment: Assignment,
    pub(super) tensor: &'a StateTensor,
    conversion: Conversion,
    /// Time step in ms.
    dt: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Conversion {
    None,
    /// Weights and biases divided by the gain of their layer, and multiplied by what the neurons behind them scale their input
    /// by in the framework, and do not here.
    Weights {
        gain: f64,
        drive: f64,
    },
    /// A time constant of a leak.
    Leak(Leak),
    /// Nothing is left of it: no leak, for neurons that have none.
    Void,
}

impl Importer {
    /// Decides how the tensor of an assignment is converted.
    pub(super) fn assigned<'a>(
        &self,
        state: &'a StateDict,
        framework: Framework,
        assignment: Assignment,
    ) -> Result<Assigned<'a>, Error> {
        let Some(tensor) = state.get(&assignment.key) else {
            return Err(state.refuse(format!("has no `{}`", assignment.key)));
        };
        let conversion = self.conversion(framework, &assignment, tensor).map_err(|problem| state.refuse(problem))?;
        Ok(Assigned { assignment, tensor, conversion, dt: f64::from(self.config.dt) })
    }

    fn conversion(&self, framework: Framework, a: &Assignment, tensor: &StateTensor) -> Result<Conversion, String> {
        let layer = &self.config.layers[a.layer];
        if a.quantity == Quantity::Value {
            let settings = layer.kind.settings();
            let gain = match a.parameter.as_str() {
                "weight" | "bias" => settings.get("gain"),
                "recurrent.weight" | "recurrent.bias" => settings.get("recurrent").and_then(|table| table.get("gain")),
                _ => None,
            };
            let gain = gain.and_then(serde_json::Value::as_f64).unwrap_or(1.0);
            let drive = self.drive(framework, a)?;
            return Ok(match gain == 1.0 && drive == 1.0 {
                true => Conversion::None,
                false => Conversion::Weights { gain, drive },
            });
        }
        let (name, key) = (a.name(), &a.key);
        let Some(model) = layer.kind.model() else {
            return Err(format!("has `{key}` for `{name}`, but layers.{} has no neurons with a leak", a.layer));
        };
        let model = registry::find(model).map_or(model, |entry| entry.info.name);
        let Some(leak) = Leak::of(model, &a.parameter) else {
            let no_leak = a.quantity == Quantity::Decay && tensor.values.iter().all(|beta| *beta >= 1.0);
            return match no_leak && model == "if" {
                true => Ok(Conversion::Void),
                false => Err(format!(
                    "has the leak `{key}` for layers.{} of `{model}` neurons, which have none like it; use \
                     `neuron = \"lif\"`, `\"plif\"` where the input is scaled by 1 / tau, or `\"lifm\"` where there is a \
                     synaptic current",
                    a.layer
                )),
            };
        };
        match (framework.scales_input().filter(|_| a.by_rule), leak) {
            (Some(false), Leak::Euler) => Err(format!(
                "has neurons that add their input as it is, and layers.{} of `{model}` neurons multiply it by 1 / tau_m; \
                 use `neuron = \"lif\"`",
                a.layer
            )),
            (Some(true), Leak::Exponential) => Err(format!(
                "has neurons that multiply their input by dt / tau, and layers.{} of `{model}` neurons add it as it is; \
                 use `neuron = \"plif\"`",
                a.layer
            )),
            _ => Ok(Conversion::Leak(leak)),
        }
    }
}

/// Models that add their input as it is, of those that Norse's neurons become with `dt / tau_m` in their weights.
const UNSCALED: [&str; 4] = ["cubalif", "cubali", "eulerlif", "leakyintegrator"];

impl Importer {
    /// The factor `dt / tau_m` by which Norse's neurons multiply their input, for weights in front of neurons that do not.
    fn drive(&self, framework: Framework, a: &Assignment) -> Result<f64, String> {
        let at = match a.parameter.as_str() {
            "weight" | "bias" => a.layer + 1,
            "recurrent.weight" | "recurrent.bias" => a.layer,
            _ => return Ok(1.0),
        };
        let Some(neurons) = self.config.layers.get(at).filter(|_| framework == Framework::Norse && a.by_rule) else {
            return Ok(1.0);
        };
        let model = neurons.kind.model().and_then(|model| registry::find(model).ok());
        if !model.is_some_and(|model| UNSCALED.contains(&model.info.name)) {
            return Ok(1.0);
        }
        let settings = neurons.kind.settings();
        let tau = settings.get("tau_m").and_then(|tau| tau.as_f64().or_else(|| tau.get("value")?.as_f64()));
        tau.filter(|tau| *tau > 0.0).map(|tau| f64::from(self.config.dt) / tau).ok_or_else(|| {
            format!(
                "has weights of neurons that multiply their input by dt / tau, and layers.{at} has no number as its `tau_m`, which \
                 the state dict does not have; give it, 1000 / tau_mem_inv"
            )
        })
    }
}

impl Assigned<'_> {
    /// Whether nothing is left of the tensor.
    pub(super) fn is_void(&self) -> bool {
        self.conversion == Conversion::Void
    }

    /// Whether it is a parameter of neurons, of which all may share a value.
    pub(super) fn is_shared(&self) -> bool {
        !matches!(self.assignment.parameter.rsplit('.').next(), Some("weight" | "bias"))
            || self.assignment.parameter.starts_with("recurrent.")
    }

    /// The conversion in words; empty where there is none.
    pub(super) fn note(&self) -> String {
        match self.conversion {
            Conversion::None | Conversion::Void => String::new(),
            Conversion::Weights { gain, drive } => {
                let parts = [(gain, "divided by the gain"), (drive, "multiplied by dt / tau_m =")];
                let told = parts.iter().filter(|(factor, _)| *factor != 1.0);
                told.map(|(factor, words)| format!("{words} {factor}")).collect::<Vec<_>>().join(", ")
            }
            Conversion::Leak(leak) => {
                let dt = if leak == Leak::Exponential { format!(", dt {} ms", self.dt) } else { String::new() };
                format!("{}: {}{dt}", self.assignment.quantity, leak.equation())
            }
        }
    }

    /// The values of a parameter with `count` of them.
    pub(super) fn values(&self, count: usize) -> Result<Vec<f32>, String> {
        let (key, name) = (&self.tensor.key, self.assignment.name());
        let convert = |x: f64| {
            if !x.is_finite() {
                return Err(format!("holds a `{key}` of {x}; expected finite values"));
            }
            match self.conversion {
                Conversion::None | Conversion::Void => Ok(x as f32),
                Conversion::Weights { gain, drive } => Ok((x / gain * drive) as f32),
                Conversion::Leak(leak) => {
                    let tau = leak.tau(self.assignment.quantity, x, self.dt);
                    tau.map_err(|problem| format!("holds a `{key}` that {problem}"))
                }
            }
        };
        let values: Vec<f32> = self.tensor.values.iter().map(|x| convert(*x)).collect::<Result<_, _>>()?;
        match values[..] {
            _ if values.len() == count => Ok(values),
            [one] if self.is_shared() => Ok(vec![one; count]),
            _ => Err(format!(
                "has `{key}` of shape {:?}, {} values; `{name}` has {count}",
                self.tensor.shape,
                values.len()
            )),
        }
    }
}
