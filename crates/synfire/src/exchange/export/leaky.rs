//! Neurons of snnTorch.

use super::Peer;
use super::chain::{Names, Part, Site};
use super::stored::tensor;
use crate::exchange::leak::{Leak, Quantity};
use crate::network::LayerConfig;
use crate::neuron::Reset;
use serde_json::Value;

/// Settings of a layer of neurons that both frameworks know.
pub(super) struct Settings {
    /// Name of the model: `lif`, `plif` or `if`.
    pub(super) model: &'static str,
    pub(super) reset: Reset,
    pub(super) is_delayed: bool,
    pub(super) surrogate: String,
}

/// Reads the settings of a layer of neurons; refuses models that are none of the three.
pub(super) fn settings(layer: &LayerConfig, peer: &str) -> Result<Settings, String> {
    let settings = layer.kind.settings();
    let given = layer.kind.model().unwrap_or_default();
    let known = ["lif", "plif", "if", "ifsoftreset"].into_iter().find(|known| known.eq_ignore_ascii_case(given));
    let Some(model) = known else {
        return Err(format!("has `{given}` neurons, which {peer} does not have; train with `lif`, `plif` or `if`"));
    };
    if settings.get("spaic_compat") == Some(&Value::Bool(true)) {
        return Err(format!("follows SPAIC (`spaic_compat`), which {peer} does not; train without it"));
    }
    let reset = match settings.get("reset") {
        Some(given) => serde_json::from_value(given.clone()).unwrap_or_default(),
        None if model == "ifsoftreset" => Reset::Soft,
        None => Reset::default(),
    };
    let surrogate = settings.get("surrogate").and_then(Value::as_str).unwrap_or("atan").to_string();
    let is_delayed = settings.get("reset_delay") == Some(&Value::Bool(true));
    Ok(Settings { model: if model == "ifsoftreset" { "if" } else { model }, reset, is_delayed, surrogate })
}

/// Factor of the currents of the neurons `next`, where they scale their input and those of the framework do not.
pub(super) fn factor(peer: Peer, next: &LayerConfig, site: &Site<'_>) -> Vec<f64> {
    match (peer, next.kind.model()) {
        (Peer::Snntorch, Some("plif")) => {
            site.stored.values("tau_m").iter().map(|tau| Leak::Euler.shares(*tau, site.dt).taken).collect()
        }
        _ => vec![1.0],
    }
}

pub(super) fn part(site: &Site<'_>, names: &mut Names, notes: &mut Vec<String>, i: usize) -> Result<Vec<Part>, String> {
    let Settings { model, reset, is_delayed, surrogate } = settings(site.config, "snnTorch")?;
    if site.stored.values("decay").iter().any(|x| *x != 0.0) {
        return Err(
            "has a `decay` that is subtracted in each step, which snnTorch does not have; set it to 0".to_string()
        );
    }
    if reset == Reset::Hard && site.stored.values("v_reset").iter().any(|x| *x != 0.0) {
        return Err(
            "resets to a `v_reset` that is not 0, which snnTorch does not; train with `v_reset = 0`".to_string()
        );
    }
    if site.config.kind.settings().get("initial").is_some() {
        return Err("starts from an initial potential, which snnTorch does not; train without `initial`".to_string());
    }
    if reset == Reset::Soft && !is_delayed {
        notes.push(format!(
            "layers.{i} resets at once: snnTorch's reset_delay=False is the same unless a potential is above twice the \
             threshold"
        ));
    }
    let name = names.next("lif");
    let leak = Leak::of(model, "tau_m");
    let betas: Vec<f64> = match leak {
        Some(leak) => {
            let shares = site.stored.values("tau_m").iter().map(|tau| leak.shares(*tau, site.dt));
            shares.filter_map(|shares| Quantity::Decay.of_shares(shares, site.dt)).collect()
        }
        None => vec![1.0],
    };
    let thresholds: Vec<f64> = site.stored.values("v_th").iter().map(|x| f64::from(*x)).collect();
    let (beta_shape, threshold_shape) = (shape(betas.len(), site.input), shape(thresholds.len(), site.input));
    let is_learned = |parameter: &str| {
        site.config.kind.settings().get(parameter).and_then(|p| p.get("learn")) == Some(&Value::Bool(true))
    };
    let learn_beta = is_learned("tau_m") || model == "plif";
    let (word, code) = match reset {
        Reset::Soft => ("subtract", 0.0),
        Reset::Hard => ("zero", 1.0),
        Reset::None => ("none", 2.0),
    };
    let gradient = surrogate_of(&surrogate, site, notes, i);
    let recurrent = recurrent(site, &name)?;
    let mut tensors = vec![
        tensor(&name, "threshold", &threshold_shape, thresholds.iter().copied()),
        tensor(&name, "graded_spikes_factor", &[], [1.0]),
        tensor(&name, "reset_mechanism_val", &[], [code]),
        tensor(&name, "beta", &beta_shape, betas.iter().copied()),
    ];
    let class = if recurrent.is_empty() { "Leaky" } else { "RLeaky" };
    let features = if recurrent.is_empty() {
        String::new()
    } else {
        format!(", linear_features={}", site.input.iter().product::<usize>())
    };
    tensors.extend(recurrent);
    Ok(vec![Part {
        constructor: format!(
            "snn.{class}(beta={}, threshold={}, learn_beta={}, reset_mechanism=\"{word}\", reset_delay={}, spike_grad={gradient}{features})",
            value(&betas, &beta_shape),
            value(&thresholds, &threshold_shape),
            if learn_beta { "True" } else { "False" },
            // a hard reset to 0 gives the same spikes either way
            if is_delayed || reset != Reset::Soft { "True" } else { "False" },
        ),
        call: format!("self.{name}(x)[0]"),
        name,
        is_stateful: true,
        tensors,
    }])
}

