//! A neuron model of one's own, from its equations to its accuracy on the digits:
//! `cargo run --release -p synfire --example custom_neuron`

use serde::{Deserialize, Serialize};
use synfire::neuron::{Neuron, registry};
use synfire::train::{TrainConfig, Trainer};
use synfire_dynamics::{Dynamics, Real, record};

record! {
    /// Numbers of the model; any of them can learn.
    pub struct Numbers {
        /// share of the potential that a step leaves
        beta: 0.8,
        /// firing threshold of a neuron that is not tired
        v_th: 0.3,
    }
}
record! {
    /// What a neuron carries on.
    pub struct State {
        /// membrane potential
        v: 0.0,
        /// tiredness: spikes of late
        a: 0.0,
    }
}
/// Leaky integrate-and-fire neurons that tire: every spike raises the threshold for a while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Tiring;

impl Dynamics for Tiring {
    type Params<R: Copy> = Numbers<R>;
    type Constants<R: Copy> = Numbers<R>;
    type State<R: Copy> = State<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, numbers: Numbers<R>, _: f32) -> Numbers<R> {
        numbers
    }
    fn step<R: Real>(&self, c: &Numbers<R>, s: &mut State<R>, current: R) -> R {
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
