//! Layers of neurons.

use super::Exporter;
use super::nodes::{Part, word};
use crate::Error;
use crate::network::layer::{Connect, Neuron, Recurrent};
use crate::neuron::registry;
use crate::nir::{
    Affine, Array, CubaLi, CubaLif, Element, Graph, If, Integrator, Li, Lif, Linear, NodeKind, Port, Scale, Threshold,
};
use serde_json::{Map, Value};

/// Names of models that a node is like.
const KNOWN: &str = "eulerlif, leakyintegrator, cubalif, cubali, lif, plif, if, ifb, nonspikingifb, relay";

impl Exporter<'_> {
    /// The nodes of a layer of neurons.
    pub(super) fn neurons(&mut self, i: usize, name: &str, given: &Map<String, Value>) -> Result<Part, Error> {
        let model = registry::find(word(given, "model").unwrap_or_default())?.info.name;
        // settings of the model that are not given have their default
        let mut settings: Map<String, Value> = registry::find(model)?.settings().into_iter().collect();
        settings.extend(given.clone());
        let mut notes = vec![];
        let Some(kind) = self.model(i, model, &settings, &mut notes)? else {
            let part = Part::default();
            self.tell(i, model, "nothing: it passes its inputs on", notes);
            return Ok(part);
        };
        self.starts(i, &mut notes)?;
        let spikes = !matches!(kind, NodeKind::I(_) | NodeKind::Li(_) | NodeKind::CubaLi(_));
        let reset = word(&settings, "reset").unwrap_or("hard").to_string();
        let kinds = match (&reset[..], spikes) {
            ("soft", true) => {
                let cure = "choose `reset = \"hard\"`, or export without --strict";
                self.cannot_say(i, "subtracts the threshold at a spike", cure, &mut notes)?;
                vec![kind]
            }
            ("none", true) => without_reset(kind),
            _ => vec![kind],
        };
        let reads_potential = i + 1 == self.network.layers().len() && self.reads_potential();
        let kinds = match reads_potential && kinds.len() == 2 {
            true => {
                notes.push("the potential is the output, which the decoder reads".to_string());
                kinds.into_iter().take(1).collect()
            }
            false => kinds,
        };
        let became = kinds.iter().map(NodeKind::name).collect::<Vec<_>>().join(", ");
        let names = [name.to_string(), format!("{name} spikes")];
        let nodes: Vec<(String, NodeKind)> = names.into_iter().zip(kinds).collect();
        let recurrent =
            serde_json::from_value::<Neuron>(Value::Object(given.clone())).ok().and_then(|kind| kind.recurrent);
        let (part, became) = match &recurrent {
            None => (self.add(nodes), format!("`{name}`: {became}")),
            Some(recurrent) => {
                let nested = self.recurrent(i, nodes, recurrent, &mut notes)?;
                let part = self.add(vec![(name.to_string(), NodeKind::Graph(nested))]);
                (part, format!("`{name}`: NIRGraph of {became} and its connections to itself"))
            }
        };
        self.remember(name, "model", model);
        if spikes {
            self.remember(name, "reset", &reset);
        }
        if let Some(surrogate) = word(&settings, "surrogate") {
            self.remember(name, "surrogate", surrogate);
        }
        self.tell(i, model, &became, notes);
        Ok(part)
    }

    /// The node that a model is like; none for neurons that pass their input on.
    fn model(
        &self,
        i: usize,
        model: &str,
        settings: &Map<String, Value>,
        notes: &mut Vec<String>,
    ) -> Result<Option<NodeKind>, Error> {
        let ours = f64::from(self.network.config().dt);
        let dt = self.dt;
        let value = |name: &str| self.per_value(i, name);
        let zeros = || -> Result<Array, Error> {
            let shape = self.network.layers()[i].input_shape().dims().to_vec();
            Ok(Array::filled(&shape, 0.0, Element::F64))
        };
        // time constants in ms become those of a decay of `1 - dt / tau` in the step of the file
        let euler = |tau: &Array| map(tau, |tau| tau / ours * dt);
        let in_steps = |tau: &Array| map(tau, |tau| tau / dt);
        let one = |like: &Array| map(like, |_| 1.0);
        let input = |like: &Array| map(like, |_| if self.options.impulses { 1.0 } else { 1.0 / dt });
        let unchanged = |name: &str| {
            let zero = self.stored(i, name).is_none_or(|values| values.iter().all(|&value| value == 0.0));
            let problem = || {
                Error::config(format!("layers.{i}"), format!("has a `{name}`, and no node of NIR has one; set it to 0"))
            };
            zero.then_some(()).ok_or_else(problem)
        };
        if settings.get("spaic_compat") == Some(&Value::Bool(true)) {
            return Err(Error::config(format!("layers.{i}"), "has `spaic_compat`, and no node of NIR is like it"));
        }
        let spiking = |model: &str| ["eulerlif", "cubalif", "lif", "plif", "if"].contains(&model);
        let [v_threshold, v_reset] = match spiking(model) {
            true => [value("v_th")?, value("v_reset")?],
            false => [zeros()?, zeros()?],
        };
        Ok(Some(match model {
            "relay" => return Ok(None),
            "eulerlif" => {
                let tau = euler(&value("tau_m")?);
                NodeKind::Lif(Lif { r: in_steps(&tau), tau, v_leak: value("v_leak")?, v_threshold, v_reset })
            }
            "lif" => {
                // beta = exp(-dt / tau) is that of Euler's 1 - dt / tau'
                let tau = map(&value("tau_m")?, |tau| dt / -(-ours / tau).exp_m1());
                NodeKind::Lif(Lif { r: in_steps(&tau), tau, v_leak: zeros()?, v_threshold, v_reset })
            }
            "plif" => {
                let tau = map(&value("tau_m")?, |steps| steps * dt);
                NodeKind::Lif(Lif { r: one(&tau), tau, v_leak: zeros()?, v_threshold, v_reset })
            }
            "leakyintegrator" => {
                let tau = euler(&value("tau_m")?);
                NodeKind::Li(Li { r: in_steps(&tau), tau, v_leak: value("v_leak")? })
            }
            "cubalif" => {
                let [tau_syn, tau_mem] = [euler(&value("tau_s")?), euler(&value("tau_m")?)];
                self.latency(settings, notes);
                NodeKind::CubaLif(CubaLif {
                    r: in_steps(&tau_mem),
                    w_in: in_steps(&tau_syn),
                    tau_syn,
                    tau_mem,
                    v_leak: value("v_leak")?,
                    v_threshold,
                    v_reset,
                })
            }
            "cubali" => {
                let [tau_syn, tau_mem] = [euler(&value("tau_s")?), euler(&value("tau_m")?)];
                self.latency(settings, notes);
                NodeKind::CubaLi(CubaLi {
                    r: in_steps(&tau_mem),
                    w_in: in_steps(&tau_syn),
                    tau_syn,
                    tau_mem,
                    v_leak: value("v_leak")?,
                })
            }
            "if" => {
                unchanged("decay")?;
                NodeKind::If(If { r: input(&v_threshold), v_threshold, v_reset })
            }
            "ifb" => {
                unchanged("bias")?;
                let v_threshold = value("v_th")?;
                NodeKind::If(If { r: input(&v_threshold), v_threshold, v_reset })
            }
            "nonspikingifb" => {
                unchanged("bias")?;
                NodeKind::I(Integrator { r: input(&v_reset) })
            }
            other => {
                let problem = format!("has `{other}` neurons, and no node of NIR is like them; known: {KNOWN}");
                return Err(Error::config(format!("layers.{i}"), problem));
            }
        }))
    }

    fn latency(&self, settings: &Map<String, Value>, notes: &mut Vec<String>) {
        let current = word(settings, "current").unwrap_or("new");
        let note = match current {
            "previous" => {
                "the membrane takes the previous synaptic current, as NIR's reference does; snnTorch takes the new one"
            }
            _ => {
                "the membrane takes the new synaptic current, as snnTorch does; NIR's reference takes the previous one"
            }
        };
        notes.push(note.to_string());
    }

    /// Initial states other than rest.
    fn starts(&self, i: usize, notes: &mut Vec<String>) -> Result<(), Error> {
        let start = format!("layers.{i}.initial.");
        let given = self.checkpoint.parameters.iter().filter(|stored| stored.name.starts_with(&start));
        let moved = given.filter(|stored| stored.values.iter().any(|&value| value != 0.0)).count();
        match moved {
            0 => Ok(()),
            _ => self.cannot_say(
                i,
                "starts from initial states",
                "take `initial` out, or export without --strict",
                notes,
            ),
        }
    }

    fn reads_potential(&self) -> bool {
        use crate::coding::Reads;
        matches!(self.network.config().decoder.reads(), Reads::FinalPotential | Reads::Potentials)
    }

    /// A graph of neurons that listen to themselves.
    fn recurrent(
        &self,
        i: usize,
        neurons: Vec<(String, NodeKind)>,
        recurrent: &Recurrent,
        notes: &mut Vec<String>,
    ) -> Result<Graph, Error> {
        let shape = self.network.layers()[i].input_shape().dims().to_vec();
        if recurrent.delay != 1 {
            let (what, cure) =
                ("hears itself later than a step", "set `recurrent.delay` to 1, or export without --strict");
            self.cannot_say(i, what, cure, notes)?;
        }
        let w_rec = self.own_weights(i, &shape, recurrent)?;
        let names = ["lif", "spikes"];
        let port = || Port { shape: shape.clone() };
        let last = names[neurons.len() - 1];
        let mut nodes = vec![("input", NodeKind::Input(port()))];
        nodes.extend(names.into_iter().zip(neurons.into_iter().map(|(_, kind)| kind)));
        nodes.push(("output", NodeKind::Output(port())));
        let mut graph = Graph::chain(nodes);
        graph.insert("w_rec", w_rec);
        graph.connect(last, "w_rec");
        graph.connect("w_rec", "lif");
        Ok(graph)
    }
}