/// Shape of a tensor of one value, of one per channel or of one per neuron.
fn shape(count: usize, neurons: &[usize]) -> Vec<usize> {
    match count {
        1 => vec![],
        _ if count == neurons.iter().product::<usize>() => neurons.to_vec(),
        channels => std::iter::once(channels).chain(neurons.iter().skip(1).map(|_| 1)).collect(),
    }
}

/// A value in Python: the number, or where there are several a tensor of the right shape that `load_state_dict` fills.
fn value(values: &[f64], shape: &[usize]) -> String {
    match values {
        [one] => format!("{:?}", *one as f32),
        _ => format!(
            "torch.ones({})",
            super::layers::size(&Value::from(shape.to_vec())).replace("(", "").replace(")", "")
        ),
    }
}

fn surrogate_of(surrogate: &str, site: &Site<'_>, notes: &mut Vec<String>, i: usize) -> String {
    let alpha = site.stored.values("alpha").first().copied().unwrap_or(2.0);
    match surrogate {
        "atan" => format!("surrogate.atan(alpha={alpha:?})"),
        "sigmoid" => format!("surrogate.sigmoid(slope={alpha:?})"),
        "fast_sigmoid" => format!("surrogate.fast_sigmoid(slope={alpha:?})"),
        other => {
            notes.push(format!("layers.{i} was trained with the surrogate `{other}`, which snnTorch does not have: training goes on with atan"));
            "surrogate.atan()".to_string()
        }
    }
}

/// Weights of the layer's connections to itself.
fn recurrent(site: &Site<'_>, name: &str) -> Result<Vec<crate::exchange::StateTensor>, String> {
    let Some(table) =
        site.config.kind.settings().get("recurrent").filter(|table| !matches!(table, Value::Null | Value::Bool(false)))
    else {
        return Ok(vec![]);
    };
    if table.get("delay").and_then(Value::as_u64).unwrap_or(1) != 1 {
        return Err(
            "has recurrent connections with a delay of several steps, which snnTorch does not have; set it to 1"
                .to_string(),
        );
    }
    let gain = table.get("gain").and_then(Value::as_f64).unwrap_or(1.0);
    let weight = site.stored.get("recurrent.weight").filter(|weight| weight.shape.len() == 2);
    let Some(weight) = weight else {
        return Err(
            "has one-to-one recurrent connections; of those snnTorch has only one weight; use all_to_all".to_string()
        );
    };
    if site.config.kind.model() == Some("plif") {
        return Err("has recurrent `plif` neurons, whose input snnTorch does not scale; train with `lif`".to_string());
    }
    let scaled = |values: &[f32]| values.iter().map(|x| f64::from(*x) * gain).collect::<Vec<f64>>();
    let neurons = weight.shape[0];
    let bias = site.stored.get("recurrent.bias").map_or_else(|| vec![0.0; neurons], |bias| scaled(&bias.values));
    Ok(vec![
        tensor(name, "recurrent.weight", &weight.shape, scaled(&weight.values)),
        tensor(name, "recurrent.bias", &[neurons], bias),
    ])
}
