//! Measures of a training for TensorBoard: an event file, a list of TFRecords with a protocol buffer each.
//!
//! The bytes follow from the measures alone: the time of an event is its epoch, in s. So a file that is there already is
//! the beginning of the new one, and TensorBoard, which follows the end of a file, sees the epochs as they come.

use super::EpochRecord;

/// Name of the file in a run folder; TensorBoard looks for `tfevents`.
pub(super) const FILE: &str = "events.out.tfevents.synfire";

/// The events of these epochs.
pub(super) fn events(history: &[EpochRecord]) -> Vec<u8> {
    let mut version = number(1, 0.0);
    version.extend(field(3, b"brain.Event:2"));
    let mut file = record(&version);
    history.iter().for_each(|epoch| file.extend(record(&event(epoch))));
    file
}

/// `Event { wall_time = 1, step = 2, summary = 5 }`
fn event(record: &EpochRecord) -> Vec<u8> {
    let scalars = [
        ("loss/train", Some(record.train_loss)),
        ("loss/validation", record.validation_loss),
        ("accuracy/train", record.train_accuracy),
        ("accuracy/validation", record.validation_accuracy),
        ("learning_rate", Some(record.learning_rate)),
    ];
    let scalars = scalars.into_iter().filter_map(|(tag, value)| Some((tag.to_string(), value?)));
    let rates = record.firing_rates.iter().map(|(layer, &rate)| (format!("firing_rate/{layer}"), rate));
    let norms = record.gradient_norms.iter().map(|(name, &norm)| (format!("gradient_norm/{name}"), norm));
    let taus = record.time_constants.iter().map(|(name, tau)| (format!("time_constant/{name}"), tau.mean));
    let values =
        scalars.chain(rates).chain(norms).chain(taus).flat_map(|(tag, value)| field(1, &scalar(&tag, value as f32)));
    let mut event = number(1, record.epoch as f64);
    event.push(2 << 3);
    event.extend(varint(record.epoch as u64));
    event.extend(field(5, &values.collect::<Vec<u8>>()));
    event
}

/// `Summary.Value { tag = 1, simple_value = 2 }`
fn scalar(tag: &str, value: f32) -> Vec<u8> {
    let mut bytes = field(1, tag.as_bytes());
    bytes.push((2 << 3) | 5);
    bytes.extend(value.to_le_bytes());
    bytes
}

/// A field of type double.
fn number(id: u8, value: f64) -> Vec<u8> {
    [&[(id << 3) | 1][..], &value.to_le_bytes()].concat()
}

/// A field with a length: a text, or a message.
fn field(id: u8, bytes: &[u8]) -> Vec<u8> {
    [&[(id << 3) | 2][..], &varint(bytes.len() as u64), bytes].concat()
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 127 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A TFRecord: length, its checksum, data, their checksum.
fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &masked(&length), data, &masked(data)].concat()
}

/// The CRC-32C of some bytes, rotated and shifted as TFRecords have it.
fn masked(bytes: &[u8]) -> [u8; 4] {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0x82f6_3b78 } else { crc >> 1 };
    let crc = !bytes.iter().fold(!0_u32, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), step));
    crc.rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_tensorflow() {
        // CRC-32C of "123456789" is e3069283
        let masked_check = 0xe306_9283_u32.rotate_right(15).wrapping_add(0xa282_ead8);
        assert_eq!(masked(b"123456789"), masked_check.to_le_bytes());
        assert_eq!([varint(1), varint(300)].concat(), [1, 172, 2]);
    }

    #[test]
    fn an_epoch_more_is_appended() {
        let epoch = |epoch: usize| EpochRecord { epoch, train_loss: 0.5, ..EpochRecord::default() };
        let (one, two) = (events(&[epoch(1)]), events(&[epoch(1), epoch(2)]));
        assert!(two.starts_with(&one) && two.len() > one.len());
        let tag =
            b"loss/train".iter().chain(&[(2 << 3) | 5]).copied().chain(0.5_f32.to_le_bytes()).collect::<Vec<u8>>();
        assert!(one.windows(tag.len()).any(|window| window == tag));
        assert_eq!(one[..8], (24_u64).to_le_bytes(), "time and version");
    }
}
