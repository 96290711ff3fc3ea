//! No bytes make the checkpoint reader panic, hang or ask for more memory than they describe.

use burn::tensor::Device;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::path::Path;
use synfire::checkpoint::Checkpoint;
use synfire::train::{TrainConfig, Trainer, Training};
use synfire_data::Dataset;

/// A small training checkpoint, and the export of it.
fn files() -> [Vec<u8>; 2] {
    let _alone = synfire_tests::alone();
    let mut config = TrainConfig::standard();
    config.network = synfire::network::NetworkConfig::two_layers("plif", 3, 2);
    config.training.epochs = 1;
    config.training.batch_size = 512;
    let trainer = Trainer::from_config(config, Dataset::digits()).unwrap().device(&Device::flex());
    let mut training = trainer.start().unwrap();
    training.run().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (whole, export) = (folder.path().join("a.bpk"), folder.path().join("a.safetensors"));
    training.checkpoint().write(&whole).unwrap();
    training.checkpoint().write_safetensors(&export).unwrap();
    [&whole, &export].map(|path| std::fs::read(path).unwrap())
}

/// Reads and, if that succeeds, uses what was read as a command would.
fn survives(bytes: &[u8]) -> bool {
    let Ok(checkpoint) = Checkpoint::parse(bytes, Path::new("damaged")) else { return false };
    let resumed = || Training::resume(&checkpoint, Dataset::digits(), &Device::flex());
    checkpoint.network(&Device::flex()).is_ok() && (!checkpoint.is_resumable() || resumed().is_ok())
}

#[test]
fn whole_files_are_read() {
    for file in files() {
        assert!(survives(&file));
    }
}

#[test]
fn cut_files_are_refused() {
    for file in files() {
        for end in (0..file.len()).step_by(file.len() / 200 + 1) {
            assert!(!survives(&file[..end]), "cut at {end} of {}", file.len());
        }
    }
}

#[test]
fn changed_files_are_refused_or_read() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut read = 0;
    for file in files() {
        for _ in 0..1000 {
            let mut damaged = file.clone();
            for _ in 0..1 + rng.next_u32() % 4 {
                // most of the structure is at the beginning
                let range = if rng.next_u32() % 2 == 0 { 4096.min(file.len()) } else { file.len() };
                let at = rng.next_u32() as usize % range;
                damaged[at] = rng.next_u32() as u8;
            }
            read += usize::from(survives(&damaged));
        }
    }
    eprintln!("{read} of 2000 damaged files could still be used");
}
