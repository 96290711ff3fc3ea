//! Neurons of SpikingJelly.

use super::chain::{Names, Part, Site};
use super::leaky::{Settings, settings};
use super::stored::tensor;
use crate::exchange::leak::{Leak, Quantity};
use crate::neuron::Reset;
use serde_json::Value;

pub(super) fn part(site: &Site<'_>, names: &mut Names, notes: &mut Vec<String>, i: usize) -> Result<Vec<Part>, String> {
    let Settings { model, reset, is_delayed, surrogate } = settings(site.config, "SpikingJelly")?;
    let refuse = |problem: &str, cure: &str| Err(format!("{problem}, which SpikingJelly does not have; {cure}"));
    if site.stored.values("decay").iter().any(|x| *x != 0.0) {
        return refuse("has a `decay` that is subtracted in each step", "set it to 0");
    }
    if is_delayed && reset == Reset::Soft {
        return refuse("has a soft reset at the next step (`reset_delay`)", "train without it, or export to snntorch");
    }
    if reset == Reset::None {
        return refuse("has no reset", "train with `reset = \"hard\"` or `\"soft\"`");
    }
    let resets_elsewhere = site.stored.values("v_reset").iter().any(|x| *x != 0.0);
    if reset == Reset::Hard && resets_elsewhere {
        return refuse("resets to a `v_reset` that is not the potential at rest", "train with `v_reset = 0`");
    }
    if site.config.kind.settings().get("initial").is_some() {
        return refuse("starts from an initial potential", "train without `initial`");
    }
    if !matches!(site.config.kind.settings().get("recurrent"), None | Some(Value::Null | Value::Bool(false))) {
        return refuse("has connections to itself as a state dict holds them", "export to snntorch");
    }
    let one = |parameter: &str| match site.stored.values(parameter) {
        [one] => Ok(*one),
        values => Err(format!(
            "has {} values of `{parameter}`; SpikingJelly's layers have one; train with one for the layer, or export to snntorch",
            values.len()
        )),
    };
    let v_th = one("v_th")?;
    let name = names.next("lif");
    let v_reset = if reset == Reset::Soft { "None" } else { "0.0" };
    let alpha = site.stored.values("alpha").first().copied().unwrap_or(2.0);
    let gradient = match surrogate.as_str() {
        "atan" => format!("surrogate.ATan(alpha={alpha:?})"),
        "sigmoid" => format!("surrogate.Sigmoid(alpha={alpha:?})"),
        other => {
            notes.push(format!(
                "layers.{i} was trained with the surrogate `{other}`, which is not written for SpikingJelly: training goes on with ATan"
            ));
            "surrogate.ATan()".to_string()
        }
    };
    let shared = format!("v_threshold={v_th:?}, v_reset={v_reset}, surrogate_function={gradient}, detach_reset=True");
    let (constructor, tensors) = match Leak::of(model, "tau_m") {
        None => (format!("neuron.IFNode({shared})"), vec![]),
        Some(leak) => {
            let tau = one("tau_m")?;
            let Some(w) = Quantity::Logit.of_shares(leak.shares(tau, site.dt), site.dt).filter(|w| w.is_finite())
            else {
                return refuse("has neurons with no leak, or with no memory", "use `if` neurons, or a longer `tau_m`");
            };
            let scaled = if leak == Leak::Euler { "True" } else { "False" };
            let node = format!("neuron.ParametricLIFNode(init_tau=2.0, decay_input={scaled}, {shared})");
            (node, vec![tensor(&name, "w", &[], [w])])
        }
    };
    Ok(vec![Part { call: format!("self.{name}(x)"), name, constructor, is_stateful: true, tensors }])
}
