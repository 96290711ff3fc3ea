//! A neuron model of one's own, from its equations to its accuracy on the digits:
//! `cargo run --release --example custom_neuron`

use serde::{Deserialize, Serialize};
use synfire::neuron::{Neuron, registry};
use synfire::train::{TrainConfig, Trainer};
use synfire_dynamics::{Dynamics, Real, record};

record! {
    /// Parameters of the model; any of them can learn.
    pub struct Params {
        /// decay factor of the potential per step
        beta: 0.8,
        /// firing threshold without adaptation
        v_th: 0.3,
    }
}
record! {
    /// State of a neuron.
    pub struct State {
        /// membrane potential
        v: 0.0,
        /// adaptation, a low-pass filter of the spikes
        a: 0.0,
    }
}
/// Leaky integrate-and-fire with an adaptive threshold: every spike raises it for a while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Tiring;

impl Dynamics for Tiring {
    type Params<R: Copy> = self::Params<R>;
    type Constants<R: Copy> = Params<R>;
    type State<R: Copy> = self::State<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, params: Params<R>, _: f32) -> Params<R> {
        params
    }
    fn step<R: Real>(&self, c: &Params<R>, s: &mut State<R>, current: R) -> R {
        let v = c.beta * s.v + current;
        let spike = synfire::Surrogate::Atan.spike(v, c.v_th + s.a * 0.1, v.lit(2.0));
        (s.v, s.a) = (v * (-spike + 1.0), s.a * 0.9 + spike);
        spike
    }
}
impl Neuron for Tiring {
    const NAME: &'static str = "tiring"; // as in `neuron = "tiring"` in a configuration file
    const ABOUT: &'static str = "leaky integrate-and-fire with a threshold that spikes raise";
    const LEARNABLE: &'static [&'static str] = &["beta"];
}
fn main() -> Result<(), Box<dyn std::error::Error>> {
    registry::register::<Tiring>()?;
    let config: TrainConfig = toml::from_str(include_str!("custom_neuron.toml"))?;
    let mut training = Trainer::from_config(config, synfire_data::Dataset::digits())?.start()?;
    training.run()?;
    println!("accuracy on the test digits: {:.1} %", training.test()?.accuracy * 100.0);
    Ok(())
}
