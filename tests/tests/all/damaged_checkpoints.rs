//! No bytes make the checkpoint reader panic, hang or ask for more memory than they describe.

use burn::tensor::Device;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
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
    training.checkpoint().unwrap().write(&whole).unwrap();
    training.checkpoint().unwrap().write_safetensors(&export).unwrap();
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
            assert!(damaged == file || !survives(&damaged), "the checksum tells");
            read += usize::from(survives(&sealed(damaged)));
        }
    }
    eprintln!("{read} of 2000 files that were damaged and given a new checksum could still be used");
}

/// The file with the checksum that it would have been written with, where there is still a place for it.
fn sealed(mut file: Vec<u8>) -> Vec<u8> {
    let Some(key) = file.windows(6).position(|window| window == b"sha256") else { return file };
    let Some(at) = file[key + 6..].iter().position(u8::is_ascii_hexdigit).map(|at| key + 6 + at) else { return file };
    if file.len() < at + 64 {
        return file;
    }
    file[at..at + 64].fill(b'0');
    let sum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    file[at..at + 64].copy_from_slice(sum.as_bytes());
    file
}

/// Wherever they lie: in weights, between tensors, in the optimisers' state.
#[test]
fn four_bytes_overwritten_are_found() {
    for file in files() {
        assert!(survives(&sealed(file.clone())), "the checksum is what this test takes it for");
        for at in (0..file.len() - 4).step_by(file.len() / 300) {
            let mut damaged = file.clone();
            damaged[at..at + 4].iter_mut().for_each(|byte| *byte = byte.wrapping_add(1));
            assert!(!survives(&damaged), "four bytes at {at} of {}", file.len());
        }
    }
}
