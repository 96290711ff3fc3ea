//! The fingerprint of a data set, by which a resumed training knows its data.

use crate::Error;
use crate::checkpoint::hexadecimal;
use sha2::{Digest, Sha256};
use synfire_data::{Dataset, Split, Targets, Values};

/// Samples of a split whose values are read; of the others the classes are known.
const READ: usize = 64;

/// A digest of shapes, classes and the values of some samples of both splits. It is the same wherever the files lie, and
/// takes no longer for large data sets than for small ones.
pub(super) fn of(data: &Dataset) -> Result<String, Error> {
    let mut hasher = Sha256::new();
    hasher.update((data.classes as u64).to_le_bytes());
    for split in [&data.train, &data.test] {
        add(&mut hasher, split)?;
    }
    Ok(hexadecimal(&hasher.finalize()[..16]))
}

fn add(hasher: &mut Sha256, split: &Split) -> Result<(), Error> {
    let dims = split.sample_shape().iter().copied().chain([split.len()]);
    dims.for_each(|n| hasher.update((n as u64).to_le_bytes()));
    split.labels().into_iter().flatten().for_each(|label| hasher.update(label.to_le_bytes()));
    let read = split.len().min(READ);
    for i in 0..read {
        let batch = split.batch(&[i * split.len() / read])?;
        match &batch.values {
            Values::Bytes(bytes) => hasher.update(bytes),
            Values::Floats(floats) => floats.iter().for_each(|value| hasher.update(value.to_le_bytes())),
        }
        match &batch.targets {
            Targets::Vectors { values, .. } => values.iter().for_each(|value| hasher.update(value.to_le_bytes())),
            Targets::ClassPerStep { classes, .. } => {
                classes.iter().for_each(|class| hasher.update(class.to_le_bytes()))
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::of;
    use synfire_data::{Batch, Dataset, Split};

    #[test]
    fn other_values_labels_or_samples_are_other_data() {
        let data = |values: [u8; 4], labels: [u8; 4]| {
            let split = |values: [u8; 4], labels: [u8; 4]| Split::from_batch(Batch::new(values, [1], labels)).unwrap();
            of(&Dataset::new("a", split(values, labels), split([9, 8, 7, 6], [0, 1, 0, 1])).unwrap()).unwrap()
        };
        let one = data([1, 2, 3, 4], [0, 1, 0, 1]);
        assert_eq!(one, data([1, 2, 3, 4], [0, 1, 0, 1]));
        assert_ne!(one, data([1, 2, 3, 5], [0, 1, 0, 1]));
        assert_ne!(one, data([1, 2, 3, 4], [0, 1, 1, 1]));
        assert_eq!(one.len(), 32);
    }
}
