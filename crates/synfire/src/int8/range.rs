//! Range of the integers that the inputs of a model become.

use super::Input;
use crate::Error;
use crate::coding::Source;
use crate::host::floats;
use crate::network::Network;
use burn::tensor::Device;
use synfire_data::Split;

/// Largest number of an input.
const BYTE: f32 = 255.0;
const SIGNED: f32 = 127.0;

/// Samples that are encoded together at most.
const BATCH: usize = 64;

/// The input of a network, of 8 bits: whole numbers as they are, spikes among them; other values by the largest that these
/// samples have after the encoder.
pub(super) fn of(
    network: &Network,
    split: &Split,
    samples: &[usize],
    seed: u64,
    device: &Device,
) -> Result<Input, Error> {
    let (mut low, mut high, mut whole) = (0.0f32, 0.0f32, true);
    for chunk in samples.chunks(split.at_once(BATCH)) {
        let encoded = network.encoded(Source::from_batch(&split.batch(chunk)?, device), seed)?;
        for value in floats(&encoded.values.into_data()) {
            (low, high) = (low.min(value), high.max(value));
            whole &= value.fract() == 0.0;
        }
    }
    let largest = high.max(-low);
    if !(largest > 0.0 && largest.is_finite()) {
        let problem =
            format!("are {low} to {high} after the encoder; expected some that are not 0, to find their scale");
        return Err(Error::config("samples", problem));
    }
    let signed = low < 0.0;
    let most = if signed { SIGNED } else { BYTE };
    let (scale, most) = if whole && largest <= most { (1.0, largest) } else { (largest / most, most) };
    let shape = network.layers().first().map_or(vec![], |node| node.input_shape().dims().to_vec());
    Ok(Input { shape, scale, low: if signed { -(most as i32) } else { 0 }, high: most as i32 })
}
