//! A training step of a network that the peers are timed on.

use super::clock::{Times, median, peak_memory, percentile, rounded, smallest, time};
use super::npz::Arrays;
use super::{Args, EncoderKind, Net, NeuronKind, nets};
use crate::inputs;
use crate::output::print;
use crate::ranks;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use synfire::device;
use synfire::network::{Network, NetworkConfig, Precision};
use synfire::train::{TrainConfig, Trainer, Training};
use synfire_data::{EpochOrder, Split};

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let ranks = ranks::join()?;
    let data = Arc::new(inputs::data(args.data.as_deref(), &Default::default())?);
    let (device_name, device) = inputs::device(args.device.as_deref())?;
    let (mut network, loss) = nets::network(args);
    network.precision = Precision::named(&args.precision)?;
    let mut config = TrainConfig { network, training: Default::default(), data: Default::default() };
    config.training.learning_rate = 1e-3;
    config.training.batch_size = args.batch();
    config.training.drop_last = true;
    config.training.loss = loss;
    config.training.shards = args.shards;

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
    let mut training = Trainer::from_config(config, data.clone())?.device(&device).start_with(net)?;
    if let Some(ranks) = ranks {
        training = training.join(ranks)?;
    }
    let has_hidden = matches!(args.net, Net::Mlp | Net::Rec);
    let mut result = json!({
        "peer": "synfire",
        "version": format!("synfire {}, burn 0.22.1", env!("CARGO_PKG_VERSION")),
        "device": device_name,
        "isa": device::instruction_set()?,
        "net": match args.net { Net::Mlp => "mlp", Net::Conv => "conv", Net::Rec => "rec", Net::Csnn => "csnn" },
        "hidden": has_hidden.then_some(args.hidden()), "T": args.time_steps(), "batch": args.batch(),
        "neuron": match args.neuron() { NeuronKind::Lif => "lif", NeuronKind::Plif => "plif" },
        "enc": match args.enc {
            EncoderKind::Const if args.net == Net::Rec => "rows",
            EncoderKind::Const => "const",
            EncoderKind::Poisson => "poisson",
        },
        "surrogate": "atan",
        "hoist": i32::from(args.enc == EncoderKind::Const),
        "threads": rayon::current_num_threads(),
        "ranks": training.ranks().size(),
        "shards": training.options().shards,
        "dtype": args.precision,
        "params": parameters,
    });
    if !args.infer {
        add(&mut result, train(args, &mut training, &order)?);
    }
    add(&mut result, infer(args, &training, &data.test)?);
    if ranks::is_first() { print(&result.to_string()) } else { Ok(()) }
}

/// Adds the entries of one object to another.
fn add(result: &mut Value, more: Value) {
    if let (Value::Object(result), Value::Object(more)) = (result, more) {
        result.extend(more);
    }
}

fn images_per_second(args: &Args, ms: f64) -> f64 {
    rounded(args.batch() as f64 / ms * 1e3)
}

/// Times steps of a training on batches of the samples in this order.
fn train(args: &Args, training: &mut Training<NetworkConfig>, order: &[usize]) -> anyhow::Result<Value> {
    let batches = order.len() / args.batch();
    anyhow::ensure!(batches > 0, "--batch {} is larger than the {} samples", args.batch(), order.len());
    let batch = |i: usize| &order[i % batches * args.batch()..][..args.batch()];
    let (first, first_ms, _) = time(|| training.train_batch(batch(0)));
    let mut early = vec![f64::from(first?)];
    for i in 1..args.warmup {
        early.push(f64::from(training.train_batch(batch(i))?));
    }
    let (mut times, mut last) = (Times::default(), f64::NAN);
    for i in args.warmup..args.warmup + args.steps {
        last = f64::from(times.add(|| training.train_batch(batch(i)))?);
    }
    let Times { wall, cpu } = times;
    Ok(json!({
        "loss0": rounded(early[0] * 1e3) / 1e3,
        "first_step_s": rounded(first_ms / 1e3),
        "loss_early": early.iter().map(|&loss| (loss * 1e5).round() / 1e5).collect::<Vec<_>>(),
        "step_cpu_ms": rounded(median(&cpu)), "step_cpu_ms_min": rounded(smallest(&cpu)), "step_ms": rounded(median(&wall)),
        "step_ms_min": rounded(smallest(&wall)), "step_ms_p90": rounded(percentile(&wall, 0.9)),
        "train_img_s": images_per_second(args, median(&wall)),
        "steps": args.steps, "loss_last": rounded(last),
        "peak_rss_mb": peak_memory(),
    }))
}

/// Times inference on batches of test samples.
fn infer(args: &Args, training: &Training<NetworkConfig>, test: &Split) -> anyhow::Result<Value> {
    let [warmup, steps] = if args.infer { [args.warmup, args.steps] } else { INFERENCES };
    let (network, mut times) = (training.model(), Times::default());
    for i in 0..warmup + steps {
        let start = i * args.batch() % test.len().saturating_sub(args.batch()).max(1);
        let indices: Vec<usize> = (start..test.len().min(start + args.batch())).collect();
        let samples = test.batch(&indices)?;
        if i == warmup {
            times = Times::default();
        }
        times.add(|| training.scores(&network, &samples))?;
    }
    let Times { wall, cpu } = times;
    Ok(json!({
        "infer_cpu_ms": rounded(median(&cpu)), "infer_cpu_ms_min": rounded(smallest(&cpu)),
        "infer_ms": rounded(median(&wall)), "infer_ms_min": rounded(smallest(&wall)),
        "infer_img_s": images_per_second(args, median(&wall)),
        "infer_peak_rss_mb": args.infer.then(peak_memory),
    }))
}

/// Inferences after a training, without and with the clock running.
const INFERENCES: [usize; 2] = [3, 10];

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
