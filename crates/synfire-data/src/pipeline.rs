//! From a sample as its file holds it to values of one shape.

use crate::events::{Framing, natural_steps};
use crate::options::Frames;
use crate::raw::{Raw, RawSamples};
use crate::{Color, DataError, DataOptions, Draw, Sample, Target, Transform, Values};

/// Steps of events, if neither options nor a network tell.
const BINS: usize = 20;

/// Most values of a sample.
const MOST_VALUES: usize = 1 << 26;

/// Steps from a file to the values of a sample, the same for every sample of a data set, with all sizes known.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    options: DataOptions,
    /// Shape of a sample.
    shape: Vec<usize>,
    framing: Option<Framing>,
    /// Whether the first axis is time and samples may be shorter.
    varies: bool,
}

impl Pipeline {
    /// Resolves options by the samples: those of the result tell what was found, so that other samples become alike.
    pub(crate) fn resolve(options: &DataOptions, samples: &dyn RawSamples) -> Result<Self, DataError> {
        options.check()?;
        let first = samples.read(0)?;
        for (i, transform) in options.transforms.iter().enumerate() {
            transform.suits(&first).map_err(|problem| DataError::option(format!("transforms.{i}"), problem))?;
        }
        let pipeline = match &first {
            Raw::Values { shape, .. } => Self::of_values(options, shape, samples)?,
            Raw::Events(recording) => Self::of_events(options, recording.sensor, recording.unipolar, samples)?,
            Raw::Sound { rate, samples: values } => {
                let steps = |raw: &Raw| match raw {
                    Raw::Sound { rate, samples } => crate::mel::steps(&options.sound, *rate, samples.len()),
                    _ => 0,
                };
                let longest = match (options.sound.bins, options.steps) {
                    (Some(bins), _) => bins,
                    (None, Some(steps)) => steps,
                    (None, None) => most(samples, steps)?,
                };
                let varies = options.sound.bins.is_none();
                let events = Default::default();
                let options = DataOptions { steps: Some(longest), events, ..options.clone() };
                crate::mel::energies(&options.sound, *rate, &values[..values.len().min(1)], 1)?;
                Pipeline { shape: vec![longest, options.sound.bands], options, framing: None, varies }
            }
        };
        match pipeline.shape.iter().try_fold(1usize, |n, &size| n.checked_mul(size)) {
            Some(1..=MOST_VALUES) => Ok(pipeline),
            _ => Err(DataError::TooLarge { shape: pipeline.shape, most: MOST_VALUES }),
        }
    }

    fn of_values(options: &DataOptions, shape: &[usize], samples: &dyn RawSamples) -> Result<Self, DataError> {
        let time = |raw: &Raw| match raw {
            Raw::Values { shape, .. } => shape[0],
            _ => 0,
        };
        let varies = shape.len() == 2 && samples.varies();
        let mut shape = shape.to_vec();
        if varies {
            shape[0] = match options.steps {
                Some(steps) => steps,
                None => most(samples, time)?,
            };
        }
        if options.transpose && shape.len() >= 2 {
            let axis = shape.len() - 2;
            shape.swap(axis, axis + 1);
        }
        let steps = if varies { Some(shape[0]) } else { options.steps };
        // these are of other samples
        let (events, sound) = Default::default();
        let color = match (&shape[..], samples.varies()) {
            ([3, _, _], true) => Some(Color::Rgb),
            ([1, _, _], true) => Some(Color::Grey),
            _ => options.color,
        };
        let options = DataOptions { steps, events, sound, color, ..options.clone() };
        Ok(Pipeline { options, shape, framing: None, varies })
    }

    fn of_events(
        options: &DataOptions,
        sensor: Option<[usize; 2]>,
        unipolar: bool,
        samples: &dyn RawSamples,
    ) -> Result<Self, DataError> {
        let frames = options.events.frames.unwrap_or(Frames::Bins(options.steps.unwrap_or(BINS)));
        let origin = options.events.origin;
        let mut sensor = options.events.sensor.or(sensor);
        let mut steps = match frames {
            Frames::Bins(bins) | Frames::EventBins(bins) => Some(bins),
            Frames::Window(_) | Frames::Count(_) => options.steps,
        };
        if sensor.is_none() || steps.is_none() {
            let (mut found, mut longest) = ([1, 1], 1);
            for index in 0..samples.len() {
                let Raw::Events(recording) = samples.read(index)? else { return Err(DataError::Mixed) };
                let [height, width] = recording.extent();
                found = [found[0].max(height), found[1].max(width)];
                longest = longest.max(natural_steps(&recording, frames, origin));
            }
            sensor = sensor.or(Some(found));
            steps = steps.or(Some(longest));
        }
        let (sensor, steps) = (sensor.unwrap_or([1, 1]), steps.unwrap_or(1));
        let mut options = options.clone();
        options.events.sensor = Some(sensor);
        options.events.frames = Some(frames);
        options.steps = Some(steps);
        let size = if options.transpose { [sensor[1], sensor[0]] } else { sensor };
        let framing = Framing::new(&options.events, frames, steps, size, unipolar)?;
        let varies = matches!(frames, Frames::Window(_) | Frames::Count(_));
        Ok(Pipeline { shape: framing.shape(), options, framing: Some(framing), varies })
    }

