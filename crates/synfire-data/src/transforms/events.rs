//! Changes of events.

use super::{Random, Transform};
use crate::{Event, Recording};

/// A change of a recording. Events that leave the sensor are left out.
pub(super) fn apply(transform: &Transform, recording: Recording, random: &mut Random) -> Recording {
    let Recording { mut events, sensor, unipolar } = recording;
    let [height, width] = sensor.unwrap_or([1, 1]);
    match *transform {
        Transform::Crop { padding: pixels } | Transform::Shift { pixels } => {
            let (down, right) = (if height > 1 { random.whole(pixels) } else { 0 }, random.whole(pixels));
            move_to(&mut events, [height, width], |y, x| (y + down as f64, x + right as f64));
        }
        Transform::Rotate { degrees } => {
            let (sin, cos) = (degrees * (2.0 * random.uniform() - 1.0)).to_radians().sin_cos();
            let [cy, cx] = [height, width].map(|side| (side as f64 - 1.0) / 2.0);
            move_to(&mut events, [height, width], |y, x| {
                let (y, x) = (y - cy, x - cx);
                (cy + cos * y - sin * x, cx + sin * y + cos * x)
            });
        }
        Transform::Flip { probability } => {
            if random.uniform() < probability {
                move_to(&mut events, [height, width], |y, x| (y, width as f64 - 1.0 - x));
            }
        }
        Transform::TimeJitter { us } => events.iter_mut().for_each(|event| {
            event.time = (event.time as f64 + us * random.normal()).round().max(0.0) as u64;
        }),
        Transform::DropEvents { share } => {
            let share = share * random.uniform();
            events.retain(|_| random.uniform() >= share);
        }
        Transform::FlipPolarity { probability } => {
            if random.uniform() < probability {
                events.iter_mut().for_each(|event| event.on = !event.on);
            }
        }
        Transform::TimeStretch { share } => {
            let factor = 1.0 + share * (2.0 * random.uniform() - 1.0);
            events.iter_mut().for_each(|event| event.time = (event.time as f64 * factor).round() as u64);
        }
        Transform::Normalize { .. } | Transform::Noise { .. } => {}
    }
    Recording::new(events, sensor, unipolar)
}

fn move_to(events: &mut Vec<Event>, [height, width]: [usize; 2], to: impl Fn(f64, f64) -> (f64, f64)) {
    events.retain_mut(|event| {
        let (y, x) = to(event.y.into(), event.x.into());
        let (y, x) = (y.round(), x.round());
        (event.y, event.x) = (y as u16, x as u16);
        (0.0..height as f64).contains(&y) && (0.0..width as f64).contains(&x)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draw;

    fn changed(transform: Transform, seed: u64) -> Vec<Event> {
        let event = |i: u16| Event { time: 1000 * u64::from(i), x: i % 5, y: i % 3, on: i.is_multiple_of(2) };
        let recording = Recording::new((0..200).map(event).collect(), Some([3, 5]), false);
        apply(&transform, recording, &mut Draw { seed, epoch: 0 }.of_sample(0)).events
    }

    #[test]
    fn each_changes_what_it_says_and_stays_within_the_sensor() {
        let plain = changed(Transform::Flip { probability: 0.0 }, 0);
        let flipped = changed(Transform::Flip { probability: 1.0 }, 0);
        assert!(plain.iter().zip(&flipped).all(|(a, b)| a.x + b.x == 4 && a.y == b.y && a.time == b.time));
        let inverted = changed(Transform::FlipPolarity { probability: 1.0 }, 0);
        assert!(plain.iter().zip(&inverted).all(|(a, b)| a.on != b.on));
        for seed in 0..20 {
            let shifted = changed(Transform::Shift { pixels: 2 }, seed);
            assert!(shifted.iter().all(|event| event.x < 5 && event.y < 3) && shifted.len() <= 200);
            assert!(changed(Transform::Rotate { degrees: 90.0 }, seed).iter().all(|event| event.x < 5 && event.y < 3));
            let jittered = changed(Transform::TimeJitter { us: 5000.0 }, seed);
            assert!(jittered.is_sorted_by_key(|event| event.time) && jittered.len() == 200 && jittered != plain);
        }
        let dropped: usize = (0..50).map(|seed| changed(Transform::DropEvents { share: 0.5 }, seed).len()).sum();
        assert!((0.70..0.80).contains(&(dropped as f64 / 10_000.0)), "a quarter is left out on average: {dropped}");
        let stretched = changed(Transform::TimeStretch { share: 0.2 }, 1);
        let factor = stretched[199].time as f64 / 199_000.0;
        assert!((0.8..1.2).contains(&factor) && (stretched[100].time as f64 / 1e5 / factor - 1.0).abs() < 1e-4);
    }
}
