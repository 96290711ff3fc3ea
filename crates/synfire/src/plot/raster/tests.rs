use super::*;
use crate::plot::xml_check::assert_well_formed;

fn layer<'a>(name: &'a str, spikes: &'a [f32], neurons: usize) -> RasterLayer<'a> {
    RasterLayer { name, spikes, neurons, marked: &[] }
}

fn draw(layers: &[RasterLayer<'_>], dt: f32) -> Picture {
    spike_raster("Raster", layers, dt, None)
}

/// Spikes drawn.
fn ticks(picture: &Picture) -> usize {
    let marks = picture.panels.iter().flat_map(|panel| &panel.marks);
    marks.map(|mark| if let Mark::Ticks { at, .. } = mark { at.len() } else { 0 }).sum()
}

fn words(panel: &Panel) -> Vec<&str> {
    let beside = |mark: &'_ Mark| matches!(mark, Mark::Beside { .. });
    let marks = panel.marks.iter().filter(|mark| beside(mark));
    marks.map(|mark| if let Mark::Beside { text, .. } = mark { text.as_str() } else { "" }).collect()
}

#[test]
fn every_spike_is_a_tick() {
    let spikes: Vec<f32> = (0..30 * 12).map(|i| f32::from(u8::from(i % 7 == 0))).collect();
    let count = spikes.iter().filter(|&&s| s == 1.0).count();
    let layers = [layer("a", &spikes, 12), layer("b", &spikes[..24], 1)];
    let picture = draw(&layers, 0.1);
    assert_well_formed(&picture.svg());
    assert_eq!(ticks(&picture), count + 4);
    let notes: Vec<&str> = picture.panels.iter().map(|panel| panel.note.as_str()).collect();
    assert_eq!(notes, ["12 neurons · 0.144 spikes per neuron and step", "1 neuron · 0.167 spikes per neuron and step"]);
    assert_eq!(picture, draw(&layers, 0.1));
    let last = match &picture.panels[1].marks[0] {
        Mark::Ticks { at, .. } => at.last().copied(),
        _ => None,
    };
    assert!((last.unwrap() - 2.1).abs() < 1e-9, "step 21 of 0.1 ms");
}

#[test]
fn output_neurons_have_rows_with_their_counts_and_marks() {
    let mut spikes = vec![0.0; 5 * 4];
    for (t, neuron) in [(0, 2), (1, 2), (4, 2), (3, 0)] {
        spikes[t * 4 + neuron] = 1.0;
    }
    let marked = [(3, "label"), (2, "predicted")];
    let picture = draw(&[RasterLayer { marked: &marked, ..layer("output", &spikes, 4) }], 1.0);
    let panel = &picture.panels[0];
    assert_eq!(panel.y.labels(), ["0", "1", "2", "3"]);
    assert_eq!(words(panel), ["1", "0", "3 · predicted", "0 spikes · label"]);
    let svg = picture.svg();
    assert_well_formed(&svg);
    assert!(svg.contains("3 · predicted") && svg.contains("output"));
    let both = [(2, "label"), (2, "predicted")];
    let picture = draw(&[RasterLayer { marked: &both, ..layer("output", &spikes, 4) }], 1.0);
    assert_eq!(words(&picture.panels[0])[2], "3 · label · predicted");
}

#[test]
fn a_silent_layer_says_so() {
    let picture = draw(&[layer("loud", &[1.0; 10], 2), layer("silent", &[0.0; 10], 2)], 1.0);
    assert_eq!(picture.panels.iter().map(|panel| panel.message).collect::<Vec<_>>(), ["", "no spikes"]);
    assert_eq!(picture.svg().matches("no spikes").count(), 1);
}

#[test]
fn odd_values_are_no_spikes() {
    let spikes = [1.0, f32::NAN, -0.5, f32::INFINITY, 0.0, f32::NEG_INFINITY];
    assert_eq!(ticks(&draw(&[layer("g", &spikes, 2)], 1.0)), 2);
}

#[test]
fn a_wide_layer_says_how_many_neurons_are_drawn() {
    let picture = draw(&[layer("w", &vec![1.0; 2000 * 4], 2000)], 1.0);
    assert_eq!(ticks(&picture), 160 * 4);
    assert_eq!(picture.panels[0].note, "160 of 2000 neurons drawn · 1.000 spikes per neuron and step");
    assert!(words(&picture.panels[0]).is_empty());
}

#[test]
fn the_sample_stands_beside_the_layers() {
    let pixels = [0.0, 1.0, 1.0, 0.0];
    let image = SampleImage { pixels: &pixels, width: 2, ..SampleImage::default() };
    let picture = spike_raster("Sample", &[layer("l", &[1.0; 6], 2)], 1.0, Some(image));
    let [layer, sample] = &picture.panels[..] else { panic!("{} panels", picture.panels.len()) };
    assert_eq!((sample.heading.as_str(), sample.marks.len()), ("sample", 4));
    assert!(layer.frame.left + layer.frame.width < sample.frame.left);
    assert!(sample.frame.top + sample.frame.height <= picture.height);
}

#[test]
fn nothing_to_draw_says_no_data() {
    for layers in [&[][..], &[layer("e", &[], 10)], &[layer("z", &[1.0], 0)]] {
        let svg = draw(layers, 1.0).svg();
        assert_well_formed(&svg);
        assert_eq!(svg.matches("no data").count(), 1);
    }
    let layers = [layer("full", &[1.0], 1), layer("<empty>", &[], usize::MAX)];
    let picture = draw(&layers, 1.0);
    assert_well_formed(&picture.svg());
    assert_eq!(picture.panels[1].message, "no data");
    assert_eq!(ticks(&picture), 1);
}

#[test]
fn any_step_length_draws() {
    for dt in [f32::NAN, f32::INFINITY, 0.0, -1.0, 1e-45, f32::MAX, 1.0] {
        for spikes in [&[1.0][..], &[0.0, 1.0, 0.0]] {
            let picture = draw(&[layer("l", spikes, 1)], dt);
            let svg = picture.svg();
            assert_well_formed(&svg);
            assert_eq!(ticks(&picture), 1);
            let steps = !(dt.is_finite() && dt > 0.0);
            assert_eq!(svg.contains("time step"), steps, "{dt}");
        }
    }
}

#[test]
fn many_layers_and_long_runs_stay_drawable() {
    let spikes = vec![1.0; 20_000];
    let layers = vec![layer("l", &spikes, 2); 100];
    let svg = draw(&layers, 1.0).svg();
    assert_well_formed(&svg);
    assert!(svg.contains("first 24 of 100 layers drawn"));
    assert!(svg.len() < 40_000_000, "{} bytes", svg.len());
}
