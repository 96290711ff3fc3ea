//! No bytes make the checkpoint reader panic, and what it accepts becomes a network or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use synfire::checkpoint::Checkpoint;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(checkpoint) = Checkpoint::parse(bytes, Path::new("fuzz")) {
        let _ = checkpoint.training_state();
        // descriptions of absurd size are well-formed; only small ones are worth building
        let numbers: usize = checkpoint.parameters.iter().map(|p| p.values.len()).sum();
        let inputs = checkpoint.description.input.iter().try_fold(1usize, |product, &n| product.checked_mul(n));
        if numbers < 10_000 && inputs.is_some_and(|inputs| inputs < 10_000) {
            let _ = checkpoint.network(&Default::default());
        }
    }
});
