//! One linear map and the layer of neurons behind it: the workload of the Open Neuromorphic benchmark.

use super::Args;
use super::clock::{median, peak_memory, rounded, smallest, time};
use crate::inputs;
use crate::output::print;
use anyhow::bail;
use burn::tensor::{Distribution, Tensor};
use serde_json::json;
use synfire::connection::EventLinearConfig;
use synfire::neuron::LifConfig;

/// Refuses times of a device that computed nothing, as one does without a word whose buffers are too small for the layer.
fn check(device: &str, neurons: usize, gradient: Option<Tensor<2>>) -> anyhow::Result<()> {
    let size = gradient.map_or(0.0, |gradient| gradient.abs().mean().into_scalar::<f32>());
    if size > 0.0 && size.is_finite() {
        return Ok(());
    }
    bail!(
        "the weights of {neurons} neurons got a gradient of size {size} on `{device}`: it did not compute the layer, which may be \
         larger than its buffers; take a smaller --hidden, --T or --batch"
    )
}

/// Times forward and backward of random values `[T, B, N]` through `N` to `N` connections and LIF neurons.
pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let (name, device) = inputs::device(args.device.as_deref())?;
    let (neurons, autodiff) = (args.hidden(), device.clone().autodiff());
    let linear = EventLinearConfig::new(neurons, neurons).init(&autodiff);
    let lif = LifConfig::new().init(&[neurons], &autodiff);
    let shape = [args.time_steps(), args.batch(), neurons];
    let values = Tensor::<3>::random(shape, Distribution::Normal(0.0, 1.0), &device);
    let (mut forward, mut backward) = (vec![], vec![]);
    for i in 0..args.warmup + args.steps {
        let input = Tensor::from_inner(values.clone());
        let (spikes, forward_ms, _) = time(|| {
            let spikes = lif.forward(linear.forward(input));
            device.sync().map(|()| spikes)
        });
        let spikes = spikes?;
        let (gradients, backward_ms, _) = time(|| {
            let gradients = spikes.backward();
            device.sync().map(|()| gradients)
        });
        let gradients = gradients?;
        if i == 0 {
            check(&name, neurons, linear.weight.val().grad(&gradients))?;
        }
        if i >= args.warmup {
            forward.push(forward_ms);
            backward.push(backward_ms);
        }
    }
    let result = json!({
        "peer": "synfire", "device": name, "T": args.time_steps(), "batch": args.batch(), "hidden": neurons,
        "threads": rayon::current_num_threads(),
        "forward_ms": rounded(median(&forward)), "forward_ms_min": rounded(smallest(&forward)),
        "backward_ms": rounded(median(&backward)), "backward_ms_min": rounded(smallest(&backward)),
        "peak_rss_mb": peak_memory(),
    });
    print(&result.to_string())
}
