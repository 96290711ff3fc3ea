//! Files that are damaged at random: an error, never a panic.
//!
//! `SYNFIRE_MUTATIONS=1000000 cargo test --release -p synfire-nir --test mutations` tries more of them than a usual run.

mod common;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use synfire_nir::*;

/// Damaged files of each kind, unless the environment tells another number.
const USUAL: usize = 200;

fn count() -> usize {
    std::env::var("SYNFIRE_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(USUAL)
}

/// One to four changes: a byte, a bit, large or small numbers, a cut, a repeated or removed part, a part from elsewhere.
fn mutated(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + random.next_u32() % 4 {
        let len = bytes.len().max(1);
        let at = random.next_u32() as usize % len;
        let end = (at + 1 + random.next_u32() as usize % 8).min(bytes.len());
        match random.next_u32() % 10 {
            _ if bytes.is_empty() => bytes.push(random.next_u32() as u8),
            0 | 1 => bytes[at] = random.next_u32() as u8,
            2 | 3 => bytes[at] ^= 1 << (random.next_u32() % 8),
            4 => bytes[at..end].fill(0xff),
            5 => bytes[at..end].fill(0),
            6 if random.next_u32().is_multiple_of(8) => bytes.truncate(at),
            7 if random.next_u32().is_multiple_of(8) => drop(bytes.drain(at..end)),
            8 => {
                let from = random.next_u32() as usize % len;
                let size = (1 + random.next_u32() as usize % 16).min(len - from.max(at));
                bytes.copy_within(from..from + size, at);
            }
            _ => bytes[at] = b"abilns0123456789.\0"[random.next_u32() as usize % 18],
        }
    }
    bytes
}

#[test]
fn graphs() {
    let small = Graph::chain(vec![
        ("input", NodeKind::Input(Port { shape: vec![5] })),
        ("lif", NodeKind::Lif(common::lif(&[5]))),
        ("output", NodeKind::Output(Port { shape: vec![5] })),
    ]);
    let mut nested = small.clone();
    nested.insert("lif", NodeKind::Graph(common::nested()));
    for (graph, part) in [(small, 2), (nested, 2), (common::everything(), 8)] {
        let whole = graph.to_bytes().unwrap();
        let mut random = ChaCha8Rng::seed_from_u64(whole.len() as u64);
        let [mut refused, mut networks] = [0, 0];
        for _ in 0..count() / part {
            let Ok(mut graph) = Graph::from_bytes(mutated(&whole, &mut random)) else {
                refused += 1;
                continue;
            };
            graph.repair();
            let flat = graph.inlined();
            networks += usize::from(flat.is_ok_and(|flat| flat.summary().is_ok()));
            if graph.check().is_ok() {
                let again = Graph::from_bytes(graph.to_bytes().unwrap());
                assert!(again.is_ok(), "what is right can be written: {again:?}");
            }
        }
        eprintln!("{} bytes: {} files, {refused} refused, {networks} networks", whole.len(), count() / part);
        assert!(refused > 0 && networks > 0);
    }
}

#[test]
fn recorded_activity() {
    let data = common::values(&[1, 3, 2], Element::F32);
    let observables = [("v".to_string(), Observable::Gridded { data, dt: 1e-3 })].into();
    let whole = Recorded { nodes: [("lif".to_string(), observables)].into() }.to_bytes().unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(whole.len() as u64);
    let refused = (0..count() / 4).filter(|_| Recorded::from_bytes(mutated(&whole, &mut random)).is_err()).count();
    assert!(refused > 0);
}
