//! A recorded layer, and which of its neurons are drawn.

use crate::host::floats;
use crate::network::Record;
use crate::neuron::OutputKind;
use crate::plot::TracePanel;
use crate::train::Answer;
use burn::tensor::Tensor;

/// Neurons whose potential is drawn.
const TRACED: usize = 3;

/// A neuron that stands for a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) neuron: usize,
    pub(super) word: &'static str,
}

impl Role {
    /// The neurons of the sample's class and of the predicted one, among those of `outputs` classes.
    pub(super) fn of(answer: Answer, outputs: usize) -> Vec<Self> {
        let role = |class: i64, word| {
            let neuron = usize::try_from(class).ok().filter(|&neuron| neuron < outputs);
            neuron.map(|neuron| Role { neuron, word })
        };
        [role(answer.class, "label"), role(answer.given, "predicted")].into_iter().flatten().collect()
    }
}

/// A layer of neurons and its activity for one sample.
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) kind: OutputKind,
    pub(super) neurons: usize,
    /// `[T, N]`
    pub(super) output: Vec<f32>,
    /// `[T, N]`, or nothing
    potential: Vec<f32>,
    /// Unit of the potential.
    unit: &'static str,
    /// `[1]`, `[C]` or `[N]`, or nothing.
    thresholds: Vec<f32>,
    roles: Vec<Role>,
}

/// Some neurons of a layer, and their values.
pub(super) struct Chosen {
    pub(super) neurons: Vec<usize>,
    pub(super) names: Vec<String>,
    note: &'static str,
    axis: String,
    /// `[T, chosen]`, as the spikes
    values: Vec<f32>,
    spikes: Option<Vec<f32>>,
    thresholds: Vec<f32>,
}

impl Layer {
    /// The first sample's activity.
    pub(super) fn of(record: &Record) -> Self {
        let first = |x: &Tensor<3>| floats(&x.clone().narrow(1, 0, 1).into_data());
        Layer {
            name: format!("{} ({})", record.name, record.model),
            kind: record.kind,
            neurons: record.output.dims()[2],
            output: first(&record.output),
            potential: record.potential.as_ref().map_or_else(Vec::new, first),
            unit: record.unit,
            thresholds: record.threshold.clone().map_or_else(Vec::new, |v_th| floats(&v_th.into_data())),
            roles: vec![],
        }
    }

    /// Points out the neurons of these classes if there is one for each class.
    pub(super) fn set_roles(&mut self, roles: Vec<Role>, outputs: usize) {
        if self.neurons == outputs {
            self.roles = roles;
            self.name += ", output";
        }
    }

    /// The neurons that are pointed out, with a word on each.
    pub(super) fn marked(&self) -> Vec<(usize, &str)> {
        self.roles.iter().map(|role| (role.neuron, role.word)).collect()
    }

    fn column<'a>(&self, values: &'a [f32], neuron: usize) -> impl Iterator<Item = f32> + use<'a> {
        values.iter().skip(neuron).step_by(self.neurons.max(1)).copied()
    }

    /// Number of spikes.
    fn count(&self, neuron: usize) -> usize {
        self.column(&self.output, neuron).filter(|&spike| spike != 0.0).count()
    }

    /// The label's and the predicted neuron first, then those that fire most, though not at every step; where none fires
    /// those with the highest potential, and of graded neurons those with the largest output. None if nothing was recorded
    /// of them.
    pub(super) fn chosen(&self) -> Option<Chosen> {
        let is_spiking = self.kind == OutputKind::Spiking;
        let values = if self.potential.is_empty() { &self.output } else { &self.potential };
        if self.neurons == 0 || values.is_empty() || (is_spiking && self.potential.is_empty()) {
            return None;
        }
        let counts: Vec<usize> = (0..self.neurons).map(|neuron| self.count(neuron)).collect();
        let steps = self.output.len() / self.neurons;
        let is_silent = is_spiking && counts.iter().all(|&count| count == 0);
        let highest = |values: &[f32], neuron| self.column(values, neuron).fold(f32::NEG_INFINITY, f32::max);
        let rank = |neuron: usize| match (is_spiking, is_silent) {
            // a neuron that fires at every step shows its reset and nothing else
            (true, false) if counts[neuron] == steps => 0.5,
            (true, false) => counts[neuron] as f32,
            (true, true) => highest(&self.potential, neuron),
            (false, _) => highest(&self.output, neuron),
        };
        let mut ranked: Vec<(f32, usize)> = (0..self.neurons).map(|neuron| (rank(neuron), neuron)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));

        let mut neurons: Vec<usize> = vec![];
        let pointed_out = self.roles.iter().map(|role| role.neuron);
        // of neurons without a spike one says as much as three
        let most = ranked.iter().filter(|(rank, _)| !is_spiking || is_silent || *rank > 0.0).take(TRACED);
        for neuron in pointed_out.chain(most.map(|(_, neuron)| *neuron)) {
            if !neurons.contains(&neuron) && neurons.len() < TRACED {
                neurons.push(neuron);
            }
        }
        let columns = |values: &[f32]| -> Vec<f32> {
            values.chunks_exact(self.neurons).flat_map(|row| neurons.iter().map(|&n| row[n])).collect()
        };
        let quantity = if self.potential.is_empty() { "output" } else { "V" };
        Some(Chosen {
            names: neurons.iter().map(|&neuron| self.name_of(neuron, counts[neuron])).collect(),
            note: if is_silent { "no spikes; those nearest to firing" } else { "" },
            axis: if self.unit.is_empty() { quantity.to_owned() } else { format!("{quantity} ({})", self.unit) },
            values: columns(values),
            spikes: is_spiking.then(|| columns(&self.output)).filter(|_| !is_silent),
            thresholds: if is_spiking { self.thresholds_of(&neurons) } else { vec![] },
            neurons,
        })
    }

    fn thresholds_of(&self, neurons: &[usize]) -> Vec<f32> {
        match self.thresholds[..] {
            [one] => vec![one],
            [] => vec![],
            // of each channel, or of each neuron
            _ => neurons.iter().map(|neuron| self.thresholds[neuron * self.thresholds.len() / self.neurons]).collect(),
        }
    }

    /// `neuron 7 (label), 3 spikes`
    fn name_of(&self, neuron: usize, count: usize) -> String {
        let roles: Vec<&str> = self.roles.iter().filter(|role| role.neuron == neuron).map(|role| role.word).collect();
        let roles = if roles.is_empty() { String::new() } else { format!(" ({})", roles.join(", ")) };
        let spikes = match (self.kind, count) {
            (OutputKind::Graded, _) => String::new(),
            (_, 1) => ", 1 spike".to_owned(),
            (_, 0) => ", no spikes".to_owned(),
            (_, count) => format!(", {count} spikes"),
        };
        format!("neuron {neuron}{roles}{spikes}")
    }
}

impl Chosen {
    pub(super) fn panel<'a>(&'a self, layer: &'a Layer) -> TracePanel<'a> {
        TracePanel {
            name: &layer.name,
            axis: &self.axis,
            values: &self.values,
            neurons: self.neurons.len(),
            names: &self.names,
            spikes: self.spikes.as_deref(),
            thresholds: &self.thresholds,
            note: self.note,
            is_low: false,
        }
    }
}
