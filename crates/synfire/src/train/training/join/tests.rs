//! Trainings of several ranks, as threads of one process.

use crate::network::NetworkConfig;
use crate::train::parallel::devices::tests::run;
use crate::train::{Alone, Communicator, ExchangePrecision, ShardCount, TrainConfig, Trainer, Training};
use burn::tensor::Device;
use std::sync::Arc;
use synfire_data::{Batch, Dataset, Split};

/// 45 pictures of 6 x 6 for training, of which the last batch is short.
fn data() -> Dataset {
    let split = |count: usize| {
        let values: Vec<f32> = (0..36 * count).map(|i| ((i * 7 + i / 36 * 5) % 11) as f32 / 10.0).collect();
        let labels: Vec<u8> = (0..count).map(|i| (i % 3) as u8).collect();
        Split::from_batch(Batch::new(values, [1, 6, 6], labels)).unwrap()
    };
    Dataset::new("made", split(45), split(9)).unwrap()
}

const CONV: &str = "
[training]
epochs = 2
batch_size = 16
validation = 0.1
gradient_norm = 0.5
[network]
steps = 4
[[network.layers]]
conv2d = 3
kernel = 3
[[network.layers]]
batch_norm = true
[[network.layers]]
neuron = 'plif'
v_th = 0.5
[[network.layers]]
flatten = true
[[network.layers]]
dropout = 0.3
[[network.layers]]
linear = 'classes'
[[network.layers]]
neuron = 'lif'
v_th = 0.5
";

const POISSON: &str = "
[training]
epochs = 2
batch_size = 16
accumulate = 16
[network]
steps = 6
encoder = 'poisson'
[[network.layers]]
linear = 9
[[network.layers]]
neuron = 'lif'
recurrent = true
[[network.layers]]
linear = 'classes'
[[network.layers]]
neuron = 'plif'
";

fn config(text: &str, shards: ShardCount) -> TrainConfig {
    let mut config: TrainConfig = toml::from_str(text).unwrap();
    config.training.shards = Some(shards);
    config
}

fn start(config: TrainConfig, ranks: Arc<dyn Communicator>) -> Result<Training<NetworkConfig>, crate::Error> {
    Trainer::from_config(config, data())?.device(&Device::flex()).ranks(ranks).start()
}

/// Bits of all parameters and the measures after a training, as each rank has them.
fn trained(config: &TrainConfig, size: usize) -> Vec<(Vec<u32>, String)> {
    run(size, |ranks| {
        let mut training = start(config.clone(), ranks).unwrap();
        training.run().unwrap();
        let values = crate::parameters::raw_values(&training.model());
        let bits = values.iter().flat_map(|(_, data)| crate::host::floats(data)).map(f32::to_bits).collect();
        (bits, format!("{:?} {:?}", training.history(), training.test().unwrap()))
    })
}

#[test]
fn any_number_of_ranks_learns_the_same() {
    for text in [CONV, POISSON] {
        let config = config(text, ShardCount::Fixed(8));
        let one = trained(&config, 1).remove(0);
        for size in [2, 4, 8] {
            for (rank, result) in trained(&config, size).into_iter().enumerate() {
                assert_eq!(result.1, one.1, "rank {rank} of {size}");
                assert!(result.0 == one.0, "weights of rank {rank} of {size}");
            }
        }
        let whole = trained(&self::config(text, ShardCount::Fixed(1)), 1).remove(0);
        assert_ne!(whole.0, one.0, "the order of a sum shows");
    }
}