impl Exporter<'_> {
    /// The weights of neurons that listen to themselves.
    fn own_weights(&self, i: usize, shape: &[usize], recurrent: &Recurrent) -> Result<NodeKind, Error> {
        let refuse = |problem: &str| Error::config(format!("layers.{i}"), problem.to_string());
        let gain = f64::from(recurrent.gain);
        let scaled = |name: &str| {
            let stored = self.stored(i, name)?;
            Some(stored.into_iter().map(|value| f64::from((value * gain) as f32)).collect::<Vec<f64>>())
        };
        let (weight, bias) = (scaled("recurrent.weight").unwrap_or_default(), scaled("recurrent.bias"));
        let incomplete = || refuse("has no whole `recurrent.weight`");
        if let (Connect::OneToOne, None) = (recurrent.connect, &bias) {
            let scale = Array::new(shape, weight, Element::F32).ok_or_else(incomplete)?;
            return Ok(NodeKind::Scale(Scale { scale }));
        }
        let &[count] = shape else {
            return Err(refuse("is connected to itself and has more than one axis; put a `flatten` layer before it"));
        };
        let weight = match recurrent.connect {
            Connect::AllToAll => weight,
            Connect::OneToOne if count > LARGEST_DIAGONAL => {
                return Err(refuse(
                    "hears itself one to one with a bias, which NIR has no small node for; train without the bias",
                ));
            }
            // a node with a bias has all weights
            Connect::OneToOne => {
                let at = |k: usize| {
                    if k.is_multiple_of(count + 1) { weight.get(k / (count + 1)).copied() } else { Some(0.0) }
                };
                (0..count * count).map_while(at).collect()
            }
        };
        let weight = Array::new([count, count], weight, Element::F32).ok_or_else(incomplete)?;
        Ok(match bias.and_then(|bias| Array::new([count], bias, Element::F32)) {
            Some(bias) => NodeKind::Affine(Affine { weight, bias }),
            None => NodeKind::Linear(Linear { weight }),
        })
    }
}

/// Most neurons whose connections to themselves are written as a matrix of zeros but for its diagonal.
const LARGEST_DIAGONAL: usize = 4096;

/// Neurons that never reset are an integrator and a threshold.
fn without_reset(kind: NodeKind) -> Vec<NodeKind> {
    let threshold = |threshold: Array| NodeKind::Threshold(Threshold { threshold });
    match kind {
        NodeKind::If(n) => vec![NodeKind::I(Integrator { r: n.r }), threshold(n.v_threshold)],
        NodeKind::Lif(n) => {
            vec![NodeKind::Li(Li { tau: n.tau, r: n.r, v_leak: n.v_leak }), threshold(n.v_threshold)]
        }
        NodeKind::CubaLif(n) => {
            let CubaLif { tau_syn, tau_mem, r, v_leak, v_threshold, w_in, .. } = n;
            vec![NodeKind::CubaLi(CubaLi { tau_syn, tau_mem, r, v_leak, w_in }), threshold(v_threshold)]
        }
        other => vec![other],
    }
}

fn map(array: &Array, change: impl Fn(f64) -> f64) -> Array {
    let values = array.values().iter().map(|&value| change(value)).collect();
    Array::new(array.shape(), values, Element::F64).unwrap_or_else(|| array.clone())
}
