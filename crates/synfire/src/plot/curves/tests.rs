use super::*;
use crate::plot::xml_check::assert_well_formed;
use crate::train::TimeConstant;

fn run(epochs: usize) -> Vec<EpochRecord> {
    let record = |epoch: usize| EpochRecord {
        epoch,
        train_loss: 2.0 / epoch as f64,
        train_accuracy: Some(1.0 - 0.9 / epoch as f64),
        validation_loss: Some(2.2 / epoch as f64),
        validation_accuracy: Some(0.98 - 0.9 / epoch as f64),
        ..EpochRecord::default()
    };
    (1..=epochs).map(record).collect()
}

fn dots(picture: &Picture) -> usize {
    let marks = picture.panels.iter().flat_map(|panel| &panel.marks);
    marks.map(|mark| if let Mark::Dots { points, .. } = mark { points.len() } else { 0 }).sum()
}

fn headings(picture: &Picture) -> Vec<&str> {
    picture.panels.iter().map(|panel| panel.heading.as_str()).collect()
}

#[test]
fn every_epoch_has_its_dots() {
    let picture = learning_curves("Run", &run(5));
    assert_eq!(dots(&picture), 5 * 2 * 2);
    let svg = picture.svg();
    assert_well_formed(&svg);
    assert!(svg.contains("best, epoch 5: 80.0") && svg.contains("best, epoch 5: 0.440"));
    let mut backwards = run(5);
    backwards.reverse();
    assert_eq!(picture, learning_curves("Run", &backwards), "the order does not matter");
}

#[test]
fn only_what_was_measured_has_a_panel() {
    let mut history = run(4);
    assert_eq!(headings(&learning_curves("Run", &history)), ["Loss", "Accuracy (%)"]);
    for record in &mut history {
        record.train_accuracy = None;
        record.validation_accuracy = None;
        record.firing_rates.insert("layers.1".to_owned(), 0.1 * record.epoch as f64);
        let mean = record.epoch as f64;
        let tau = TimeConstant { mean, minimum: mean / 2.0, maximum: 3.0 * mean, unit: "ms".to_owned() };
        record.time_constants.insert("layers.1.tau_m".to_owned(), tau);
    }
    let picture = learning_curves("Run", &history);
    assert_eq!(headings(&picture), ["Loss", "Spikes per neuron and step", "Time constants (ms)"]);
    let Mark::Area { points, .. } = &picture.panels[2].marks[0] else { panic!("no band") };
    assert_eq!(points[..2], [(1.0, 0.5), (2.0, 1.0)]);
    assert_eq!(points[7], (1.0, 3.0));
    assert!(picture.panels[2].y.is_logarithmic(), "0.5 to 12");
    let mut other = history[0].time_constants["layers.1.tau_m"].clone();
    other.unit = "steps".to_owned();
    history[0].time_constants.insert("layers.3.tau_m".to_owned(), other);
    let legend = &learning_curves("Run", &history).panels[2].legend;
    assert_eq!((legend[0].1.as_str(), legend[1].1.as_str()), ("layers.1.tau_m (ms)", "layers.3.tau_m (steps)"));
}

#[test]
fn losses_over_a_wide_range_are_logarithmic() {
    let is_logarithmic = |epochs: usize| learning_curves("Run", &run(epochs)).panels[0].y.is_logarithmic();
    assert!(is_logarithmic(20) && !is_logarithmic(4));
    let mut with_zero = run(20);
    with_zero[19].train_loss = 0.0;
    assert!(!learning_curves("Run", &with_zero).panels[0].y.is_logarithmic());
}

#[test]
fn the_best_epoch_has_the_lowest_validation_loss() {
    let mut history = run(4);
    for (record, loss) in history.iter_mut().zip([0.4, 0.3, 0.3, f64::NAN]) {
        record.validation_loss = Some(loss);
    }
    assert_eq!(best(&history).map(|record| record.epoch), Some(2));
    history.iter_mut().for_each(|record| record.validation_loss = None);
    assert_eq!(best(&history), None);
    assert!(!learning_curves("Run", &history).svg().contains("best"));
}

#[test]
fn odd_values_are_left_out() {
    assert!(
        learning_curves("Nothing <yet> & \"more\"", &[]).svg().contains("Nothing &lt;yet&gt; &amp; &quot;more&quot;")
    );
    let mut history = run(6);
    history[2].train_loss = f64::NAN;
    history[3].validation_loss = Some(f64::INFINITY);
    history[4].train_accuracy = Some(-1e300);
    let picture = learning_curves("Run", &history);
    assert_well_formed(&picture.svg());
    assert_eq!(dots(&picture), 6 * 2 * 2 - 3);
    for record in &mut history {
        (record.train_loss, record.validation_loss) = (f64::NAN, None);
    }
    assert_eq!(headings(&learning_curves("Run", &history)), ["Accuracy (%)"]);
    history.iter_mut().for_each(|record| (record.train_accuracy, record.validation_accuracy) = (None, None));
    assert!(learning_curves("Run", &history).svg().contains("no data"));
}

#[test]
fn extremes_draw() {
    let mut one = run(1);
    assert_well_formed(&learning_curves("One", &one).svg());
    one[0].epoch = usize::MAX;
    one[0].train_loss = 9e99;
    one[0].firing_rates = (0..30).map(|layer| (format!("layers.{layer}"), 0.1)).collect();
    one.push(run(1)[0].clone());
    let svg = learning_curves("\u{0}".repeat(9999).as_str(), &one).svg();
    assert_well_formed(&svg);
    assert!(svg.contains("first 6 of 30 drawn"));

    let svg = learning_curves("Long", &run(50_000)).svg();
    assert_well_formed(&svg);
    assert!(svg.len() < 1_000_000, "{} bytes", svg.len());
}
