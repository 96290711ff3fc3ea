//! An encoder that learns: pixels go through a convolution into neurons, whose spikes are the code. All of it is
//! trained with the rest of the network.
//! `cargo run --release -p synfire --example direct_encoding`

use burn::module::Param;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2dConfig;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use synfire::Error;
use synfire::network::{ModuleLayer, Transform, register};
use synfire::registry::Named;
use synfire::train::{Flow, TrainConfig, Trainer};
use synfire_dynamics::CounterRng;

/// A convolution with a kernel of 3 by 3 pixels, as `module = { name = "convolution", .. }`.
#[derive(Debug, Serialize, Deserialize)]
struct Convolution {
    /// Channels, height and width of what it is given.
    shape: [usize; 3],
    /// Channels of what it returns.
    channels: usize,
}

impl Default for Convolution {
    fn default() -> Self {
        Convolution { shape: [1, 8, 8], channels: 8 }
    }
}

impl Named for Convolution {
    const NAME: &'static str = "convolution";
    const ABOUT: &'static str = "weights that every pixel's neighbourhood shares";
}

impl Transform for Convolution {
    fn outputs(&self, inputs: usize) -> Result<usize, String> {
        let [channels, height, width] = self.shape;
        match channels * height * width == inputs {
            true => Ok(self.channels * height * width),
            false => Err(format!("has `shape` {:?} and is given {inputs} numbers", self.shape)),
        }
    }

    fn init(&self, inputs: usize, seed: u64, device: &Device) -> Result<ModuleLayer, Error> {
        let ([channels, height, width], outputs) = (self.shape, self.channels);
        let config = Conv2dConfig::new([channels, outputs], [3, 3]).with_bias(false);
        let mut module = config.with_padding(PaddingConfig2d::Same).init(device);
        // the same weights on every backend
        let weights = CounterRng::new(seed).tensor([outputs, channels * 9], device);
        let weights = (weights * 2.0 - 1.0) / (channels as f32 * 9.0).sqrt();
        module.weight = Param::from_tensor(weights.reshape([outputs, channels, 3, 3]));
        ModuleLayer::new(Self::NAME, inputs, module, move |module, pixels: Tensor<2>, _| {
            let [batch, _] = pixels.dims();
            module.forward(pixels.reshape([batch, channels, height, width])).flatten(1, 3)
        })
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    register::<Convolution>()?;
    let config: TrainConfig = toml::from_str(include_str!("direct_encoding.toml"))?;
    let mut trainer = Trainer::new(config, synfire_data::Dataset::digits().into(), &Device::default())?;
    while trainer.epoch(&mut |_| Flow::Continue)? {}
    println!("accuracy on the test digits: {:.1} %", trainer.test()?.accuracy * 100.0);
    Ok(())
}
