//! Networks made for an encoder and a decoder learn.

use burn::tensor::Device;
use synfire::coding::{Decoder, Encoder};
use synfire::train::{TrainConfig, Trainer};
use synfire_data::Dataset;

/// On the digits' test data, far above what a pair reaches that does not fit.
#[track_caller]
fn check(encoder: &str, decoder: &str) {
    let _alone = synfire_tests::alone();
    let (encoder, decoder) = (Encoder::named(encoder).unwrap(), Decoder::named(decoder).unwrap());
    let mut config = TrainConfig::for_coding("plif", Some(encoder), Some(decoder));
    config.training.epochs = 6;
    let trainer = Trainer::from_config(config, Dataset::digits()).unwrap().device(&Device::flex());
    let mut training = trainer.start().unwrap();
    training.run().unwrap();
    let accuracy = training.test().unwrap().accuracy;
    assert!(accuracy > 0.88, "accuracy {accuracy}");
}

#[test]
fn latencies_and_first_spikes() {
    check("latency", "first_spike");
}

#[test]
fn random_spikes_and_their_times() {
    check("poisson", "time_softmax");
}

#[test]
fn currents_and_shares_in_all_spikes() {
    check("constant", "time_shares");
}
