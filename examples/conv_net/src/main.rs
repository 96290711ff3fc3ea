//! Burn's layers and Synfire's neurons in one network: `cargo run --release -p conv_net`

use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d, conv::*, pool::*};
use burn::prelude::*;
use synfire::prelude::*;

#[derive(Config, Debug)]
struct NetConfig {
    classes: usize,
    #[config(default = 8)]
    steps: usize,
    spike: PlifConfig,
}

#[derive(Module, Debug)]
struct Net {
    conv: Conv2d,
    norm: BatchNorm,
    spike: Neurons,
    pool: MaxPool2d,
    head: Linear,
    out: Neurons,
    #[module(skip)]
    steps: usize,
}

impl ModelConfig for NetConfig {
    type Model = Net;

    fn init(&self, device: &Device) -> Net {
        let conv = Conv2dConfig::new([1, 16], [3, 3]).with_padding(PaddingConfig2d::Same);
        Net {
            conv: conv.init(device),
            norm: BatchNormConfig::new(16).init(device),
            spike: self.spike.init(&[16, 8, 8], device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            head: LinearConfig::new(16 * 4 * 4, self.classes).init(device),
            out: self.spike.init(&[self.classes], device),
            steps: self.steps,
        }
    }
}

impl Net {
    /// Spike counts of the output neurons, `[B, classes]`, for pictures `[B, 1, 8, 8]`.
    fn forward(&self, pictures: Tensor<4>) -> Tensor<2> {
        let current = self.norm.forward(self.conv.forward(pictures)); // the same at every step
        let spikes = self.spike.forward_constant(current, self.steps); // [T, B, C, H, W]
        let pooled: Tensor<3> = fold_time(spikes, |x: Tensor<4>| self.pool.forward(x).flatten::<2>(1, 3));
        self.out.forward(self.head.forward(pooled)).sum_dim(0).squeeze_dim(0)
    }
}

impl Trainable for Net {
    fn shard(&self, batch: &Batch, context: &ShardContext<'_>) -> synfire::Result<ShardOutput> {
        ShardOutput::cross_entropy(self.forward(context.values(batch)?), batch)
    }
}

fn main() -> synfire::Result<()> {
    let data = Dataset::digits();
    let run =
        Trainer::new(NetConfig::new(10, PlifConfig::new()), data)?.epochs(10).learning_rate(1e-2).fit("runs/conv")?;
    println!("{:.2} %", 100.0 * run.test.accuracy);
    Ok(())
}
