//! Whether the tensors of a scan fit its model.

use super::Scan;
use crate::{Dynamics, FieldInfo, Fields, ScanError};
use burn::tensor::Tensor;

/// Fields of the records of a model.
pub(super) struct Layout {
    inputs: &'static [FieldInfo],
    params: &'static [FieldInfo],
    states: &'static [FieldInfo],
}

impl Layout {
    pub(super) fn of<D: Dynamics>() -> Self {
        Layout {
            inputs: <D::Input<f32> as Fields<f32>>::INFO,
            params: <D::Params<f32> as Fields<f32>>::INFO,
            states: <D::State<f32> as Fields<f32>>::INFO,
        }
    }
}

impl Scan {
    /// Refuses tensors that do not fit the records of a model or each other.
    pub(super) fn check(&self, layout: &Layout) -> Result<(), ScanError> {
        let [rows, ..] = self.inputs.first().map_or([1, 0, 0], Tensor::dims);
        if self.steps > 0 && rows != self.steps && rows != 1 {
            return Err(ScanError::Steps { expected: self.steps, actual: rows });
        }
        self.check_shapes(layout)
    }

    /// Everything but the number of rows of the inputs.
    pub(super) fn check_shapes(&self, layout: &Layout) -> Result<(), ScanError> {
        let names = |info: &[FieldInfo], i: usize| info[i].name.to_string();
        let counts = [
            ("inputs", self.inputs.len(), layout.inputs.len()),
            ("parameters", self.params.len(), layout.params.len()),
            ("bounds", self.bounds.len(), layout.params.len()),
            ("initial states", self.initial.len(), layout.states.len()),
        ];
        for (what, actual, expected) in counts {
            let may_lack = matches!(what, "initial states" | "bounds");
            if actual != expected && !(may_lack && actual == 0) {
                return Err(ScanError::Count { what, expected, actual });
            }
        }
        if self.steps == 0 {
            return Err(ScanError::NoSteps);
        }
        let [rows, batch, neurons] = self.inputs[0].dims();
        let shape = |what: &'static str, name: String, expected: &[usize], actual: &[usize]| match expected == actual {
            true => Ok(()),
            false => Err(ScanError::Shape { what, name, expected: expected.to_vec(), actual: actual.to_vec() }),
        };
        for (i, input) in self.inputs.iter().enumerate() {
            let name = names(layout.inputs, i);
            shape("input", name, &[rows, batch, neurons], &input.dims())?;
        }
        for (i, state) in self.initial.iter().enumerate() {
            let name = names(layout.states, i);
            shape("initial state", name, &[batch, neurons], &state.dims())?;
        }
        for (i, param) in self.params.iter().enumerate() {
            let [len] = param.dims();
            if len == 0 || (len != 1 && neurons % len != 0) {
                let name = names(layout.params, i);
                return Err(ScanError::ParamLen { name, neurons, actual: len });
            }
        }
        let states = layout.states.len();
        if let Some(&trace) = self.traces.iter().find(|&&k| k >= states) {
            return Err(ScanError::Trace { states, trace });
        }
        Ok(())
    }
}
