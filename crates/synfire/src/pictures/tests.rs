use super::*;
use crate::network::Record;
use crate::train::Answer;
use burn::tensor::{Device, Tensor, TensorData};
use synfire_data::Targets;

/// A layer of four neurons over three steps: neuron 2 fires at each, 1 at one.
fn record(kind: OutputKind, output: [f32; 12]) -> Record {
    let tensor = |values: Vec<f32>| Tensor::<3>::from_data(TensorData::new(values, [3, 1, 4]), &Device::flex());
    Record {
        name: "layers.1".to_owned(),
        model: "lif",
        kind,
        output: tensor(output.to_vec()),
        unit: "mV",
        // neuron 0 comes nearest to the threshold
        potential: Some(tensor((0..12).map(|i| if i % 4 == 0 { 0.9 } else { 0.1 * (i % 4) as f32 }).collect())),
        threshold: Some(Tensor::<1>::from_floats([1.0], &Device::flex())),
    }
}

const FIRING: [f32; 12] = [0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];

fn with_roles(record: &Record, class: i64, given: i64) -> Layer {
    let mut layer = Layer::of(record);
    layer.set_roles(Role::of(Answer { class, given }, 4), 4);
    layer
}

#[test]
fn the_label_the_prediction_and_those_that_fire_most_are_drawn() {
    let record = record(OutputKind::Spiking, FIRING);
    let chosen = |layer: Layer| layer.chosen().unwrap();
    assert_eq!(chosen(Layer::of(&record)).names, ["neuron 1, 1 spike", "neuron 2, 3 spikes"]);
    let wrong = chosen(with_roles(&record, 3, 2));
    assert_eq!(wrong.names, ["neuron 3 (label), no spikes", "neuron 2 (predicted), 3 spikes", "neuron 1, 1 spike"]);
    assert_eq!(wrong.neurons, [3, 2, 1]);
    let right = chosen(with_roles(&record, 1, 1));
    assert_eq!(right.names, ["neuron 1 (label, predicted), 1 spike", "neuron 2, 3 spikes"]);
    let other_size = {
        let mut layer = Layer::of(&record);
        layer.set_roles(Role::of(Answer { class: 1, given: 1 }, 10), 10);
        layer
    };
    assert!(other_size.marked().is_empty(), "four neurons do not stand for ten classes");
}

#[test]
fn a_panel_has_the_threshold_and_the_unit() {
    let layer = Layer::of(&record(OutputKind::Spiking, FIRING));
    let chosen = layer.chosen().unwrap();
    let panel = chosen.panel(&layer);
    assert_eq!((panel.axis, panel.thresholds), ("V (mV)", &[1.0][..]));
    assert_eq!(panel.spikes.unwrap(), [1.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
}

#[test]
fn of_silent_neurons_those_nearest_to_firing_are_drawn() {
    let layer = Layer::of(&record(OutputKind::Spiking, [0.0; 12]));
    let chosen = layer.chosen().unwrap();
    assert_eq!(chosen.neurons, [0, 3, 2]);
    let panel = chosen.panel(&layer);
    assert!(panel.note.starts_with("no spikes") && panel.spikes.is_none());
    let graded = Layer::of(&record(OutputKind::Graded, FIRING)).chosen().unwrap();
    assert_eq!(graded.names[0], "neuron 1");
}

#[test]
fn a_title_has_label_and_prediction() {
    let about = |answer| about("test sample 0 of digits", answer);
    assert_eq!(about(Some(Answer { class: 7, given: 7 })), "test sample 0 of digits, class 7, predicted 7");
    assert_eq!(about(Some(Answer { class: 7, given: 1 })), "test sample 0 of digits, class 7, predicted 1 (wrong)");
    assert_eq!(about(None), "test sample 0 of digits");
}

#[test]
fn pictures_are_recognised_by_their_shape() {
    let of = |values: Vec<f32>, shape: &[usize]| {
        let batch = Batch { shape: shape.to_vec(), ..Batch::new(values, [1], Targets::Classes(vec![0])) };
        picture_of(&batch).map(|picture| (picture.pixels, picture.width))
    };
    assert_eq!(of(vec![1.0, 2.0, 3.0, 4.0], &[2, 2]), Some((vec![1.0, 2.0, 3.0, 4.0], 2)));
    assert_eq!(of(vec![0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0], &[2, 2, 2]), Some((vec![0.5, 1.0, 1.5, 2.0], 2)));
    assert_eq!(of(vec![1.0; 4], &[4]), None);
    assert_eq!(of(vec![1.0; 4], &[1, 4]), None);
}
