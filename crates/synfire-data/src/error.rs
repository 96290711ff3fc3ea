//! The one error type of this crate.

use crate::TargetKind;
use std::{fmt, io, path::PathBuf};

/// Why data could not be read, checked or fetched.
///
/// Every message says what was wrong, what was expected and what to do about
/// it, and is complete in itself: nothing is hidden behind
/// [`source`](std::error::Error::source), so printing the error once with
/// `{}` shows the whole story. Errors about a file are wrapped in
/// [`DataError::In`], which puts the file's name in front.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// Something is wrong in a file, a pair of files or a folder.
    #[error("{origin}: {cause}")]
    In {
        /// The file, pair of files or folder, as it should be shown.
        origin: String,
        /// The problem there.
        cause: Box<DataError>,
    },

    // ── Files and folders ────────────────────────────────────────────────
    /// The operating system refused.
    #[error("cannot {action} {}: {cause}", path.display())]
    Io {
        /// Action that was tried, as a verb: `"open"`, `"read"`, `"write"`.
        action: &'static str,
        /// The path it was tried on.
        path: PathBuf,
        /// Message of the operating system.
        cause: io::Error,
    },
    /// A path that should be a file is something else.
    #[error("this is a folder, expected a file; give the path of one file inside it")]
    NotAFile,
    /// There is nothing at a path.
    #[error(
        "there is no file or folder {}; check the path, or fetch a data set with `synfire data get mnist`",
        path.display()
    )]
    NoData {
        /// The path that was given.
        path: PathBuf,
    },
    /// A path holds no data of a known kind.
    #[error(
        "{}: holds no data of a known kind: {looks}; expected IDX files, CIFAR-10, arrays in .npz or .npy, a CSV file, \
         SHD's HDF5, or folders `CLASS/FILE` or `train/CLASS/FILE` of pictures, events or sound",
        path.display()
    )]
    Unrecognised {
        /// The path that was given.
        path: PathBuf,
        /// Description of what is there.
        looks: String,
    },
    /// A file holds no sample of a known kind.
    #[error(
        "{}: holds no sample of a known kind: {looks}; expected a picture (PNG, JPEG, BMP, PGM, PPM), a recording of events, \
         sound (WAV) or an array (.npy)",
        path.display()
    )]
    NoSampleFormat {
        /// The path that was given.
        path: PathBuf,
        /// Description of what is there.
        looks: String,
    },
    /// Bytes that a format does not have.
    #[error(
        "{format}, byte {offset}: {found}; expected {expected}. If the file is cut short or damaged, copy or write it again"
    )]
    Format {
        /// Name of the format.
        format: &'static str,
        /// Offset of the bytes in the file, or in the array of an archive.
        offset: u64,
        /// Bytes or value found there.
        found: String,
        /// Bytes or value expected there.
        expected: String,
    },
    /// A cell of a table that cannot be understood.
    #[error(
        "line {line}, column `{column}`: `{cell}` is not understood; expected a finite number, or `train` or `test` of a split"
    )]
    Cell {
        /// Number of the line, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// The cell.
        cell: String,
    },
    /// A folder of a class without samples.
    #[error("{}: no samples in the folder of this class; expected pictures, events or sound, or no such folder", folder.display())]
    EmptyClass {
        /// The folder.
        folder: PathBuf,
    },
    /// An option of the data that makes no sense.
    #[error("`data.{key}` {problem}")]
    Option {
        /// The key, without `data`.
        key: String,
        /// Description of the fault, and of the expected value.
        problem: String,
    },
    /// None of the names a file may have exists in the folder.
    #[error(
        "no {what} in {}; looked for {}; put the file there under one of these names",
        folder.display(), looked_for.join(", ")
    )]
    MissingFile {
        /// Content the file should have, such as `"training images"`.
        what: &'static str,
        /// The folder that was searched.
        folder: PathBuf,
        /// The names that were looked for, in order.
        looked_for: Vec<String>,
    },

    // ── Bytes of arrays ──────────────────────────────────────────────────
    /// The compressed stream is damaged or ends too early.
    #[error("the gzip stream is damaged or cut short ({cause}); fetch or copy the file again")]
    Gzip {
        /// Message of the decompressor.
        cause: io::Error,
    },
    /// A shape that does not describe the elements given with it.
    #[error(
        "the shape {shape:?} does not fit {elements} elements; expected 1 to {most_dimensions} \
         dimensions below 2^32 whose product is the number of elements"
    )]
    IdxShape {
        /// The shape given.
        shape: Vec<usize>,
        /// Number of elements given.
        elements: usize,
        /// The most dimensions a shape may have.
        most_dimensions: usize,
    },

    // ── Images and labels ────────────────────────────────────────────────
    /// The images' array has no dimension beyond the sample index.
    #[error(
        "has the shape {shape:?}, expected images as [samples, rows, columns]; \
         is this the file with the labels?"
    )]
    ImageShape {
        /// The array's shape.
        shape: Vec<usize>,
    },
    /// The labels' array is not a plain list of integers.
    #[error(
        "has the shape {shape:?} of {element}, expected labels as a list [samples] of \
         integers; is this the file with the images?"
    )]
    LabelShape {
        /// The array's shape.
        shape: Vec<usize>,
        /// The type of its elements.
        element: &'static str,
    },
    /// Images and labels do not belong together.
    #[error(
        "there are {images} images but {labels} labels, expected one label per image; \
         take both files from the same set and the same split"
    )]
    CountMismatch {
        /// Number of images.
        images: usize,
        /// Number of labels.
        labels: usize,
    },

    // ── Samples and targets ──────────────────────────────────────────────
    /// No samples, or samples without values.
    #[error("there are {samples} samples of shape {shape:?}, expected at least one sample with at least one value")]
    EmptySplit {
        /// Number of samples.
        samples: usize,
        /// Shape of a sample.
        shape: Vec<usize>,
    },
    /// A part of a data set without samples.
    #[error("the {part} part has no samples, expected at least one")]
    EmptyPart {
        /// `"training"` or `"test"`.
        part: &'static str,
    },
    /// A class that training samples do not have.
    #[error(
        "sample {index} of the {part} part has the class `{class}`, expected one of {classes}; do the parts belong \
         together? Classes without training samples can be named by `data.classes`"
    )]
    UnknownClass {
        /// `"training"` or `"test"`.
        part: &'static str,
        /// Index of the sample.
        index: usize,
        /// Its class.
        class: String,
        /// The classes that there are.
        classes: String,
    },
    /// Samples of different kinds in one data set.
    #[error("is a sample of another kind than the first one; expected all to be arrays, events or sound")]
    Mixed,
    /// A sample of another shape than the first.
    #[error(
        "has the shape {found:?}, the first sample {expected:?}; expected the same for all: set `data.resize` and `data.color` for pictures"
    )]
    OtherShape {
        /// Shape of the sample.
        found: Vec<usize>,
        /// Shape of the first one.
        expected: Vec<usize>,
    },
    /// Samples of more values than this crate makes.
    #[error("samples would have the shape {shape:?}, expected at most {most} values; pool, crop or take fewer steps")]
    TooLarge {
        /// The shape.
        shape: Vec<usize>,
        /// Most values.
        most: usize,
    },
    /// An event that the sensor does not have.
    #[error(
        "has an event in row {y}, column {x}, outside of the sensor of {} x {} pixels; set `data.events.sensor = [height, width]`",
        sensor[0], sensor[1]
    )]
    OutsideSensor {
        /// Column of the event.
        x: usize,
        /// Row of the event.
        y: usize,
        /// Height and width of the sensor.
        sensor: [usize; 2],
    },
    /// There is no sample of this index.
    #[error("there is no sample {index}, expected an index below {samples}, the number of samples")]
    NoSample {
        /// Index asked for.
        index: usize,
        /// Number of samples.
        samples: usize,
    },
    /// An array that does not divide into samples.
    #[error(
        "{values} values are no whole number of samples of shape {shape:?}, expected a multiple of {}; \
         check the shape of one sample, without the number of samples",
        shape.iter().product::<usize>()
    )]
    ArrayShape {
        /// Number of values.
        values: usize,
        /// Shape of a sample.
        shape: Vec<usize>,
    },
    /// Another number of targets than of samples.
    #[error("there are {targets} targets for {samples} samples, expected one for each")]
    TargetCount {
        /// Number of samples.
        samples: usize,
        /// Number of targets.
        targets: usize,
    },
    /// Another number of lengths than of series.
    #[error("there are {lengths} lengths for {samples} series, expected one for each, or none if all are whole")]
    LengthCount {
        /// Number of series.
        samples: usize,
        /// Number of lengths.
        lengths: usize,
    },
    /// A sample has another number of values than its shape.
    #[error("has {found} values, expected {expected} for the shape {shape:?}")]
    SampleValues {
        /// Number of values.
        found: usize,
        /// Number of values of the shape, or of the steps that a series has.
        expected: usize,
        /// Shape of a sample.
        shape: Vec<usize>,
    },
    /// A series without steps, or with more than the longest may have.
    #[error(
        "a series of {length} steps among samples of shape {shape:?}, expected from 1 to {} steps",
        shape.first().unwrap_or(&0)
    )]
    SeriesLength {
        /// Steps of the series.
        length: usize,
        /// Shape of a sample.
        shape: Vec<usize>,
    },
    /// Classes per step of another number of steps than the series have.
    #[error(
        "there are classes for each of {steps} steps, but samples have the shape {shape:?}, expected {} steps, \
         as many as the longest series has",
        shape.first().unwrap_or(&0)
    )]
    TargetSteps {
        /// Steps of the targets.
        steps: usize,
        /// Shape of a sample.
        shape: Vec<usize>,
    },
    /// Pictures of another shape than pictures have.
    #[error(
        "the shape of a sample is {shape:?}, expected [rows, columns] or [channels, rows, columns] of a picture; \
         give other samples as features or series"
    )]
    PictureShape {
        /// Shape of a sample.
        shape: Vec<usize>,
    },
    /// A value is NaN or infinite.
    #[error(
        "element {element} of sample {sample} is {value}, expected a value that is finite as f32; \
         clean the data first"
    )]
    NotFinite {
        /// Index of the sample.
        sample: usize,
        /// Index of the value in the sample.
        element: usize,
        /// The value, as `f32`.
        value: f32,
    },
    /// A value of a target vector is NaN or infinite.
    #[error(
        "element {element} of the target of sample {sample} is {value}, expected a finite value; clean the data first"
    )]
    TargetNotFinite {
        /// Index of the sample.
        sample: usize,
        /// Index of the value in the target.
        element: usize,
        /// The value.
        value: f32,
    },
    /// Targets of another kind than is wanted here.
    #[error("has {found} as target, expected {expected}")]
    TargetKind {
        /// Kind that is wanted.
        expected: TargetKind,
        /// Kind that is there.
        found: TargetKind,
    },
    /// A problem that a source of samples outside of this crate tells in its own words.
    #[error("{0}")]
    Custom(String),
    /// A label no data set of this crate can have.
    #[error("label {index} is {label}, expected 0 to {most}; number the classes from 0")]
    BadLabel {
        /// The sample's index.
        index: usize,
        /// Its label.
        label: i64,
        /// The largest label accepted.
        most: u16,
    },
    /// A label at or above the number of classes.
    #[error(
        "label {index} of the {split} split is {label}, expected a class below {classes} \
         (the largest training label + 1, unless set otherwise); \
         do the training and test files belong together?"
    )]
    LabelOutOfRange {
        /// `"training"` or `"test"`.
        split: &'static str,
        /// The sample's index.
        index: usize,
        /// Its label.
        label: u16,
        /// Number of classes.
        classes: usize,
    },
    /// Too few or too many classes.
    #[error(
        "there would be {found} classes, expected 2 to {most}; check the training labels. Targets to be approached, not \
         classes, must be floats, or named by `data.targets` where they are columns of a table"
    )]
    ClassCount {
        /// Number of classes.
        found: usize,
        /// The most that are accepted.
        most: usize,
    },
    /// Training and test samples differ in shape.
    #[error(
        "training samples have the shape {train:?} but test samples {test:?}, expected the same; \
         take both splits from the same set"
    )]
    SampleShape {
        /// The shape of one training sample.
        train: Vec<usize>,
        /// The shape of one test sample.
        test: Vec<usize>,
    },
    /// Training and test samples differ in the kind of their targets.
    #[error("training samples have {train} as target but test samples {test}, expected the same kind")]
    TargetMismatch {
        /// Kind of the training targets.
        train: TargetKind,
        /// Kind of the test targets.
        test: TargetKind,
    },
    /// Vectors have no classes.
    #[error("the targets are vectors and have no classes; expected classes as targets, or no number of classes")]
    NoClasses,
    /// Samples of which none can be set aside for testing.
    #[error(
        "has {samples} samples and no class with two, so none can be set aside for testing; give test samples of their own: \
         folders `train` and `test`, arrays `x_test` and `y_test`, or a column `split` in a list of files"
    )]
    NoTest {
        /// Number of samples.
        samples: usize,
    },
    /// The part to hold out is unusable.
    #[error(
        "cannot hold out {fraction} of {samples} samples for validation; expected a fraction of \
         at least 0 and below 1 that, unless it is 0, comes to at least one sample of some class"
    )]
    Fraction {
        /// The fraction asked for.
        fraction: f64,
        /// Number of training samples.
        samples: usize,
    },

    // ── Pictures ─────────────────────────────────────────────────────────
    /// A picture could not be decoded.
    #[error("cannot be read as a picture ({cause}); expected a PNG, PGM, JPEG or BMP file")]
    Picture {
        /// Message of the decoder.
        cause: String,
    },
    /// A picture has another size than the network reads.
    #[error(
        "the picture is {found_height} x {found_width} pixels (height x width), but the network \
         reads {height} x {width}; it is never resized silently: scale or crop it first"
    )]
    PictureSize {
        /// Height of the picture in pixels.
        found_height: usize,
        /// Width of the picture in pixels.
        found_width: usize,
        /// Height the network reads.
        height: usize,
        /// Width the network reads.
        width: usize,
    },
    /// A picture has transparent pixels, which have no grey value.
    #[error(
        "the picture has transparent pixels, expected opaque ones; \
         save it on a solid background, light strokes on black as in MNIST"
    )]
    PictureTransparent,

    // ── Downloads ────────────────────────────────────────────────────────
    /// The catalog has no set of this name.
    #[error("there is no data set `{name}` to fetch; expected one of {}", known.join(", "))]
    UnknownDataset {
        /// The name asked for.
        name: String,
        /// The names in the catalog.
        known: Vec<String>,
    },
    /// No mirror delivered the file.
    #[error(
        "could not fetch {file}:\n{}\ncheck the network and try again, or get the file by hand \
         from one of these addresses, put it in {} and run the same command again: \
         files that are there and correct are kept",
        attempts.iter().map(|(url, reason)| format!("  {url}: {reason}")).collect::<Vec<_>>().join("\n"),
        folder.display()
    )]
    Download {
        /// The file's name.
        file: String,
        /// Where it belongs.
        folder: PathBuf,
        /// Each address that was tried, with what went wrong there.
        attempts: Vec<(String, String)>,
    },
}

