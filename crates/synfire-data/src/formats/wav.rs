//! WAV files: sound of one channel, or the mean over several.

use super::SampleFormat;
use crate::{DataError, DataOptions, Raw};
use hound::{SampleFormat as Encoding, WavReader};

pub(super) const FORMAT: SampleFormat = SampleFormat {
    name: "WAV",
    recognises: |head, _| head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WAVE"),
    read,
};

fn read(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let refused = |at: usize, problem: String| {
        DataError::format(FORMAT.name, at, problem, "a whole RIFF WAVE file of PCM or float")
    };
    let mut reader = WavReader::new(bytes).map_err(|error| refused(0, error.to_string()))?;
    let spec = reader.spec();
    let (channels, depth) = (usize::from(spec.channels), u32::from(spec.bits_per_sample));
    if channels == 0 || !(1..=1_000_000).contains(&spec.sample_rate) || !(8..=32).contains(&depth) {
        let found = format!("{channels} channels of {depth} bits at {} Hz", spec.sample_rate);
        return Err(DataError::format(FORMAT.name, 20, found, "1 or more channels of 8 to 32 bits at 1 to 1000000 Hz"));
    }
    let mut values: Vec<f32> = Vec::new();
    let full = (1u64 << (depth - 1)) as f32;
    match spec.sample_format {
        Encoding::Float => {
            for value in reader.samples::<f32>() {
                values.push(value.map_err(|error| refused(44 + values.len() * 4, error.to_string()))?);
            }
        }
        Encoding::Int => {
            for value in reader.samples::<i32>() {
                let value =
                    value.map_err(|error| refused(44 + values.len() * depth as usize / 8, error.to_string()))?;
                values.push(value as f32 / full);
            }
        }
    }
    if values.iter().any(|value| !value.is_finite()) {
        return Err(refused(44, "a value that is not finite".to_string()));
    }
    if values.len() < channels {
        return Err(refused(44.min(bytes.len()), "no sound".to_string()));
    }
    let mean = |frame: &[f32]| frame.iter().sum::<f32>() / channels as f32;
    let samples = if channels == 1 { values } else { values.chunks_exact(channels).map(mean).collect() };
    Ok(Raw::Sound { rate: spec.sample_rate, samples })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hound::{WavSpec, WavWriter};
    use std::io::Cursor;

    #[test]
    fn channels_are_averaged_and_cut_files_refused() {
        let spec = WavSpec { channels: 2, sample_rate: 8000, bits_per_sample: 16, sample_format: Encoding::Int };
        let mut file = Cursor::new(vec![]);
        let mut writer = WavWriter::new(&mut file, spec).unwrap();
        [16384i16, 0, -32768, -32768].iter().for_each(|&value| writer.write_sample(value).unwrap());
        writer.finalize().unwrap();
        let bytes = file.into_inner();
        let sound = read(&bytes, &DataOptions::default()).unwrap();
        assert_eq!(sound, Raw::Sound { rate: 8000, samples: vec![0.25, -1.0] });
        for end in 0..bytes.len() {
            let error = read(&bytes[..end], &DataOptions::default()).unwrap_err().to_string();
            assert!(error.starts_with("WAV, byte "), "{error}");
        }
    }
}
