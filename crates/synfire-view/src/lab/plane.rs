//! Phase plane of models with two states: the trajectory of a neuron, and the nullclines.

use super::setup::Setup;
use crate::Error;
use crate::figure::{Csv, Figure};
use crate::query::Params;
use axum::response::Response;
use burn::tensor::{Tensor, TensorData};
use synfire::host::floats;
use synfire::neuron::{NeuronInput, NeuronState};
use synfire::plot::{Curve, relation};

/// Values of each state at which a step is tried.
const GRID: usize = 121;

/// Room around the trajectory, as a share of its extent.
const ROOM: f64 = 0.15;

/// One state over the other, with the nullclines under the last value of the current.
pub(crate) fn plane(params: &Params) -> Result<Response, Error> {
    let setup = Setup::read(params)?;
    let simulation = setup.simulate()?;
    let [first, second] = simulation.model.states else {
        let count = simulation.model.states.len();
        let problem = format!("`{}` has {count} states; a phase plane needs two", simulation.model.name);
        return Err(Error::Request(problem));
    };
    let axis = |field: &synfire::neuron::FieldInfo| match field.unit {
        "" => field.name.to_string(),
        unit => format!("{} ({unit})", field.name),
    };
    // the line breaks where a reset moves the neuron
    let spiked = |t: usize| simulation.is_spiking() && simulation.output[t] != 0.0;
    let at = |k: usize, t: usize| if spiked(t) { f64::NAN } else { f64::from(simulation.states[k][t]) };
    let trajectory: Vec<(f64, f64)> = (0..simulation.output.len()).map(|t| (at(0, t), at(1, t))).collect();
    let mut csv = Csv::new(["curve", first.name, second.name]);
    let mut curves = vec![("trajectory".to_string(), trajectory)];
    if let Some(ranges) = extents(&curves[0].1) {
        let change = Change::over(&setup, ranges)?;
        for (k, name) in [(0, first.name), (1, second.name)] {
            curves.push((format!("{name} nullcline"), change.nullcline(k)));
        }
    }
    for (name, points) in &curves {
        points.iter().for_each(|(x, y)| csv.row([name.clone(), x.to_string(), y.to_string()]));
    }
    let drawn: Vec<Curve<'_>> = curves.iter().map(|(name, points)| Curve { name, points }).collect();
    let title = format!("{}: phase plane", simulation.model.name);
    Figure { picture: relation(&title, &axis(first), &axis(second), &drawn), csv: csv.finish() }.answer(params)
}

/// Smallest and largest finite value of both states, with room around.
fn extents(points: &[(f64, f64)]) -> Option<[[f64; 2]; 2]> {
    let extent = |values: &mut dyn Iterator<Item = f64>| {
        let finite = values.filter(|value| value.is_finite() && value.abs() < 1e30);
        let [low, high] = finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(x), high.max(x)]);
        let room = if high > low { (high - low) * ROOM } else { low.abs() * ROOM + 1.0 };
        (low <= high).then_some([low - room, high + room])
    };
    Some([extent(&mut points.iter().map(|p| p.0))?, extent(&mut points.iter().map(|p| p.1))?])
}

/// Changes of both states in a step from each point of a grid.
struct Change {
    ranges: [[f64; 2]; 2],
    /// Of each state, `[first, second]` row major; NaN where the neuron spikes.
    changes: [Vec<f32>; 2],
}

impl Change {
    fn over(setup: &Setup, ranges: [[f64; 2]; 2]) -> Result<Self, Error> {
        let neurons = GRID * GRID;
        let state = |k: usize| -> Vec<f32> {
            let index = |i: usize| if k == 0 { i / GRID } else { i % GRID };
            (0..neurons).map(|i| place(ranges[k], index(i) as f64) as f32).collect()
        };
        let before = [state(0), state(1)];
        let tensor =
            |values: &Vec<f32>| Tensor::from_data(TensorData::new(values.clone(), [1, neurons]), &setup.device);
        let given = setup.inputs.iter().fold(NeuronInput::new().with_seed(setup.seed), |given, input| {
            let last = vec![input.values.last().copied().unwrap_or(0.0); neurons];
            given.with(&input.name, Tensor::from_data(TensorData::new(last, [1, 1, neurons]), &setup.device))
        });
        let start = NeuronState(before.iter().map(tensor).collect());
        let out = setup.layer(neurons)?.run(given, 1, Some(start), &[0, 1])?;
        let spikes = floats(&out.output.into_data());
        let is_spiking = setup.model.info.output == synfire::neuron::OutputKind::Spiking;
        let mut changes = [vec![], vec![]];
        for ((change, before), after) in changes.iter_mut().zip(before).zip(out.traces) {
            let after = floats(&after.into_data());
            let spiked = |i: usize| is_spiking && spikes[i] != 0.0;
            *change = (0..neurons).map(|i| if spiked(i) { f32::NAN } else { after[i] - before[i] }).collect();
        }
        Ok(Change { ranges, changes })
    }

    /// Where a step leaves state `k` as it is: for each value of the first state the lowest such value of the second.
    fn nullcline(&self, k: usize) -> Vec<(f64, f64)> {
        let column = |i: usize| &self.changes[k][i * GRID..(i + 1) * GRID];
        let point = |i: usize| {
            let changes = column(i);
            let crosses = |j: &usize| changes[*j] * changes[j + 1] <= 0.0 && changes[*j] != changes[j + 1];
            let at = (0..GRID - 1).find(crosses).map(|j| {
                let share = f64::from(changes[j] / (changes[j] - changes[j + 1]));
                place(self.ranges[1], j as f64 + share)
            });
            (place(self.ranges[0], i as f64), at.unwrap_or(f64::NAN))
        };
        (0..GRID).map(point).collect()
    }
}

/// The value at a place of the grid.
fn place([low, high]: [f64; 2], index: f64) -> f64 {
    low + (high - low) * index / (GRID - 1) as f64
}
