//! Layers outside of a network.

use burn::tensor::Device;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use synfire::coding::Activations;
use synfire::network::Shape;
use synfire::network::layer::{AnyLayer, LayerKind, LayerState, NetworkInfo, Pass, Recording, Site};
use synfire_dynamics::CounterRng;
use synfire_tests::Noise;

/// The layer for samples of this shape.
pub(crate) fn layer(kind: &dyn LayerKind, input: &Shape, device: &Device) -> AnyLayer {
    let network = NetworkInfo { classes: 4, population: 1, steps: super::STEPS, dt: 1.0 };
    let output = kind.output_shape(input, network).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut site =
        Site { path: "layers.0", input, output: &output, network, threshold: Some(1.0), device, rng: &mut rng };
    kind.build(&mut site).unwrap()
}

/// A call over so many steps from the first on.
pub(crate) fn pass(steps: usize) -> Pass {
    Pass { steps, rng: CounterRng::new(9), state: LayerState::default(), recording: Recording::default() }
}

/// Random spikes of which every third is one, scaled so that neurons fire.
pub(crate) fn spikes(dims: [usize; 3], device: &Device) -> Activations {
    let uniform = Noise::new(8).tensor::<3>(dims, 0.0, 1.0, device);
    Activations::from(uniform.lower_elem(0.35).float() * 2.0)
}
