//! The checksum of a checkpoint: SHA-256 of the whole file, in which the checksum itself counts as zeros.

use sha2::{Digest, Sha256};

/// Key of the checksum in the description.
const KEY: &[u8] = b"sha256";
/// Bytes between the key and the checksum, at most: `\":\"` where quotes are escaped, and spaces.
const GAP: usize = 12;
/// Blank checksum, in the place of the one to come.
pub(super) const BLANK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Writes the checksum over the blank one. `None` if there is no blank one.
pub(super) fn seal(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let at = place(&bytes, BLANK)?;
    let sum = hexadecimal(&Sha256::digest(&bytes));
    bytes[at..at + sum.len()].copy_from_slice(sum.as_bytes());
    Some(bytes)
}

/// Whether a file has the checksum that is written in it.
pub(super) fn is_right(bytes: &[u8], written: &str) -> bool {
    let Some(at) = place(bytes, written).filter(|_| written.len() == BLANK.len()) else { return false };
    let mut hasher = Sha256::new();
    for part in [&bytes[..at], BLANK.as_bytes(), &bytes[at + written.len()..]] {
        hasher.update(part);
    }
    hexadecimal(&hasher.finalize()) == written
}

/// Where the checksum stands: shortly after its key.
fn place(bytes: &[u8], sum: &str) -> Option<usize> {
    let sum = sum.as_bytes();
    let keys = bytes.windows(KEY.len()).enumerate().filter(|(_, window)| *window == KEY);
    keys.map(|(at, _)| at + KEY.len()).find_map(|after| {
        let near = &bytes[after..bytes.len().min(after + GAP + sum.len())];
        near.windows(sum.len().max(1)).position(|window| window == sum).map(|at| after + at)
    })
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_byte_is_found() {
        let file = format!("head {{\\\"a\\\":1,\\\"sha256\\\":\\\"{BLANK}\\\"}} and the rest").into_bytes();
        let sealed = seal(file.clone()).unwrap();
        let at = place(&file, BLANK).unwrap();
        let written = std::str::from_utf8(&sealed[at..at + 64]).unwrap().to_string();
        assert!(is_right(&sealed, &written));
        for i in (0..sealed.len()).filter(|i| !(at..at + 64).contains(i)) {
            let mut damaged = sealed.clone();
            damaged[i] ^= 1;
            assert!(!is_right(&damaged, &written), "byte {i}");
        }
        assert!(!is_right(&sealed, BLANK) && !is_right(&sealed, "") && !is_right(&sealed[..20], &written));
        assert_eq!(seal(b"no place".to_vec()), None);
    }
}
