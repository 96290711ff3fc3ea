//! The one error type of this crate.

use std::{io, path::PathBuf};

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
        /// What is wrong there.
        cause: Box<DataError>,
    },

    // ── Files and folders ────────────────────────────────────────────────
    /// The operating system refused.
    #[error("cannot {action} {}: {cause}", path.display())]
    Io {
        /// What was tried, as a verb: `"open"`, `"read"`, `"write"`.
        action: &'static str,
        /// The path it was tried on.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// A path that should be a file is something else.
    #[error("this is a folder, expected a file; give the path of one file inside it")]
    NotAFile,
    /// A path that should be a data folder is not a folder.
    #[error(
        "there is no folder {}; expected a folder with the four IDX files of an MNIST-style \
         data set; check the path, or fetch one with `synfire data get mnist --out {}`",
        path.display(), path.display()
    )]
    NotAFolder {
        /// The path that was given.
        path: PathBuf,
    },
    /// None of the names a file may have exists in the folder.
    #[error(
        "no {what} in {}; looked for {}; put the file there under one of these names",
        folder.display(), looked_for.join(", ")
    )]
    MissingFile {
        /// What the file should hold, such as `"training images"`.
        what: &'static str,
        /// The folder that was searched.
        folder: PathBuf,
        /// The names that were looked for, in order.
        looked_for: Vec<String>,
    },

    // ── IDX bytes ────────────────────────────────────────────────────────
    /// No bytes at all.
    #[error("the file is empty, expected an IDX header; fetch or copy the file again")]
    IdxEmpty,
    /// The first two bytes are not zero.
    #[error(
        "starts with the bytes {found:02x?}, expected the IDX header `00 00 TYPE DIMENSIONS` \
         (or gzip's `1f 8b`); is this an IDX file, and not a web page or an archive of several files?"
    )]
    IdxMagic {
        /// The first bytes of the file, four at most.
        found: Vec<u8>,
    },
    /// The third byte names no element type.
    #[error(
        "the element type is {found:#04x}, expected 0x08 (u8), 0x09 (i8), 0x0b (i16), \
         0x0c (i32), 0x0d (f32) or 0x0e (f64); the file is damaged or not IDX"
    )]
    IdxType {
        /// The byte in the type's place.
        found: u8,
    },
    /// The number of dimensions is zero or above the limit.
    #[error("has {found} dimensions, expected 1 to {most}; the file is damaged or not IDX")]
    IdxDimensions {
        /// The number of dimensions.
        found: usize,
        /// The most that are accepted.
        most: usize,
    },
    /// The header's dimensions describe more data than this reader accepts.
    #[error(
        "the header claims the shape {shape:?}, more than the {most} bytes this reader accepts; \
         if the file really is that large, split it, else it is damaged: fetch it again"
    )]
    IdxTooLarge {
        /// The shape of the header.
        shape: Vec<usize>,
        /// The most bytes of elements that are accepted.
        most: u64,
    },
    /// The file ends before its header does.
    #[error("ends inside the IDX header; the file is cut short: fetch or copy it again")]
    IdxHeaderCut,
    /// Fewer elements than the header promised.
    #[error(
        "the shape {shape:?} needs {expected} bytes of elements, but there are only {found}; \
         the file is cut short: fetch or copy it again"
    )]
    IdxCut {
        /// The shape of the header.
        shape: Vec<usize>,
        /// The bytes the shape needs.
        expected: u64,
        /// The bytes that are there.
        found: u64,
    },
    /// More bytes than the header promised.
    #[error(
        "goes on after the {expected} bytes of elements that the shape {shape:?} needs; \
         the header or the file is damaged: fetch or write it again"
    )]
    IdxTrailing {
        /// The shape of the header.
        shape: Vec<usize>,
        /// The bytes the shape needs.
        expected: u64,
    },
    /// The compressed stream is damaged or ends too early.
    #[error("the gzip stream is damaged or cut short ({cause}); fetch or copy the file again")]
    Gzip {
        /// What the decompressor said.
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
        /// The number of elements given.
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
    /// The labels' array is not a plain list of whole numbers.
    #[error(
        "has the shape {shape:?} of {element}, expected labels as a list [samples] of \
         whole numbers; is this the file with the images?"
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
        /// The number of images.
        images: usize,
        /// The number of labels.
        labels: usize,
    },
    /// No sample, or samples without pixels.
    #[error("has the shape {shape:?}, expected at least one sample with at least one pixel")]
    EmptySplit {
        /// The shape of the images.
        shape: Vec<usize>,
    },
    /// A pixel is NaN or infinite.
    #[error(
        "element {element} of image {image} is {value}, expected a number that is finite as f32; \
         clean the data before writing the file"
    )]
    NotFinite {
        /// The image's index.
        image: usize,
        /// The element's index in the image.
        element: usize,
        /// The value, as `f32`.
        value: f32,
    },
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
        /// The number of classes.
        classes: usize,
    },
    /// Too few or too many classes.
    #[error("there would be {found} classes, expected 2 to {most}; check the training labels")]
    ClassCount {
        /// The number of classes.
        found: usize,
        /// The most that are accepted.
        most: usize,
    },
    /// Training and test images differ in shape.
    #[error(
        "training images have the shape {train:?} but test images {test:?}, expected the same; \
         take both splits from the same set"
    )]
    SampleShape {
        /// The shape of one training sample.
        train: Vec<usize>,
        /// The shape of one test sample.
        test: Vec<usize>,
    },
    /// The part to hold out is unusable.
    #[error(
        "cannot hold out {fraction} of {samples} samples for validation; expected a fraction of \
         at least 0 and below 1 that, unless it is 0, comes to at least one sample of some class"
    )]
    Fraction {
        /// The fraction asked for.
        fraction: f64,
        /// The number of training samples.
        samples: usize,
    },

    // ── Pictures ─────────────────────────────────────────────────────────
    /// A picture could not be decoded.
    #[error("cannot be read as a picture ({cause}); expected a PNG, PGM, JPEG or BMP file")]
    Picture {
        /// What the decoder said.
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