    /// Options with what was found.
    pub(crate) fn options(&self) -> &DataOptions {
        &self.options
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Values of a sample; changed at random if there is a draw.
    pub(crate) fn sample(
        &self,
        mut raw: Raw,
        target: Target,
        draw: Option<(Draw, usize)>,
    ) -> Result<Sample, DataError> {
        if let (Raw::Events(recording), Some(sensor)) = (&mut raw, self.options.events.sensor) {
            recording.sensor = Some(sensor);
        }
        if let Some((draw, index)) = draw {
            let mut random = draw.of_sample(index);
            for transform in &self.options.transforms {
                raw = transform.apply(raw, &mut random)?;
            }
        }
        let (values, length) = match (raw, &self.framing) {
            (Raw::Values { values, shape }, None) => self.values(values, shape)?,
            (Raw::Events(mut recording), Some(framing)) => {
                if self.options.transpose {
                    recording.events.iter_mut().for_each(|event| std::mem::swap(&mut event.x, &mut event.y));
                }
                let (values, steps) = framing.values(&recording)?;
                (Values::Floats(values), steps)
            }
            (Raw::Sound { rate, samples }, None) => {
                let values = crate::mel::energies(&self.options.sound, rate, &samples, self.shape[0])?;
                let steps = values.len() / self.shape[1];
                (Values::Floats(values), steps)
            }
            _ => return Err(DataError::Mixed),
        };
        let values = self.normalized(values);
        let length = (self.varies && length < self.shape[0]).then_some(length);
        Ok(Sample { values, target, length })
    }

    /// Values of an array and its steps.
    fn values(&self, values: Values, shape: Vec<usize>) -> Result<(Values, usize), DataError> {
        let (values, shape) = recolored(values, shape, &self.shape);
        let (values, shape) = if self.options.transpose { transposed(values, shape) } else { (values, shape) };
        let fits = match self.varies {
            true => shape.len() == self.shape.len() && shape[1..] == self.shape[1..] && shape[0] > 0,
            false => shape == self.shape,
        };
        if !fits {
            return Err(DataError::OtherShape { found: shape, expected: self.shape.clone() });
        }
        let steps = shape[0].min(self.shape[0]);
        let count = steps * self.shape[1..].iter().product::<usize>();
        let values = match values {
            Values::Bytes(mut bytes) => {
                bytes.truncate(count);
                Values::Bytes(bytes)
            }
            Values::Floats(mut floats) => {
                floats.truncate(count);
                if let Some(at) = floats.iter().position(|value| !value.is_finite()) {
                    return Err(DataError::NotFinite { sample: 0, element: at, value: floats[at] });
                }
                Values::Floats(floats)
            }
        };
        Ok((values, steps))
    }

    fn normalized(&self, values: Values) -> Values {
        self.options.transforms.iter().fold(values, |values, transform| match *transform {
            Transform::Normalize { mean, std } => {
                let mut values = values.into_floats();
                values.iter_mut().for_each(|value| *value = (*value - mean) / std);
                Values::Floats(values)
            }
            _ => values,
        })
    }
}

/// The most of what samples have.
fn most(samples: &dyn RawSamples, of: impl Fn(&Raw) -> usize) -> Result<usize, DataError> {
    (0..samples.len()).try_fold(1, |most, index| Ok(most.max(of(&samples.read(index)?))))
}

/// A picture with as many channels as the first one: grey is the same in all three, of colours it is Rec. 709 luminance.
fn recolored(values: Values, shape: Vec<usize>, wanted: &[usize]) -> (Values, Vec<usize>) {
    match (&shape[..], wanted, values) {
        (&[1, height, width], [3, _, _], values) => {
            let mut all = values.with_capacity(3 * values.len());
            (0..3).for_each(|_| all.append(&values, 0, values.len()));
            (all, vec![3, height, width])
        }
        (&[3, height, width], [1, _, _], Values::Bytes(bytes)) => {
            let pixels = height * width;
            let grey = |i: usize| {
                let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(bytes[channel * pixels + i]));
                ((2126 * red + 7152 * green + 722 * blue) / 10_000) as u8
            };
            (Values::Bytes((0..pixels).map(grey).collect()), vec![1, height, width])
        }
        (_, _, values) => (values, shape),
    }
}

/// The last two axes exchanged.
fn transposed(values: Values, mut shape: Vec<usize>) -> (Values, Vec<usize>) {
    let [.., rows, columns] = shape[..] else { return (values, shape) };
    fn swap<T: Copy>(values: &[T], rows: usize, columns: usize) -> Vec<T> {
        let plane = |plane: &[T]| -> Vec<T> {
            (0..columns).flat_map(|x| (0..rows).map(move |y| y * columns + x)).map(|at| plane[at]).collect()
        };
        values.chunks_exact((rows * columns).max(1)).flat_map(plane).collect()
    }
    let axis = shape.len() - 2;
    shape.swap(axis, axis + 1);
    let values = match values {
        Values::Bytes(bytes) => Values::Bytes(swap(&bytes, rows, columns)),
        Values::Floats(floats) => Values::Floats(swap(&floats, rows, columns)),
    };
    (values, shape)
}
