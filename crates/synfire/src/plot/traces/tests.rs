use super::*;
use crate::plot::xml_check::assert_well_formed;

const QUIET: TracePanel<'_> =
    TracePanel { name: "v", unit: "mV", values: &[], neurons: 2, numbers: &[], spikes: None, threshold: None };

/// Lines drawn in a neuron's colour; one of them, the legend's.
fn strokes(svg: &str, tag: &str, neuron: usize) -> usize {
    let plotters::style::RGBColor(r, g, b) = style::SERIES[neuron];
    let color = format!("stroke=\"#{r:02X}{g:02X}{b:02X}\"");
    let lines = svg.lines().filter(|line| line.starts_with(tag));
    lines.filter(|line| line.contains(&color)).count()
}

#[test]
fn traces_break_at_missing_values_and_spikes_are_ticks() {
    let values = [0.0, 1.0, 0.5, f32::NAN, f32::INFINITY, 1.0, 0.2, 2.0, 0.4, 3.0];
    let spikes = [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0];
    let panel = TracePanel { values: &values, spikes: Some(&spikes), threshold: Some(1.0), ..QUIET };
    let svg = membrane_traces("Traces", &[panel], 1.0);
    assert_well_formed(&svg);
    // Neuron 0 misses step 2, neuron 1 misses step 1 after a single point.
    assert_eq!(strokes(&svg, "<polyline", 0), 2);
    assert_eq!(strokes(&svg, "<polyline", 1), 1);
    assert_eq!(svg.matches("<circle").count(), 1);
    assert_eq!(strokes(&svg, "<line", 0), 1 + 1);
    assert_eq!(strokes(&svg, "<line", 1), 3 + 1);
    assert!(svg.contains("v (mV)") && svg.contains("threshold") && svg.contains("neuron 1"));
    assert_eq!(svg, membrane_traces("Traces", &[panel], 1.0));
}

#[test]
fn six_neurons_are_drawn() {
    let values: Vec<f32> = (0..100 * 20).map(|i| i as f32).collect();
    let panel = TracePanel { values: &values, neurons: 100, ..QUIET };
    let svg = membrane_traces("Many", &[panel], 0.5);
    assert_well_formed(&svg);
    assert_eq!(svg.matches("<polyline").count(), 6);
    assert!(svg.contains("first 6 of 100 neurons drawn"));
}

#[test]
fn neurons_have_their_numbers() {
    let values: Vec<f32> = (0..20).map(|i| i as f32).collect();
    let hidden = TracePanel { values: &values, numbers: &[17, 4], ..QUIET };
    let output = TracePanel { numbers: &[9, 3], ..hidden };
    let svg = membrane_traces("Chosen", &[hidden, output], 1.0);
    assert_well_formed(&svg);
    for number in [17, 4, 9, 3] {
        assert_eq!(svg.matches(&format!("neuron {number}\n")).count(), 1, "{number}");
    }
    assert!(!svg.contains("neuron 0"));
    let alone = TracePanel { neurons: 1, ..QUIET };
    let svg = membrane_traces("Alone", &[TracePanel { values: &values, ..alone }], 1.0);
    assert!(!svg.contains("neuron"));
}

#[test]
fn nothing_to_draw_says_no_data() {
    let none = TracePanel { values: &[1.0], neurons: 0, ..QUIET };
    for panels in [&[][..], &[QUIET], &[none]] {
        let svg = membrane_traces("Empty", panels, 1.0);
        assert_well_formed(&svg);
        assert_eq!(svg.matches("no data").count(), 1);
    }
    let odd = TracePanel { values: &[f32::NAN; 4], threshold: Some(1.0), ..QUIET };
    let one = TracePanel { values: &[1.0; 2], threshold: Some(f32::NAN), ..QUIET };
    let svg = membrane_traces("Odd", &[odd, one], f32::NAN);
    assert_well_formed(&svg);
    assert_eq!(svg.matches("no data").count(), 1);
}

#[test]
fn extremes_draw() {
    let wide = TracePanel { values: &[f32::MAX, f32::MIN, 1.0, 0.0], ..QUIET };
    let tiny = TracePanel { values: &[1e-45, 0.0], threshold: Some(0.0), ..QUIET };
    let spikes = TracePanel { spikes: Some(&[1.0; 40]), ..tiny };
    let svg = membrane_traces("Extremes", &[wide, tiny, spikes], f32::MAX);
    assert_well_formed(&svg);

    let values: Vec<f32> = (0..200_000).map(|i| (i as f32 * 0.01).sin()).collect();
    let long = TracePanel { values: &values, ..QUIET };
    let svg = membrane_traces("Long", &vec![long; 40], 1.0);
    assert_well_formed(&svg);
    assert!(svg.contains("first 24 of 40 panels drawn"));
    assert!(svg.len() < 3_000_000, "{} bytes", svg.len());
}
