//! No bytes make the reader of NIR panic, and what it accepts and checks can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use synfire_nir::{Graph, Recorded};

fuzz_target!(|bytes: &[u8]| {
    let _ = Recorded::from_bytes(bytes.to_vec());
    if let Ok(mut graph) = Graph::from_bytes(bytes.to_vec()) {
        graph.repair();
        let _ = graph.inlined().and_then(|flat| flat.summary());
        if graph.check().is_ok() {
            let bytes = graph.to_bytes().expect("what is right can be written");
            Graph::from_bytes(bytes).expect("what was written can be read");
        }
    }
});