#[test]
fn gradients_that_travel_as_f16_are_the_same_on_any_number_of_ranks() {
    for text in [CONV, POISSON] {
        let mut config = config(text, ShardCount::Fixed(8));
        let exact = trained(&config, 2).remove(0);
        config.training.exchange_precision = ExchangePrecision::F16;
        let one = trained(&config, 1).remove(0);
        for size in [2, 4, 8] {
            assert!(trained(&config, size).into_iter().all(|result| result == one), "{size} ranks");
        }
        let values =
            |result: &(Vec<u32>, String)| result.0.iter().map(|bits| f32::from_bits(*bits)).collect::<Vec<_>>();
        let (exact, rounded) = (values(&exact), values(&one));
        let difference = exact.iter().zip(&rounded).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(difference > 0.0 && difference < 0.02, "{difference}");
    }
}

#[test]
fn gradients_travel_as_f16_only_where_they_travel_in_a_tree() {
    let half = |shards| {
        let mut config = config(CONV, ShardCount::Ranks);
        config.training.shards = shards;
        config.training.exchange_precision = ExchangePrecision::F16;
        config
    };
    for shards in [None, Some(ShardCount::Ranks), Some(ShardCount::Fixed(1))] {
        let error = start(half(shards), Arc::new(Alone)).unwrap_err().to_string();
        assert!(error.starts_with("training.exchange_precision: is \"f16\", which needs shards"), "{error}");
    }
}

#[test]
fn a_shard_for_each_rank_is_the_same_on_all_of_them() {
    let results = trained(&config(CONV, ShardCount::Ranks), 3);
    assert!(results.iter().all(|result| *result == results[0]));
}

#[test]
fn devices_of_one_process_share_a_training() {
    let folder = tempfile::tempdir().unwrap();
    let fit = |devices: &[Device], name: &str| {
        let trainer = Trainer::from_config(config(CONV, ShardCount::STANDARD), data()).unwrap().devices(devices);
        let run = trainer.fit(folder.path().join(name)).unwrap();
        let values = crate::parameters::raw_values(&run.model);
        let bits: Vec<u32> = values.iter().flat_map(|(_, data)| crate::host::floats(data)).map(f32::to_bits).collect();
        assert!(run.folder.path().join("result.json").is_file());
        (bits, format!("{:?} {:?}", run.history, run.test))
    };
    let one = fit(&[Device::flex()], "one");
    for count in [2, 4] {
        assert!(fit(&vec![Device::flex(); count], &count.to_string()) == one, "{count} devices");
    }
    let trainer = Trainer::from_config(config(CONV, ShardCount::STANDARD), data()).unwrap();
    let error = trainer.devices(&vec![Device::flex(); 3]).fit(folder.path().join("three")).unwrap_err().to_string();
    assert!(error.contains("the number of ranks is 3; expected a power of two"), "{error}");
}

#[test]
fn ranks_that_differ_are_refused() {
    let started = |config: fn(usize) -> TrainConfig, size| -> Vec<String> {
        run(size, |ranks| start(config(ranks.rank()), ranks).map_or_else(|error| error.to_string(), |_| String::new()))
    };
    let same = || config(CONV, ShardCount::STANDARD);
    let epochs = |rank| {
        let mut config = config(CONV, ShardCount::STANDARD);
        config.training.epochs = if rank == 1 { 3 } else { 2 };
        config
    };
    for error in started(epochs, 2) {
        assert!(
            error.starts_with("rank 1 differs from rank 0 in its configuration: it has `\"epochs\": 3,`"),
            "{error}"
        );
    }
    let seed = |rank| {
        let mut config = config(CONV, ShardCount::STANDARD);
        config.training.seed = rank as u64;
        config
    };
    assert!(started(seed, 4)[3].starts_with("rank 1 differs from rank 0 in its seed: it has `1`, rank 0 has `0`"));
    let three = started(|_| config(CONV, ShardCount::STANDARD), 3);
    assert!(three[0].contains("training.shards: is 8, the number of ranks is 3; expected a power of two"), "{three:?}");
    let mut small = same();
    small.training.batch_size = 7;
    let errors = run(4, |ranks| start(small.clone(), ranks).unwrap_err().to_string());
    assert!(errors[0].contains("a batch has 7 samples, which 4 ranks cannot share"), "{errors:?}");
}
