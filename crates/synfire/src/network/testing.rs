//! Helpers of the tests of networks.

use super::Network;
use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor};

/// Gradients of all parameters, one after the other.
struct Collect<'a>(&'a [Gradients], Vec<f32>);

impl ModuleVisitor for Collect<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let all = self.0.iter().filter_map(|gradients| param.val().grad(gradients));
        if let Some(sum) = all.reduce(|sum, x| sum + x) {
            self.1.extend(crate::host::floats(&sum.into_data()));
        }
    }
}

/// Sums of the gradients of all parameters, one after the other.
pub(super) fn gradients(network: &Network, all: &[Gradients]) -> Vec<f32> {
    let mut collect = Collect(all, vec![]);
    network.visit(&mut collect);
    collect.1
}
