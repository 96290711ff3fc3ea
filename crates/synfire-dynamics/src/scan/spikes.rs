//! A layer whose spikes go on as bits.

use super::layout::Layout;
use super::{Connections, Feedback, Scan, ScanOutput};
use crate::backend::has_product;
use crate::graph::Equations;
use crate::spikes::{Outlet, Spikes};
use crate::{Dynamics, ScanError};

impl Scan {
    /// Runs a layer, with `feedback` a recurrent one, and returns its spikes as bits: for layers that only
    /// [`linear_spikes`](crate::linear_spikes) and [`conv2d_spikes`](crate::conv2d_spikes) listen to. Each then reads a
    /// thirty-second part of the memory and need not look for spikes. `None` where there is no kernel for it: elsewhere than on CPUs (flex and ndarray in `f32`), for
    /// models whose output is not a spike in every case, for connections of each neuron to itself.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run) and [`run_recurrent`](Self::run_recurrent).
    pub fn run_to_spikes<D: Dynamics>(
        self,
        model: D,
        feedback: Option<Feedback>,
    ) -> Result<Option<ScanOutput<Spikes>>, ScanError> {
        match &feedback {
            Some(feedback) => self.check_recurrent(&Layout::of::<D>(), feedback)?,
            None => self.check(&Layout::of::<D>())?,
        }
        let equations = Equations::of(&model, self.dt, &self.bounds);
        let has_kernel = match &feedback {
            Some(feedback) => {
                let all_to_all = matches!(feedback.connections, Connections::AllToAll(_));
                all_to_all && self.fuses_recurrent(&equations, feedback)
            }
            None => has_product(&self.inputs[0]) && self.fuses(&equations),
        };
        if !(has_kernel && equations.spikes()) {
            return Ok(None);
        }
        let outlet = Outlet::default();
        let output = match feedback {
            Some(feedback) => self.fused_recurrent(equations, feedback, Some(outlet.clone())),
            None => self.fused(equations, Some(outlet.clone())),
        };
        Ok(outlet.spikes().cloned().map(|bits| output.map(|place| Spikes::tracked(bits, place, outlet))))
    }
}

#[cfg(all(test, feature = "flex", feature = "ndarray"))]
mod tests {
    use super::*;
    use crate::probe::Probe;
    use crate::testing::{Noise, assert_close, devices, values};
    use crate::{linear, linear_spikes};
    use burn::tensor::{Device, Tensor};

    /// A scan of neurons that spike, and what it learns from.
    fn scan(neurons: usize, batch: usize, device: &Device) -> (Scan, Vec<Tensor<3>>, Vec<Tensor<1>>) {
        let mut noise = Noise::new(3);
        let steps = 6;
        let inputs: Vec<Tensor<3>> =
            (0..2).map(|_| (noise.tensor([steps, batch, neurons], device) * 2.0).detach().require_grad()).collect();
        let params: Vec<Tensor<1>> =
            [0.8, 0.6, 1.5].map(|x| Tensor::<1>::from_floats([x], device).require_grad()).to_vec();
        let scan = Scan {
            steps,
            dt: 1.0,
            inputs: inputs.clone(),
            params: params.clone(),
            bounds: vec![],
            initial: vec![],
            traces: vec![],
            learnable: vec![0, 1, 2],
        };
        (scan, inputs, params)
    }

    #[test]
    fn spikes_as_bits_are_those_of_the_tensor_with_their_gradients() {
        for device in devices() {
            for (neurons, batch) in [(64, 3), (512, 2), (70, 5), (1, 1), (10, 40)] {
                // few outputs, whose gradient comes back in factors, and many
                for outputs in [10, 70] {
                    let (scan, inputs, params) = scan(neurons, batch, &device);
                    let weight = Noise::new(8).tensor([neurons, outputs], &device).detach().require_grad();
                    let results = |spikes: Tensor<3>, map: Tensor<3>| {
                        let noise = Noise::new(9).tensor(map.dims(), &device);
                        let gradients = (map * noise).sum().backward();
                        let mut all = vec![values(&spikes), values(&weight.grad(&gradients).expect("weight"))];
                        all.extend(inputs.iter().map(|x| values(&x.grad(&gradients).expect("input"))));
                        all.extend(params.iter().map(|x| values(&x.grad(&gradients).expect("parameter"))));
                        all
                    };
                    let dense = scan.clone().run(Probe).expect("shapes fit").output;
                    let map = linear(dense.clone().reshape([6 * batch, neurons]), weight.clone(), None);
                    let expected = results(dense, map.reshape([6, batch, outputs]));
                    let out = scan.run_to_spikes(Probe, None).expect("shapes fit").expect("a kernel");
                    let map = linear_spikes(out.output.clone(), weight.clone(), None);
                    let actual = results(out.output.tensor(), map);
                    assert_eq!(actual[0], expected[0], "{neurons} neurons");
                    assert!(neurons == 1 || actual[0].contains(&1.0), "nothing spikes");
                    for (actual, expected) in actual.iter().zip(&expected) {
                        assert_close(&format!("{neurons} to {outputs}"), actual, expected, 1e-5);
                    }
                }
            }
        }
    }
}
