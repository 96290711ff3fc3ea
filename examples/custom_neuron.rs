//! A neuron model of one's own, from its equations to its accuracy on the digits:
//! `cargo run --release -p synfire --example custom_neuron`

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use synfire::neuron::{Neuron, registry};
use synfire::train::{Flow, TrainConfig, Trainer};
use synfire_dynamics::{Dynamics, Real, record};

record! {
    /// Numbers of the model; any of them can learn.
    pub struct Numbers {
        /// share of the potential that a step leaves
        beta: 0.8,
        /// share of the tiredness that a step leaves
        rho: 0.9,
        /// firing threshold of a neuron that is not tired
        v_th: 0.3,
    }
}
record! {
    /// What a neuron carries from step to step.
    pub struct State {
        /// membrane potential
        v: 0.0,
        /// tiredness: spikes of late
        a: 0.0,
    }
}

/// Leaky integrate-and-fire neurons that tire: every spike raises the threshold for a while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Tiring {
    surrogate: synfire::Surrogate,
}

impl Dynamics for Tiring {
    type Params<R: Copy> = Numbers<R>;
    type Constants<R: Copy> = Numbers<R>;
    type State<R: Copy> = State<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, numbers: Numbers<R>, _: f32) -> Numbers<R> {
        numbers
    }

    #[inline(always)]
    fn step<R: Real>(&self, c: &Numbers<R>, s: &mut State<R>, current: R) -> R {
        let v = c.beta * s.v + current;
        let spike = self.surrogate.spike(v, c.v_th + s.a * 0.1, v.lit(2.0));
        (s.v, s.a) = (v * (-spike + 1.0), c.rho * s.a + spike);
        spike
    }
}

impl Neuron for Tiring {
    const NAME: &'static str = "tiring";
    const ABOUT: &'static str = "leaky integrate-and-fire with a threshold that spikes raise";
}

const NETWORK: &str = r#"
    training = { epochs = 5, learning_rate = 5e-3 }
    network = { steps = 8, layers = [
        { linear = 128 },
        { neuron = "tiring", beta = { learn = true, per = "neuron", range = [0.0, 1.0] } },
        { linear = "classes" },
        { neuron = "tiring", initial = { v = { learn = true, per = "neuron" } } },
    ] }
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    registry::register::<Tiring>()?;
    let config: TrainConfig = toml::from_str(NETWORK)?;
    let digits = Arc::new(synfire_data::Dataset::digits());
    let mut trainer = Trainer::new(config, digits, &burn::tensor::Device::default())?;
    while trainer.epoch(&mut |_| Flow::Continue)? {}
    println!("accuracy on the test digits: {:.1} %", trainer.test()?.accuracy * 100.0);
    Ok(())
}
