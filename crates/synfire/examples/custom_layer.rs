//! A layer kind of one's own, used from TOML and in a checkpoint: synapses that tire (Tsodyks and Markram 1997).
//! `cargo run --release --example custom_layer`

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use synfire::coding::Activations;
use synfire::network::layer::{AnyLayer, Layer, LayerKind, LayerState, NetworkInfo, Pass, Site};
use synfire::network::{Shape, register};
use synfire::train::{TrainConfig, Trainer};
use synfire::{Error, checkpoint::Checkpoint, registry::Named};

/// `depression = 0.4`: the share of its resources that a spike uses; a tenth of what is missing returns in a step.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Depression {
    usage: f32,
}
impl Named for Depression {
    const NAME: &'static str = "depression";
    const ABOUT: &'static str = "synapses that tire";
    const PRINCIPAL: Option<&'static str> = Some("usage");
}
impl LayerKind for Depression {
    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        Ok(input.clone())
    }
    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        Ok(Tiring { usage: Param::from_tensor(Tensor::full([1], self.usage, site.device)) }.into())
    }
}
/// The layer at work: a Burn module whose usage is learned.
#[derive(Module, Debug)]
struct Tiring {
    usage: Param<Tensor<1>>,
}
impl Layer for Tiring {
    fn forward(&self, input: Activations, pass: &mut Pass) -> Result<Activations, Error> {
        let rested = || input.values.clone().narrow(0, 0, 1).ones_like().squeeze_dim(0);
        let (mut left, mut sent) = (pass.state.0.pop().unwrap_or_else(rested), vec![]);
        for spikes in input.values.clone().iter_dim(0).map(|step| step.squeeze_dim::<2>(0)) {
            let used = spikes * left.clone();
            left = left.clone() - used.clone() * self.usage.val().unsqueeze() + (left.neg() + 1.0) * 0.1;
            sent.push(used.unsqueeze_dim(0));
        }
        pass.state = LayerState(vec![left]);
        Ok(Activations::new(Tensor::cat(sent, 0), input.dt))
    }
}
fn main() -> Result<(), Box<dyn std::error::Error>> {
    register::<Depression>()?;
    let config: TrainConfig = toml::from_str(include_str!("custom_layer.toml"))?;
    let mut training = Trainer::from_config(config, synfire_data::Dataset::digits())?.start()?;
    training.run()?;
    println!("accuracy on the test digits: {:.1} %", training.test()?.accuracy * 100.0);
    let path = std::env::temp_dir().join("custom_layer.bpk");
    training.checkpoint()?.write(&path)?;
    println!("read again: {}", Checkpoint::read(&path)?.network(&Device::default())?.layers()[2].layer().describe());
    Ok(())
}