impl DataError {
    /// A problem in words of one's own, for [`Samples`](crate::Samples) that this crate does not know. Say what is wrong,
    /// what was expected and what to do about it.
    pub fn custom(problem: impl fmt::Display) -> Self {
        Self::Custom(problem.to_string())
    }

    /// Bytes that a format does not have.
    pub(crate) fn format(
        format: &'static str,
        offset: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::Format { format, offset: offset as u64, found: found.into(), expected: expected.into() }
    }

    /// An option that makes no sense.
    pub(crate) fn option(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Option { key: key.into(), problem: problem.into() }
    }

    /// Puts the place where the error happened in front of it.
    pub(crate) fn within(self, origin: impl Into<String>) -> Self {
        Self::In { origin: origin.into(), cause: Box::new(self) }
    }

    /// For `map_err`: wraps an I/O error with what was tried on which path.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Io { action, path, cause }
    }

    /// The error without the places that wrap it, for matching on the cause.
    ///
    /// ```
    /// use synfire_data::{DataError, IdxArray};
    ///
    /// let error = IdxArray::read("no-such-file").unwrap_err();
    /// assert!(matches!(error.root(), DataError::Io { .. }));
    /// ```
    pub fn root(&self) -> &Self {
        match self {
            Self::In { cause, .. } => cause.root(),
            other => other,
        }
    }
}
