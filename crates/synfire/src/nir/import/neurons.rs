//! Nodes that are neurons.

use super::plan::{Carries, Factor, Layer, Values};
use super::{ImportOptions, Integration};
use crate::Error;
use crate::neuron::Reset;
use crate::neuron::models::explicit;
use crate::nir::{Array, NodeKind};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Neurons with the parameters of a node, one after the other.
struct Neurons<'a> {
    node: &'a str,
    shape: &'a [usize],
    options: &'a ImportOptions,
    keys: Map<String, Value>,
    values: BTreeMap<&'static str, Values>,
    notes: Vec<String>,
}

/// The layer of neurons that a node becomes; `None` for nodes of other types.
pub(super) fn layer(
    node: &str,
    kind: &NodeKind,
    shape: &[usize],
    options: &ImportOptions,
) -> Result<Option<Layer>, Error> {
    let neurons = |model: &str| Neurons {
        node,
        shape,
        options,
        keys: Map::from_iter([("neuron".to_string(), json!(model))]),
        values: BTreeMap::new(),
        notes: vec![],
    };
    let dt = options.dt;
    Ok(Some(match kind {
        NodeKind::I(i) => {
            let mut neurons = neurons("nonspikingifb");
            let factor = neurons.integrated(&i.r)?;
            neurons.layer(kind, factor)
        }
        NodeKind::If(n) => {
            let mut neurons = neurons("if");
            neurons.spikes(&n.v_threshold, &n.v_reset)?;
            let factor = neurons.integrated(&n.r)?;
            neurons.layer(kind, factor)
        }
        NodeKind::Li(n) => {
            let mut neurons = neurons("leakyintegrator");
            neurons.membrane(&n.tau, &n.v_leak)?;
            let factor = neurons.factor(&[(&n.r, true), (&n.tau, false)], dt)?;
            neurons.layer(kind, factor)
        }
        NodeKind::Lif(n) => {
            let mut neurons = neurons("eulerlif");
            neurons.membrane(&n.tau, &n.v_leak)?;
            neurons.spikes(&n.v_threshold, &n.v_reset)?;
            let factor = neurons.factor(&[(&n.r, true), (&n.tau, false)], dt)?;
            neurons.layer(kind, factor)
        }
        NodeKind::CubaLi(n) => {
            let mut neurons = neurons("cubali");
            neurons.synapse(&n.tau_syn)?;
            neurons.membrane(&n.tau_mem, &n.v_leak)?;
            let factors = [(&n.r, true), (&n.tau_mem, false), (&n.w_in, true), (&n.tau_syn, false)];
            let factor = neurons.factor(&factors, dt * dt)?;
            neurons.layer(kind, factor)
        }
        NodeKind::CubaLif(n) => {
            let mut neurons = neurons("cubalif");
            neurons.synapse(&n.tau_syn)?;
            neurons.membrane(&n.tau_mem, &n.v_leak)?;
            neurons.spikes(&n.v_threshold, &n.v_reset)?;
            let factors = [(&n.r, true), (&n.tau_mem, false), (&n.w_in, true), (&n.tau_syn, false)];
            let factor = neurons.factor(&factors, dt * dt)?;
            neurons.layer(kind, factor)
        }
        NodeKind::Threshold(n) => {
            let mut neurons = neurons("eulerlif");
            neurons.parameter("tau_m", &Array::double(dt), 1e3, false)?;
            neurons.parameter("v_th", &n.threshold, 1.0, false)?;
            neurons.notes.push("a `tau_m` of one time step has no memory".to_string());
            neurons.layer(kind, Factor::Same(1.0))
        }
        _ => return Ok(None),
    }))
}

