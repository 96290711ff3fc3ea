//! Damage to files, and files to be damaged.

pub(crate) mod seeds;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// Damaged files of each format: 3000, unless the environment tells another number.
pub(crate) fn count() -> usize {
    std::env::var("SYNFIRE_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(3000)
}

/// One to four changes: a byte, a bit, a large number, a cut, a repeated or removed part.
pub(crate) fn mutated(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + random.next_u32() % 4 {
        let len = bytes.len().max(1);
        let at = random.next_u32() as usize % len;
        let end = (at + 1 + random.next_u32() as usize % 8).min(bytes.len());
        match random.next_u32() % 7 {
            _ if bytes.is_empty() => bytes.push(random.next_u32() as u8),
            0 => bytes[at] = random.next_u32() as u8,
            1 => bytes[at] ^= 1 << (random.next_u32() % 8),
            2 => bytes[at..end].fill(0xff),
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..end)),
            5 => bytes.extend_from_within(at..end),
            // a digit of text
            _ => bytes[at] = b"0123456789,-'(\n"[random.next_u32() as usize % 15],
        }
    }
    bytes
}
