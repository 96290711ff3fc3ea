//! Firing rate over current: the f-I curve.

use super::setup::Setup;
use crate::Error;
use crate::figure::{Csv, Figure};
use crate::query::Params;
use axum::response::Response;
use burn::tensor::{Tensor, TensorData};
use synfire::host::floats;
use synfire::neuron::{NeuronInput, OutputKind};
use synfire::plot::{Curve, relation};

/// Currents of the curve.
const CURRENTS: usize = 41;

/// Rates of neurons that get a constant current each, `from` the least `to` the most; of graded models the mean output.
pub(crate) fn rates(params: &Params) -> Result<Response, Error> {
    let setup = Setup::read(params)?;
    let info = setup.model.info;
    let most = 3.0 * f64::from(info.operating_point.trace_current);
    let (from, to): (f64, f64) = (params.number("from", 0.0)?, params.number("to", most)?);
    if !((from as f32).is_finite() && (to as f32).is_finite() && from < to) {
        return Err(Error::Request(format!(
            "currents from {from} to {to}; expected two finite numbers, the smaller first"
        )));
    }
    let currents: Vec<f64> = (0..CURRENTS).map(|i| from + (to - from) * i as f64 / (CURRENTS - 1) as f64).collect();
    let single: Vec<f32> = currents.iter().map(|&current| current as f32).collect();
    let first = Tensor::from_data(TensorData::new(single, [1, 1, CURRENTS]), &setup.device);
    let given = NeuronInput::new().with_seed(setup.seed).with(info.inputs[0].name, first);
    let given = setup.inputs.iter().skip(1).fold(given, |given, input| {
        let values = TensorData::new(input.values.clone(), [setup.steps, 1, 1]);
        let values = Tensor::<3>::from_data(values, &setup.device);
        given.with(&input.name, values.expand([setup.steps, 1, CURRENTS]))
    });
    let output = setup.layer(CURRENTS)?.run(given, setup.steps, None, &[])?.output;
    let is_spiking = info.output == OutputKind::Spiking;
    let sums = floats(&output.sum_dim(0).into_data());
    let scale = if is_spiking { 1000.0 / (setup.steps as f64 * setup.dt) } else { 1.0 / setup.steps as f64 };
    let points: Vec<(f64, f64)> =
        currents.into_iter().zip(sums).map(|(current, sum)| (current, f64::from(sum) * scale)).collect();
    let unit = info.operating_point.current_unit;
    let x = if unit.is_empty() { "input current".to_string() } else { format!("input current ({unit})") };
    let y = if is_spiking { "rate (Hz)" } else { "mean output" };
    let title = format!("{}: {} over current, {} ms each", info.name, y, setup.steps as f64 * setup.dt);
    let mut csv = Csv::new(["current", if is_spiking { "rate" } else { "output" }]);
    points.iter().for_each(|(current, rate)| csv.row([current.to_string(), rate.to_string()]));
    let picture = relation(&title, &x, y, &[Curve { name: "", points: &points }]);
    Figure { picture, csv: csv.finish() }.answer(params)
}