impl Neurons<'_> {
    /// A parameter, `scale` times that of the node: a number, or one for each neuron.
    fn parameter(&mut self, name: &'static str, array: &Array, scale: f64, may_learn: bool) -> Result<(), Error> {
        let learn = may_learn && self.options.learn.iter().any(|learned| learned == name);
        let scaled: Vec<f64> = array.values().iter().map(|value| value * scale).collect();
        let refuse = |problem: String| Error::config(format!("node `{}`, parameter `{name}`", self.node), problem);
        if let Some(value) = scaled.iter().find(|&&value| !(value as f32).is_finite()) {
            return Err(refuse(format!("is {value}, beyond single precision; expected a smaller one")));
        }
        let Some(&first) = scaled.first() else { return Err(refuse("has no values".to_string())) };
        let same = scaled.iter().all(|value| *value as f32 == first as f32);
        let value = match (same, learn) {
            (true, false) => json!(first as f32),
            (_, true) => json!({ "value": first as f32, "learn": true, "per": "neuron" }),
            (false, false) => json!({ "value": first as f32, "per": "neuron" }),
        };
        self.keys.insert(name.to_string(), value);
        if !same {
            self.values.insert(name, Values { shape: vec![scaled.len()], values: scaled });
        }
        Ok(())
    }

    fn membrane(&mut self, tau: &Array, v_leak: &Array) -> Result<(), Error> {
        self.stability("tau", tau);
        self.parameter("tau_m", tau, 1e3, true)?;
        self.parameter("v_leak", v_leak, 1.0, true)
    }

    fn synapse(&mut self, tau: &Array) -> Result<(), Error> {
        self.stability("tau_syn", tau);
        self.keys.insert("current".to_string(), json!(self.options.cuba));
        self.parameter("tau_s", tau, 1e3, true)
    }

    /// Tells of time constants that forward Euler steps over.
    fn stability(&mut self, name: &str, tau: &Array) {
        let Some([least, _]) = tau.range() else { return };
        let [rate, dt] = [1e-3 / least, 1e3 * self.options.dt].map(|x| x as f32);
        self.notes.extend(explicit::warning([(name, rate)], dt, ""));
    }

    fn spikes(&mut self, v_threshold: &Array, v_reset: &Array) -> Result<(), Error> {
        self.keys.insert("reset".to_string(), json!(self.options.reset));
        self.parameter("v_th", v_threshold, 1.0, true)?;
        match self.options.reset {
            Reset::Hard => self.parameter("v_reset", v_reset, 1.0, true),
            _ => {
                let resets = v_reset.range().is_some_and(|range| range != [0.0, 0.0]);
                if resets {
                    self.notes.push("`v_reset` is not used: the reset is not to a value".to_string());
                }
                Ok(())
            }
        }
    }

    /// The factor of the input of an integrator without leak.
    fn integrated(&mut self, r: &Array) -> Result<Factor, Error> {
        let is_one = r.values().iter().all(|&r| r == 1.0);
        let impulses = match self.options.integration {
            Integration::Auto => is_one,
            Integration::Impulses => true,
            Integration::Current => false,
        };
        if impulses {
            self.notes.push("the input is taken as impulses, v += r i".to_string());
        }
        self.factor(&[(r, true)], if impulses { 1.0 } else { self.options.dt })
    }

    /// `scale` times the product of arrays, or of their reciprocals.
    fn factor(&self, parts: &[(&Array, bool)], scale: f64) -> Result<Factor, Error> {
        let of = |neuron: usize| {
            parts.iter().fold(scale, |product, (array, times)| {
                let values = array.values();
                let value = values[if values.len() == 1 { 0 } else { neuron }];
                if *times { product * value } else { product / value }
            })
        };
        let neurons = parts.iter().map(|(array, _)| array.len()).max().unwrap_or(1);
        let each: Vec<f64> = (0..neurons).map(of).map(rounded).collect();
        if let Some(value) = each.iter().find(|value| !(**value as f32).is_finite()) {
            let problem = format!("takes its input times {value}, beyond single precision; expected a smaller `r`");
            return Err(Error::config(format!("node `{}`", self.node), problem));
        }
        Ok(match each.iter().all(|value| *value == each[0]) {
            true => Factor::Same(each[0]),
            false => Factor::Each(each),
        })
    }

    fn layer(self, kind: &NodeKind, factor: Factor) -> Layer {
        Layer {
            node: self.node.to_string(),
            kind: kind.name(),
            keys: self.keys,
            inputs: vec![],
            values: self.values,
            factor,
            carries: Carries::No,
            output: self.shape.to_vec(),
            notes: self.notes,
        }
    }
}

/// A factor that is 1 but for the rounding of single precision, as exporters write `tau / dt`, as 1.
fn rounded(factor: f64) -> f64 {
    if (factor - 1.0).abs() < 4.0 * f64::from(f32::EPSILON) { 1.0 } else { factor }
}
