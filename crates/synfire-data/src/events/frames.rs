//! From events to the steps of a sample.

use crate::{DataError, Event, EventOptions, Frames, Recording, options::Origin};

/// Division of the recordings of one sensor into values `[T, C, H, W]`, all sizes known.
#[derive(Clone, Debug)]
pub(crate) struct Framing {
    frames: Frames,
    origin: Origin,
    clamp: bool,
    pool: usize,
    /// Top row, left column, height, width of what is read.
    window: [usize; 4],
    sensor: [usize; 2],
    steps: usize,
    channels: usize,
}

impl Framing {
    /// Resolves options for a sensor; `steps` are those of a sample.
    pub(crate) fn new(
        options: &EventOptions,
        frames: Frames,
        steps: usize,
        sensor: [usize; 2],
        unipolar: bool,
    ) -> Result<Self, DataError> {
        let [height, width] = sensor;
        let window = options.crop.unwrap_or([0, 0, height, width]);
        let [top, left, rows, columns] = window;
        if top.saturating_add(rows) > height || left.saturating_add(columns) > width || rows * columns == 0 {
            let problem = format!("is {window:?}, the sensor has {height} x {width} pixels; expected a part of it");
            return Err(DataError::option("events.crop", problem));
        }
        let channels = if options.merge || unipolar { 1 } else { 2 };
        let (pool, clamp, origin) = (options.pool.max(1), options.clamp, options.origin);
        Ok(Self { frames, origin, clamp, pool, window, sensor, steps, channels })
    }

    /// Shape of a sample: `[T, C, H, W]`, `[T, C, W]` of a sensor in one row, and `[T, W]` if it has one channel.
    pub(crate) fn shape(&self) -> Vec<usize> {
        let [height, width] = self.size();
        match (self.channels, self.sensor[0]) {
            (1, 1) => vec![self.steps, width],
            (channels, 1) => vec![self.steps, channels, width],
            (channels, _) => vec![self.steps, channels, height, width],
        }
    }

    /// Height and width after cropping and pooling.
    fn size(&self) -> [usize; 2] {
        [self.window[2].div_ceil(self.pool), self.window[3].div_ceil(self.pool)]
    }

    /// Counts of events, and the steps that the recording has, from 1 to `T`.
    pub(crate) fn values(&self, recording: &Recording) -> Result<(Vec<f32>, usize), DataError> {
        let [height, width] = self.size();
        let [top, left, rows, columns] = self.window;
        let mut values = vec![0.0; self.steps * self.channels * height * width];
        let step_of = self.steps_of(&recording.events);
        let mut last = 0;
        for (i, event) in recording.events.iter().enumerate() {
            let (x, y) = (usize::from(event.x), usize::from(event.y));
            if y >= self.sensor[0] || x >= self.sensor[1] {
                return Err(DataError::OutsideSensor { x, y, sensor: self.sensor });
            }
            let step = step_of(i, event.time);
            let (Some(y), Some(x)) = (y.checked_sub(top), x.checked_sub(left)) else { continue };
            if step >= self.steps || y >= rows || x >= columns {
                continue;
            }
            last = last.max(step);
            let channel = if self.channels == 1 { 0 } else { usize::from(event.on) };
            let at = ((step * self.channels + channel) * height + y / self.pool) * width + x / self.pool;
            values[at] = if self.clamp { 1.0 } else { values[at] + 1.0 };
        }
        let steps = match self.frames {
            Frames::Bins(_) | Frames::EventBins(_) => self.steps,
            Frames::Window(_) | Frames::Count(_) => last + 1,
        };
        values.truncate(steps * self.channels * height * width);
        Ok((values, steps))
    }

    /// Step of the event of an index and a time.
    fn steps_of(&self, events: &[Event]) -> impl Fn(usize, u64) -> usize + use<> {
        let (first, end) = (events.first().map_or(0, |e| e.time), events.last().map_or(0, |e| e.time));
        let origin = if self.origin == Origin::First { first } else { 0 };
        let frames = self.frames;
        let count = events.len();
        let (last, bins) = (self.steps - 1, self.steps as u64);
        move |index, time| match frames {
            Frames::Bins(_) => {
                let width = ((end - origin) / bins).max(1);
                usize::try_from((time - origin) / width).unwrap_or(last).min(last)
            }
            Frames::EventBins(_) => (index / (count / bins as usize).max(1)).min(last),
            Frames::Window(us) => usize::try_from((time - origin) / us).unwrap_or(usize::MAX),
            Frames::Count(events) => index / events,
        }
    }
}

