//! A training step of a network that the peers are timed on.

use super::clock::{median, peak_memory, percentile, rounded, smallest, time};
use super::npz::Arrays;
use super::{Args, EncoderKind, Net, NeuronKind, nets};
use crate::inputs;
use crate::output::print;
use anyhow::{Context, bail};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use synfire::network::Network;
use synfire::train::{TrainConfig, Trainer};
use synfire_data::EpochOrder;

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let data = Arc::new(inputs::data(args.data.as_deref(), &Default::default())?);
    let (device_name, device) = inputs::device(args.device.as_deref())?;
    let mut config =
        TrainConfig { network: nets::network(args), training: Default::default(), data: Default::default() };
    config.training.learning_rate = 1e-3;
    config.training.batch_size = args.batch;
    config.training.drop_last = true;

    let mut order = EpochOrder::new(data.train.len(), 0, 0).indices().to_vec();
    let autodiff = device.clone().autodiff();
    let mut net = config.network.init(data.train.sample_shape(), data.outputs(), 0, &autodiff)?;
    if let Some(path) = &args.weights {
        let (loaded, given) = read_weights(path, args.net, net)?;
        net = loaded;
        order = given.unwrap_or(order);
    }
    let parameters: usize = net
        .parameters()
        .iter()
        .filter(|p| p.name.ends_with("weight") || p.name.ends_with("bias"))
        .map(|p| p.count)
        .sum();
    let trainer = Trainer::from_config(config, data.clone())?.device(&device);
    let mut training = trainer.start_with(net)?;

    let batches = order.len() / args.batch.max(1);
    anyhow::ensure!(batches > 0, "--batch {} is larger than the {} samples", args.batch, order.len());
    let batch = |i: usize| &order[i % batches * args.batch..][..args.batch];
    let (first, first_ms, _) = time(|| training.train_batch(batch(0)));
    let mut early = vec![f64::from(first?)];
    for i in 1..args.warmup {
        early.push(f64::from(training.train_batch(batch(i))?));
    }
    let (mut wall, mut cpu, mut last) = (vec![], vec![], f64::NAN);
    for i in args.warmup..args.warmup + args.steps {
        let (loss, w, c) = time(|| training.train_batch(batch(i)));
        last = f64::from(loss?);
        wall.push(w);
        cpu.push(c);
    }
    let training_memory = peak_memory();

    let network = training.model();
    let (mut infer_wall, mut infer_cpu) = (vec![], vec![]);
    for i in 0..13 {
        let start = i * args.batch % data.test.len().saturating_sub(args.batch).max(1);
        let indices: Vec<usize> = (start..data.test.len().min(start + args.batch)).collect();
        let pixels = data.test.batch(&indices)?;
        let (scores, w, c) = time(|| training.scores(&network, &pixels));
        scores?;
        if i >= 3 {
            infer_wall.push(w);
            infer_cpu.push(c);
        }
    }
    let images_per_second = |ms: f64| rounded(args.batch as f64 / ms * 1e3);
    let result = json!({
        "peer": "synfire",
        "version": format!("synfire {}, burn 0.22.1", env!("CARGO_PKG_VERSION")),
        "device": device_name,
        "net": match args.net { Net::Mlp => "mlp", Net::Conv => "conv", Net::Rec => "rec" },
        "hidden": (args.net != Net::Conv).then_some(args.hidden()), "T": args.time_steps(), "batch": args.batch,
        "neuron": match args.neuron { NeuronKind::Lif => "lif", NeuronKind::Plif => "plif" },
        "enc": match args.enc {
            EncoderKind::Const if args.net == Net::Rec => "rows",
            EncoderKind::Const => "const",
            EncoderKind::Poisson => "poisson",
        },
        "surrogate": "atan",
        "hoist": i32::from(args.enc == EncoderKind::Const),
        "threads": rayon::current_num_threads(),
        "dtype": "f32",
        "params": parameters,
        "loss0": rounded(early[0] * 1e3) / 1e3,
        "first_step_s": rounded(first_ms / 1e3),
        "loss_early": early.iter().map(|&loss| (loss * 1e5).round() / 1e5).collect::<Vec<_>>(),
        "step_cpu_ms": rounded(median(&cpu)), "step_ms": rounded(median(&wall)),
        "step_ms_min": rounded(smallest(&wall)), "step_ms_p90": rounded(percentile(&wall, 0.9)),
        "train_img_s": images_per_second(median(&wall)),
        "steps": args.steps, "loss_last": rounded(last),
        "peak_rss_mb": training_memory,
        "infer_cpu_ms": rounded(median(&infer_cpu)), "infer_ms": rounded(median(&infer_wall)),
        "infer_img_s": images_per_second(median(&infer_wall)), "infer_ms_min": rounded(smallest(&infer_wall)),
    });
    print(&result.to_string())
}

/// Reads `fc1.weight`, `fc1.bias`, .. in PyTorch's order of axes and, if there is one, `order`.
fn read_weights(path: &Path, net: Net, mut network: Network) -> anyhow::Result<(Network, Option<Vec<usize>>)> {
    let mut arrays = Arrays::open(path)?;
    for (name, parameter) in nets::weights(net) {
        let Some(values) = arrays.find::<f32>(name)? else { bail!("{}: has no array `{name}`", path.display()) };
        network = network.with_value(parameter, &values)?;
    }
    let index = |i| usize::try_from(i).context("`order` holds a negative index");
    let order = arrays.find::<i64>("order")?.map(|order| order.into_iter().map(index).collect());
    Ok((network, order.transpose()?))
}
