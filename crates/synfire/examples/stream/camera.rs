//! Frames of events as they come.

use synfire_data::{Event, EventOptions, Recording};

/// Makes frames `[C, H, W]` of events, as the data set of the training did.
pub(crate) struct Camera {
    options: EventOptions,
    /// Channels, height and width of a frame.
    shape: [usize; 3],
}

impl Camera {
    pub(crate) fn new(options: EventOptions, shape: [usize; 3]) -> Self {
        Camera { options, shape }
    }

    /// The events of one step after the other, each `window` microseconds.
    pub(crate) fn windows<'a>(&self, events: &'a [Event], window: u64) -> impl Iterator<Item = &'a [Event]> {
        let first = events.first().map_or(0, |event| event.time);
        let steps = events.last().map_or(0, |event| (event.time - first) / window + 1);
        (0..steps).map(move |step| {
            let [begin, end] =
                [step, step + 1].map(|step| events.partition_point(|event| (event.time - first) / window < step));
            &events[begin..end]
        })
    }

    /// Counts of the events of each pixel and polarity; 0 or 1 if the options clamp them.
    pub(crate) fn frame(&self, events: &[Event]) -> Vec<f32> {
        let [channels, height, width] = self.shape;
        let [top, left] = self.options.crop.map_or([0, 0], |[top, left, ..]| [top, left]);
        let mut frame = vec![0.0f32; channels * height * width];
        for event in events {
            let at =
                |position: u16, first: usize| usize::from(position).checked_sub(first).map(|at| at / self.options.pool);
            let (Some(y), Some(x)) = (at(event.y, top), at(event.x, left)) else { continue };
            if y < height && x < width {
                let channel = if channels == 1 { 0 } else { usize::from(event.on) };
                let count = &mut frame[(channel * height + y) * width + x];
                *count = if self.options.clamp { 1.0 } else { *count + 1.0 };
            }
        }
        frame
    }
}

/// An edge that moves to the right: a column becomes brighter, the one behind it darker.
pub(crate) fn moving_edge(height: u16, width: u16, us: u64) -> Recording {
    let column = |x: u16| (0..height).map(move |y| (x, y));
    let event = |(x, y): (u16, u16), on| {
        let time = us * u64::from(x) / u64::from(width) + u64::from(y) * 83;
        Event { time, x: if on { x } else { x.saturating_sub(2) }, y, on }
    };
    let mut events: Vec<Event> =
        (0..width).flat_map(column).flat_map(|pixel| [event(pixel, true), event(pixel, false)]).collect();
    events.sort_by_key(|event| event.time);
    Recording { events, sensor: Some([height.into(), width.into()]), unipolar: false }
}
