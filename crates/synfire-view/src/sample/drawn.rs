//! A picture that was drawn on the page.

use super::recorded::Recorded;
use super::shown;
use crate::Error;
use crate::query::Params;
use crate::trained::Trained;
use axum::response::Response;
use synfire::checkpoint::SampleRange;
use synfire_data::{Batch, Values};

/// Activity for the picture in `pixels`, two hexadecimal digits for each, row by row.
pub(crate) fn drawn(trained: &Trained, params: &Params) -> Result<Response, Error> {
    let shape = &trained.checkpoint.description.input;
    let expected = match shape[..] {
        [height, width] | [1, height, width] => height * width,
        _ => {
            let problem = format!("the network reads samples of {shape:?}; only grey pictures can be drawn");
            return Err(Error::Request(problem));
        }
    };
    let text = params.need("pixels")?;
    let pixels = bytes(text).filter(|pixels| pixels.len() == expected).ok_or_else(|| {
        Error::Request(format!(
            "`pixels` has {} digits; expected two hexadecimal ones for each of {expected}",
            text.len()
        ))
    })?;
    let range: Option<SampleRange> = trained.checkpoint.description.samples;
    let values = range.map_or_else(|| Values::Bytes(pixels.clone()), |range| range.read(pixels.clone()));
    let batch = Batch::without_targets(values, shape.as_slice());
    shown(trained, &Recorded::of(trained, &batch)?, (None, None, None), None)
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| (*byte as char).to_digit(16).map(|digit| digit as u8);
    let digits: Option<Vec<u8>> = text.as_bytes().iter().map(digit).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn pixels_are_read_from_hexadecimal_digits() {
        assert_eq!(bytes("00ff7F"), Some(vec![0, 255, 127]));
        assert_eq!(bytes(""), Some(vec![]));
        for text in ["0", "0g", "\u{e9}0"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