/// Steps that a recording has, before it is cut.
pub(crate) fn natural_steps(recording: &Recording, frames: Frames, origin: Origin) -> usize {
    let (first, end) = (recording.events.first().map_or(0, |e| e.time), recording.events.last().map_or(0, |e| e.time));
    match frames {
        Frames::Bins(bins) | Frames::EventBins(bins) => bins,
        Frames::Window(us) => {
            let begin = if origin == Origin::First { first } else { 0 };
            usize::try_from((end - begin) / us).unwrap_or(usize::MAX).saturating_add(1)
        }
        Frames::Count(events) => recording.events.len().div_ceil(events).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(times: &[u64]) -> Recording {
        let event = |(i, &time): (usize, &u64)| Event { time, x: (i % 3) as u16, y: (i % 2) as u16, on: i % 2 == 1 };
        Recording::new(times.iter().enumerate().map(event).collect(), Some([2, 3]), false)
    }

    fn per_step(options: &EventOptions, frames: Frames, steps: usize, times: &[u64]) -> Vec<f32> {
        let framing = Framing::new(options, frames, steps, [2, 3], false).unwrap();
        let (values, steps) = framing.values(&recording(times)).unwrap();
        let size = framing.shape()[1..].iter().product::<usize>();
        assert_eq!(values.len(), steps * size);
        values.chunks(size).map(|step| step.iter().sum()).collect()
    }

    #[test]
    fn events_fall_into_the_steps_that_the_mode_says() {
        let options = EventOptions::default();
        let times = [100, 110, 119, 120, 130, 155];
        // width (155 - 100) / 4 = 13: 100..113, 113..126, 126..139, the rest
        assert_eq!(per_step(&options, Frames::Bins(4), 4, &times), [2.0, 2.0, 1.0, 1.0]);
        // 6 / 4 = 1 event each, the last takes the remainder
        assert_eq!(per_step(&options, Frames::EventBins(4), 4, &times), [1.0, 1.0, 1.0, 3.0]);
        // 100..120, 120..140, 140..160
        assert_eq!(per_step(&options, Frames::Window(20), 9, &times), [3.0, 2.0, 1.0]);
        assert_eq!(per_step(&options, Frames::Window(20), 2, &times), [3.0, 2.0], "later ones are cut");
        assert_eq!(per_step(&options, Frames::Count(4), 9, &times), [4.0, 2.0]);
        let zero = EventOptions { origin: Origin::Zero, ..options.clone() };
        assert_eq!(per_step(&zero, Frames::Window(50), 9, &times), [0.0, 0.0, 5.0, 1.0]);
        // empty steps are allowed, so is a recording of one time, or of none
        assert_eq!(per_step(&options, Frames::Bins(5), 5, &[0, 100]), [1.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(per_step(&options, Frames::Bins(3), 3, &[7, 7]), [2.0, 0.0, 0.0]);
        assert_eq!(per_step(&options, Frames::Bins(2), 2, &[]), [0.0, 0.0]);
    }

    #[test]
    fn channels_clamping_pooling_and_crops() {
        let events = vec![
            Event { time: 0, x: 0, y: 0, on: true },
            Event { time: 0, x: 1, y: 1, on: true },
            Event { time: 0, x: 2, y: 1, on: false },
        ];
        let recording = Recording::new(events, None, false);
        let values = |options: EventOptions| {
            let framing = Framing::new(&options, Frames::Bins(1), 1, [2, 3], false).unwrap();
            (framing.values(&recording).unwrap().0, framing.shape())
        };
        let plain = values(EventOptions::default());
        assert_eq!(plain.0, [0., 0., 0., 0., 0., 1., 1., 0., 0., 0., 1., 0.]);
        assert_eq!(plain.1, [1, 2, 2, 3]);
        let pooled = values(EventOptions { pool: 2, ..EventOptions::default() });
        assert_eq!(pooled, (vec![0., 1., 2., 0.], vec![1, 2, 1, 2]));
        let clamped = values(EventOptions { pool: 2, clamp: true, merge: true, ..EventOptions::default() });
        assert_eq!(clamped, (vec![1., 1.], vec![1, 1, 1, 2]));
        let cropped = values(EventOptions { crop: Some([1, 1, 1, 2]), ..EventOptions::default() });
        assert_eq!(cropped, (vec![0., 1., 1., 0.], vec![1, 2, 1, 2]));
        let wrong = EventOptions { crop: Some([1, 1, 2, 2]), ..EventOptions::default() };
        let error = Framing::new(&wrong, Frames::Bins(1), 1, [2, 3], false).unwrap_err().to_string();
        assert!(error.contains("`data.events.crop`") && error.contains("2 x 3"), "{error}");
        let small = Framing::new(&EventOptions::default(), Frames::Bins(1), 1, [2, 2], false).unwrap();
        assert!(small.values(&recording).unwrap_err().to_string().contains("data.events.sensor"));
    }
}
