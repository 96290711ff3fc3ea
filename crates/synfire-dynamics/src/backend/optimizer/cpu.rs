//! Steps of optimisers on the CPU backends.

use super::OptimizerBackend;
use crate::backend::cpu::CpuBackend;
use crate::kernel::Isa;
use crate::optimizer::{AdamFactors, SgdFactors, adam_pass, sgd_pass};
use burn::backend::tensor::FloatTensor;

impl<B: CpuBackend> OptimizerBackend for B {
    fn adam(
        parameters: FloatTensor<B>,
        gradient: FloatTensor<B>,
        first: FloatTensor<B>,
        second: FloatTensor<B>,
        factors: AdamFactors,
    ) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
        let [mut gradient, mut first, mut second] = [gradient, first, second].map(B::into_owned);
        let states = [B::values_mut(&mut first), B::values_mut(&mut second)];
        B::with_slices([parameters], |[parameters]| {
            adam_pass(Isa::best(), &factors, parameters, B::values_mut(&mut gradient), states);
        });
        (gradient, first, second)
    }

    fn sgd(
        parameters: FloatTensor<B>,
        gradient: FloatTensor<B>,
        velocity: FloatTensor<B>,
        factors: SgdFactors,
    ) -> (FloatTensor<B>, FloatTensor<B>) {
        let [mut gradient, mut velocity] = [gradient, velocity].map(B::into_owned);
        B::with_slices([parameters], |[parameters]| {
            sgd_pass(Isa::best(), &factors, parameters, B::values_mut(&mut gradient), B::values_mut(&mut velocity));
        });
        (gradient, velocity)
    }
}
