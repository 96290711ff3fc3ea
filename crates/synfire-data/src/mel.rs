//! Sound as the logarithm of energies in bands of frequency.

mod fft;

use crate::{DataError, SoundOptions};
use fft::Fft;

/// Added to energies before their logarithm.
const FLOOR: f32 = 1e-7;

/// Steps that a recording of this many values has.
pub(crate) fn steps(options: &SoundOptions, rate: u32, values: usize) -> usize {
    match options.bins {
        Some(bins) => bins,
        None => (values as f64 / (options.hop * f64::from(rate) / 1000.0)).ceil().max(1.0) as usize,
    }
}

/// Logarithms of the energies of a mel filterbank, `[T, bands]`, of the first `most` steps.
pub(crate) fn energies(options: &SoundOptions, rate: u32, values: &[f32], most: usize) -> Result<Vec<f32>, DataError> {
    let per_ms = f64::from(rate) / 1000.0;
    let (steps, hop) = match options.bins {
        Some(bins) => (bins, values.len() as f64 / bins as f64),
        None => (steps(options, rate, values.len()), options.hop * per_ms),
    };
    let wide = if options.bins.is_some() { 2.0 * hop } else { 0.0 };
    let window = ((options.window * per_ms).max(wide).round() as usize).clamp(16, 1 << 20);
    let size = window.next_power_of_two();
    let filters = filters(options, rate, size)?;
    let hann: Vec<f32> = (0..window)
        .map(|i| (0.5 - 0.5 * (std::f64::consts::TAU * (i as f64 + 0.5) / window as f64).cos()) as f32)
        .collect();
    let transform = Fft::new(size);
    let mut input = vec![0.0; size];
    let mut energies = Vec::with_capacity(steps.min(most) * options.bands);
    for step in 0..steps.min(most) {
        let begin = ((step as f64 + 0.5) * hop - window as f64 / 2.0).round() as isize;
        let at = |i: usize| usize::try_from(begin + i as isize).ok().and_then(|at| values.get(at)).copied();
        input.fill(0.0);
        for (i, (value, weight)) in input.iter_mut().zip(&hann).enumerate() {
            *value = at(i).unwrap_or(0.0) * weight;
        }
        let spectrum = transform.powers(&input);
        let power = |bin: usize| spectrum[bin] / window as f32;
        energies.extend(filters.iter().map(|filter| {
            let energy: f32 =
                filter.weights.iter().enumerate().map(|(i, weight)| weight * power(filter.begin + i)).sum();
            (energy + FLOOR).ln()
        }));
    }
    if options.normalize {
        normalize(&mut energies);
    }
    Ok(energies)
}

/// A triangle over the bins of a spectrum.
struct Filter {
    begin: usize,
    weights: Vec<f32>,
}

/// Triangles whose corners are equally far apart in mel, `2595 log10(1 + f / 700)`.
fn filters(options: &SoundOptions, rate: u32, size: usize) -> Result<Vec<Filter>, DataError> {
    let nyquist = f64::from(rate) / 2.0;
    let (low, high) = (options.low, options.high.unwrap_or(nyquist));
    if high > nyquist || low >= high {
        let problem =
            format!("leaves {low} to {high} Hz of a recording at {rate} Hz; expected a range below {nyquist} Hz");
        return Err(DataError::option("sound.high", problem));
    }
    let mel = |f: f64| 2595.0 * (1.0 + f / 700.0).log10();
    let hertz = |m: f64| 700.0 * (10f64.powf(m / 2595.0) - 1.0);
    let corner = |i: usize| {
        let part = i as f64 / (options.bands + 1) as f64;
        hertz(mel(low) + part * (mel(high) - mel(low))) * size as f64 / f64::from(rate)
    };
    let filter = |band: usize| {
        let [left, peak, right] = [band, band + 1, band + 2].map(corner);
        // narrow bands take the nearest bin, so that none is empty
        let begin = (left.ceil() as usize).min(peak.round() as usize);
        let end = (right.floor() as usize).max(peak.round() as usize).min(size / 2);
        let weight = |bin: usize| {
            let at = bin as f64;
            let rise = (at - left) / (peak - left).max(1e-9);
            let fall = (right - at) / (right - peak).max(1e-9);
            rise.min(fall).max(if bin == peak.round() as usize { 0.5 } else { 0.0 }) as f32
        };
        Filter { begin: begin.min(end), weights: (begin.min(end)..=end).map(weight).collect() }
    };
    Ok((0..options.bands).map(filter).collect())
}

/// Mean 0 and variance 1; silence stays 0.
fn normalize(values: &mut [f32]) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    let scale = if variance > 1e-12 { 1.0 / variance.sqrt() } else { 0.0 };
    values.iter_mut().for_each(|value| *value = ((f64::from(*value) - mean) * scale) as f32);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64, values: usize) -> Vec<f32> {
        (0..values).map(|i| (std::f64::consts::TAU * hertz * i as f64 / 8000.0).sin() as f32).collect()
    }

    #[test]
    fn a_tone_is_loudest_in_its_band() {
        let options = SoundOptions { bands: 20, normalize: false, ..SoundOptions::default() };
        let mut loudest = Vec::new();
        for hertz in [200.0, 500.0, 1000.0, 2000.0, 3500.0] {
            let all = energies(&options, 8000, &tone(hertz, 4000), usize::MAX).unwrap();
            assert_eq!(all.len(), 50 * 20, "500 ms in steps of 10 ms");
            let step = &all[25 * 20..26 * 20];
            loudest.push((0..20).max_by(|&a, &b| step[a].total_cmp(&step[b])).unwrap());
        }
        // centres of the bands in mel: 50 Hz is 77.8, 4000 Hz 2146, 98.5 mel from one to the next
        assert_eq!(loudest, [1, 4, 8, 14, 19]);
    }

    #[test]
    fn bins_have_equal_durations_whatever_the_recording() {
        let options = SoundOptions { bands: 4, bins: Some(10), ..SoundOptions::default() };
        for count in [1, 37, 2000, 20_000] {
            let all = energies(&options, 8000, &tone(300.0, count), usize::MAX).unwrap();
            assert_eq!(all.len(), 40);
            assert!(all.iter().all(|value| value.is_finite()));
        }
        let silent = energies(&options, 8000, &[0.0; 100], usize::MAX).unwrap();
        assert!(silent.iter().all(|&value| value == 0.0));
        let high = SoundOptions { high: Some(5000.0), ..options };
        assert!(energies(&high, 8000, &[0.0; 100], 9).unwrap_err().to_string().contains("below 4000 Hz"));
    }
}
