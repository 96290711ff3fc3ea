use super::*;
use crate::plot::xml_check::assert_well_formed;

const QUIET: TracePanel<'_> = TracePanel {
    name: "membrane",
    axis: "v (mV)",
    values: &[],
    neurons: 2,
    names: &[],
    spikes: None,
    thresholds: &[],
    note: "",
    is_low: false,
};

/// Points of each line and places of each row of ticks, in the order in which they are drawn.
fn lines(panel: &Panel) -> Vec<usize> {
    panel
        .marks
        .iter()
        .filter_map(|mark| if let Mark::Line { points, .. } = mark { Some(points.len()) } else { None })
        .collect()
}

fn ticks(panel: &Panel) -> Vec<Vec<f64>> {
    panel
        .marks
        .iter()
        .filter_map(|mark| if let Mark::Ticks { at, .. } = mark { Some(at.clone()) } else { None })
        .collect()
}

fn thresholds(panel: &Panel) -> Vec<f64> {
    panel
        .marks
        .iter()
        .filter_map(|mark| if let Mark::Dashed { from, .. } = mark { Some(from.1) } else { None })
        .collect()
}

#[test]
fn traces_break_at_missing_values_and_spikes_are_ticks() {
    let values = [0.0, 1.0, 0.5, f32::NAN, f32::INFINITY, 1.0, 0.2, 2.0, 0.4, 3.0];
    let spikes = [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0];
    let names = ["neuron 7".to_owned(), "neuron 3".to_owned()];
    let panel = TracePanel { values: &values, spikes: Some(&spikes), thresholds: &[1.0], names: &names, ..QUIET };
    let picture = membrane_traces("Traces", &[panel], 1.0);
    let drawn = &picture.panels[0];
    // neuron 0 misses step 2, neuron 1 misses step 1 after a single point
    assert_eq!(lines(drawn), [2, 2, 1, 3]);
    assert_eq!(ticks(drawn), [vec![1.0], vec![0.0, 2.0, 3.0]]);
    assert_eq!(thresholds(drawn), [1.0]);
    let legend: Vec<&str> = drawn.legend.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(legend, ["neuron 7", "neuron 3", "spike", "threshold"]);
    let svg = picture.svg();
    assert_well_formed(&svg);
    assert!(svg.contains("v (mV)") && svg.contains("neuron 3"));
    assert_eq!(picture, membrane_traces("Traces", &[panel], 1.0));
}

#[test]
fn ticks_stand_above_the_traces() {
    let panel = TracePanel { values: &[1.0; 6], spikes: Some(&[1.0; 6]), thresholds: &[2.0], ..QUIET };
    let picture = membrane_traces("Traces", &[panel], 1.0);
    let rows: Vec<f64> = picture.panels[0]
        .marks
        .iter()
        .filter_map(|mark| if let Mark::Ticks { row, .. } = mark { Some(*row) } else { None })
        .collect();
    assert!(rows.len() == 2 && rows[0] > rows[1] && rows[1] > 2.0, "{rows:?}");
    assert!(picture.panels[0].y.share(rows[0]) < 1.0);
}

#[test]
fn thresholds_of_their_own_are_drawn_for_each_neuron() {
    let panel = TracePanel { values: &[0.0; 4], thresholds: &[1.0, 2.0], ..QUIET };
    assert_eq!(thresholds(&membrane_traces("T", &[panel], 1.0).panels[0]), [1.0, 2.0]);
    let panel = TracePanel { thresholds: &[1.0, 1.0], ..panel };
    assert_eq!(thresholds(&membrane_traces("T", &[panel], 1.0).panels[0]), [1.0]);
}

#[test]
fn six_neurons_are_drawn() {
    let values: Vec<f32> = (0..100 * 20).map(|i| i as f32).collect();
    let picture = membrane_traces("Many", &[TracePanel { values: &values, neurons: 100, ..QUIET }], 0.5);
    assert_eq!(lines(&picture.panels[0]).len(), 6);
    assert!(picture.svg().contains("first 6 of 100 neurons drawn"));
}

#[test]
fn nothing_to_draw_says_no_data() {
    let none = TracePanel { values: &[1.0], neurons: 0, ..QUIET };
    for panels in [&[][..], &[QUIET], &[none]] {
        let svg = membrane_traces("Empty", panels, 1.0).svg();
        assert_well_formed(&svg);
        assert_eq!(svg.matches("no data").count(), 1);
    }
    let odd = TracePanel { values: &[f32::NAN; 4], thresholds: &[1.0], ..QUIET };
    let one = TracePanel { values: &[1.0; 2], thresholds: &[f32::NAN], ..QUIET };
    let svg = membrane_traces("Odd", &[odd, one], f32::NAN).svg();
    assert_well_formed(&svg);
    assert_eq!(svg.matches("no data").count(), 1);
}

#[test]
fn extremes_draw() {
    let wide = TracePanel { values: &[f32::MAX, f32::MIN, 1.0, 0.0], ..QUIET };
    let tiny = TracePanel { values: &[1e-45, 0.0], thresholds: &[0.0], ..QUIET };
    let spikes = TracePanel { spikes: Some(&[1.0; 40]), ..tiny };
    assert_well_formed(&membrane_traces("Extremes", &[wide, tiny, spikes], f32::MAX).svg());

    let values: Vec<f32> = (0..200_000).map(|i| (i as f32 * 0.01).sin()).collect();
    let long = TracePanel { values: &values, ..QUIET };
    let svg = membrane_traces("Long", &vec![long; 40], 1.0).svg();
    assert_well_formed(&svg);
    assert!(svg.contains("first 24 of 40 panels drawn"));
    assert!(svg.len() < 6_000_000, "{} bytes", svg.len());
}

#[test]
fn a_part_of_a_recording_keeps_its_times() {
    let panel = TracePanel { values: &[0.0, 1.0, 0.0], neurons: 1, ..TracePanel::default() };
    let picture = membrane_traces_after("part", &[panel], 0.5, 100);
    let Some(Mark::Line { points, .. }) = picture.panels[0].marks.first() else { panic!("no line") };
    assert_eq!(points[..], [(50.0, 0.0), (50.5, 1.0), (51.0, 0.0)]);
}
