use super::*;
use crate::plot::xml_check::assert_well_formed;

fn layer<'a>(name: &'a str, spikes: &'a [f32], neurons: usize) -> RasterLayer<'a> {
    RasterLayer { name, spikes, neurons }
}

/// Spikes drawn: all rectangles but the paper.
fn marks(svg: &str) -> usize {
    svg.matches("<rect").count() - 1
}

#[test]
fn every_spike_is_drawn() {
    let spikes: Vec<f32> = (0..30 * 12).map(|i| f32::from(u8::from(i % 7 == 0))).collect();
    let count = spikes.iter().filter(|&&s| s == 1.0).count();
    let layers = [layer("a", &spikes, 12), layer("b", &spikes[..24], 1)];
    let svg = spike_raster("Raster", &layers, 0.1);
    assert_well_formed(&svg);
    assert_eq!(marks(&svg), count + 4);
    assert!(svg.contains("12 neurons · 0.144 spikes per neuron and step"));
    assert!(svg.contains("1 neuron · 0.167 spikes"));
    assert_eq!(svg, spike_raster("Raster", &layers, 0.1));
}

#[test]
fn graded_spikes_fade_and_odd_values_are_left_out() {
    let spikes = [1.0, f32::NAN, -0.5, f32::INFINITY, 0.0, f32::NEG_INFINITY];
    let svg = spike_raster("Graded", &[layer("g", &spikes, 2)], 1.0);
    assert_well_formed(&svg);
    assert_eq!(marks(&svg), 2);
    assert_eq!(svg.matches("opacity=\"0.625\"").count(), 1);
}

#[test]
fn a_wide_layer_says_how_many_neurons_are_drawn() {
    let svg = spike_raster("Wide", &[layer("w", &vec![1.0; 2000 * 4], 2000)], 1.0);
    assert_eq!(marks(&svg), 200 * 4);
    assert!(svg.contains("200 of 2000 neurons drawn · 1.000 spikes"));
}

#[test]
fn nothing_to_draw_says_no_data() {
    for layers in [&[][..], &[layer("e", &[], 10)], &[layer("z", &[1.0], 0)]] {
        let svg = spike_raster("Empty", layers, 1.0);
        assert_well_formed(&svg);
        assert_eq!(svg.matches("no data").count(), 1);
    }
    let layers = [layer("full", &[1.0], 1), layer("<empty>", &[], usize::MAX)];
    let svg = spike_raster("Half", &layers, 1.0);
    assert_well_formed(&svg);
    assert_eq!(svg.matches("no data").count(), 1);
    assert_eq!(marks(&svg), 1);
}

#[test]
fn any_step_length_draws() {
    for dt in [f32::NAN, f32::INFINITY, 0.0, -1.0, 1e-45, f32::MAX, 1.0] {
        for spikes in [&[1.0][..], &[0.0, 1.0, 0.0]] {
            let svg = spike_raster("Step", &[layer("l", spikes, 1)], dt);
            assert_well_formed(&svg);
            assert_eq!(marks(&svg), 1);
            let steps = !(dt.is_finite() && dt > 0.0);
            assert_eq!(svg.contains("time step"), steps);
        }
    }
}

#[test]
fn many_layers_and_long_runs_stay_drawable() {
    let spikes = vec![1.0; 20_000];
    let layers = vec![layer("l", &spikes, 2); 100];
    let svg = spike_raster("Deep", &layers, 1.0);
    assert_well_formed(&svg);
    assert!(svg.contains("first 24 of 100 layers drawn"));
    assert!(svg.len() < 6_000_000, "{} bytes", svg.len());
}
