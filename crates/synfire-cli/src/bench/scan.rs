//! Forward and backward of a layer of neurons alone: fused against tensor operations.

use super::Args;
use super::clock::{rounded, smallest, time};
use crate::inputs;
use crate::output::print;
use burn::tensor::{Device, Distribution, Tensor};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use synfire::neuron::{NeuronInput, Neurons, Settings, registry};

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let (_, device) = inputs::device(args.device.as_deref())?;
    let autodiff = device.clone().autodiff();
    let mut models = BTreeMap::new();
    for entry in registry::models().into_iter().filter(|entry| entry.info.differentiable) {
        let layer = |settings: &Settings| entry.layer(settings, &[args.hidden()], 1.0, &autodiff);
        let time_constants = entry.info.parameters.iter().filter(|p| p.name.starts_with("tau"));
        let learns = time_constants.map(|p| (p.name.to_string(), json!({ "learn": true })));
        // those that a gradient reaches
        let learn: Settings = learns.filter(|(name, learns)| layer(&one(name, learns)).is_ok()).collect();
        let mut ways = vec![("defaults", Settings::new())];
        if !learn.is_empty() {
            ways.push(("time_constants_learn", learn));
        }
        for (way, settings) in ways {
            let neurons = layer(&settings)?;
            let fused = measure(args, &neurons, &device, true)?;
            let operations = measure(args, &neurons, &device, false)?;
            models.entry(entry.info.name).or_insert_with(BTreeMap::new).insert(
                way,
                json!({
                    "fused_forward_ms": rounded(fused.0), "fused_backward_ms": rounded(fused.1),
                    "operations_forward_ms": rounded(operations.0), "operations_backward_ms": rounded(operations.1),
                    "ratio": rounded((operations.0 + operations.1) / (fused.0 + fused.1)),
                }),
            );
        }
    }
    let shape = [args.time_steps(), args.batch(), args.hidden()];
    let result = json!({ "peer": "synfire", "shape": shape, "threads": rayon::current_num_threads(), "scan": models });
    print(&result.to_string())
}

/// Settings of one parameter.
fn one(name: &str, value: &Value) -> Settings {
    Settings::from_iter([(name.to_string(), value.clone())])
}

/// Smallest process CPU time in ms of a forward and of a backward.
fn measure(args: &Args, neurons: &Neurons, device: &Device, fused: bool) -> anyhow::Result<(f64, f64)> {
    let shape = [args.time_steps(), args.batch(), args.hidden()];
    let values = Tensor::<3>::random(shape, Distribution::Normal(0.2, 0.5), device);
    let (mut forward, mut backward) = (vec![], vec![]);
    for _ in 0..args.warmup + args.steps {
        let current = Tensor::from_inner(values.clone()).require_grad();
        let input = || NeuronInput::from(current.clone()).with_seed(0);
        let run = || match fused {
            true => neurons.run(input(), args.time_steps(), None, &[]),
            false => neurons.run_by_operations(input(), args.time_steps(), None, &[]),
        };
        let (out, _, cpu) = time(|| {
            let out = run();
            device.sync().map(|()| out)
        });
        forward.push(cpu);
        // of the output itself: a loss would be timed along
        let output = out??.output;
        let (gradients, _, cpu) = time(|| {
            let gradients = output.backward();
            device.sync().map(|()| gradients)
        });
        drop(gradients?);
        backward.push(cpu);
    }
    Ok((smallest(&forward[args.warmup..]), smallest(&backward[args.warmup..])))
}
