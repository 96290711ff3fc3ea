use super::*;
use crate::plot::xml_check::assert_well_formed;

fn run(epochs: usize) -> Vec<EpochPoint> {
    let point = |epoch| EpochPoint {
        epoch,
        train_loss: 2.0 / epoch as f64,
        validation_loss: 2.2 / epoch as f64,
        train_accuracy: 1.0 - 0.9 / epoch as f64,
        validation_accuracy: 0.98 - 0.9 / epoch as f64,
    };
    (1..=epochs).map(point).collect()
}

/// Dots outside the legend: a hollow one is two circles.
fn circles(svg: &str) -> usize {
    svg.matches("<circle").count()
}

#[test]
fn every_epoch_has_its_dots() {
    let svg = learning_curves("Run", &run(5));
    assert_well_formed(&svg);
    // Hollow and full dot per panel and epoch; legend: the same and a ring; the
    // best epoch's ring in both panels.
    assert_eq!(circles(&svg), 5 * 2 * 3 + 4 + 2);
    assert!(svg.contains("best validation, epoch 5: 80.0 %"));
    assert_eq!(svg, learning_curves("Run", &run(5)));
}

#[test]
fn the_order_of_epochs_does_not_matter() {
    let mut backwards = run(9);
    backwards.reverse();
    let svg = learning_curves("Run", &run(9));
    assert_eq!(svg, learning_curves("Run", &backwards));
}

#[test]
fn the_best_epoch_is_by_accuracy_then_loss_then_first() {
    let mut epochs = run(4);
    for (point, (accuracy, loss)) in epochs.iter_mut().zip([(0.5, 0.1), (0.9, 0.4), (0.9, 0.3), (0.9, 0.3)]) {
        (point.validation_accuracy, point.validation_loss) = (accuracy, loss);
    }
    assert_eq!(best_epoch(&epochs).map(|p| p.epoch), Some(3));
    epochs[2].validation_accuracy = f64::NAN;
    assert_eq!(best_epoch(&epochs).map(|p| p.epoch), Some(4));
    epochs.iter_mut().for_each(|p| p.validation_accuracy = f64::NAN);
    assert_eq!(best_epoch(&epochs).map(|p| p.epoch), Some(1));
    epochs.iter_mut().for_each(|p| p.validation_loss = f64::NAN);
    assert_eq!(best_epoch(&epochs), None);
}

#[test]
fn no_epoch_says_no_data() {
    let svg = learning_curves("Nothing <yet> & \"more\"", &[]);
    assert_well_formed(&svg);
    assert!(svg.contains("no data"));
    assert!(svg.contains("Nothing &lt;yet&gt; &amp; &quot;more&quot;"));
}

#[test]
fn odd_values_are_left_out() {
    let mut epochs = run(6);
    epochs[2].train_loss = f64::NAN;
    epochs[3].validation_loss = f64::INFINITY;
    epochs[4].train_accuracy = -1e300;
    let svg = learning_curves("Run", &epochs);
    assert_well_formed(&svg);
    assert_eq!(circles(&svg), 6 * 2 * 3 + 4 + 2 - 2 - 1 - 2);

    for point in &mut epochs {
        (point.train_loss, point.validation_loss) = (f64::NAN, f64::NAN);
    }
    let svg = learning_curves("Run", &epochs);
    assert_eq!(svg.matches("no data").count(), 1);
}

#[test]
fn extremes_draw() {
    let mut one = run(1);
    assert_well_formed(&learning_curves("One", &one));
    one[0].epoch = usize::MAX;
    one[0].train_loss = 9e99;
    one.push(run(1)[0]);
    assert_well_formed(&learning_curves("\u{0}".repeat(9999).as_str(), &one));

    let svg = learning_curves("Long", &run(50_000));
    assert_well_formed(&svg);
    assert!(svg.len() < 500_000, "{} bytes", svg.len());
}
