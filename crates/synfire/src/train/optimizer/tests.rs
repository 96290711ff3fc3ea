//! The optimisers against Burn's own.

use super::{Adam, Sgd};
use burn::module::{Module, Param};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use synfire_dynamics::WeightDecay;

/// More values than a task of the pass, and a few.
const SIZES: [usize; 2] = [40_001, 5];

#[derive(Module, Debug)]
struct Parameters {
    many: Param<Tensor<1>>,
    few: Param<Tensor<1>>,
}

/// Values of all parameters after a few steps along random gradients.
fn trained(mut optimizer: ModuleOptimizer, device: &Device) -> Vec<f32> {
    // drawn here: Burn's random numbers are one sequence for all tests, which build networks meanwhile
    let mut numbers = ChaCha8Rng::seed_from_u64(7);
    let device = device.clone().autodiff();
    let mut random = |size| {
        let values: Vec<f32> = (0..size).map(|_| numbers.next_u32() as f32 / (1_u32 << 30) as f32 - 2.0).collect();
        Tensor::<1>::from_data(TensorData::new(values, [size]), &device)
    };
    let [many, few] = SIZES.map(|size| Param::from_tensor(random(size)));
    let mut model = Parameters { many, few };
    for _ in 0..5 {
        let [many, few] = SIZES.map(&mut random);
        let loss = (model.many.val() * many).sum() + (model.few.val() * few).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimizer.step(0.01, model, gradients);
    }
    let values = |param: Param<Tensor<1>>| param.val().into_data().try_into_vec::<f32>().expect("f32");
    [values(model.many), values(model.few)].concat()
}

fn devices() -> Vec<Device> {
    let names = crate::device::devices().into_iter().map(|device| device.name);
    let devices = names.filter_map(|name| crate::device::open(&name).ok());
    // GPUs may fuse operations, which rounds otherwise
    devices.filter(crate::device::is_host).collect()
}

#[test]
fn steps_are_those_of_burn() {
    let decay = || Some(WeightDecayConfig::new(0.1));
    let momentum = Some(MomentumConfig { momentum: 0.9, dampening: 0.0, nesterov: false });
    for device in devices() {
        for (name, ours, burns) in [
            ("adam", Adam { decay: WeightDecay::Gradient(0.0) }.into(), AdamConfig::new().with_epsilon(1e-8).init()),
            (
                "adam with decay",
                Adam { decay: WeightDecay::Gradient(0.1) }.into(),
                AdamConfig::new().with_epsilon(1e-8).with_weight_decay(decay()).init(),
            ),
            (
                "adamw",
                Adam { decay: WeightDecay::Parameters(0.1) }.into(),
                AdamWConfig::new().with_epsilon(1e-8).with_weight_decay(0.1).init(),
            ),
            ("sgd", Sgd { momentum: 0.0, decay: WeightDecay::Gradient(0.0) }.into(), SgdConfig::new().init()),
            (
                "sgd with momentum",
                Sgd { momentum: 0.9, decay: WeightDecay::Gradient(0.1) }.into(),
                SgdConfig::new().with_momentum(momentum.clone()).with_weight_decay(decay()).init(),
            ),
        ] {
            let (ours, burns) = (trained(ours, &device), trained(burns, &device));
            assert!(
                ours.iter().zip(&burns).all(|(a, b)| (a - b).abs() <= 1e-6 * b.abs().max(0.1)),
                "{name} on {device:?}"
            );
        }
    }
}
