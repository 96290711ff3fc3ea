//! Data sets: a training and a test split that fit together.

mod holdout;
mod memory;
mod recordings;

pub use holdout::Holdout;

use crate::{DataError, DataOptions, Split, TargetKind, assemble, formats, split::MAX_CLASSES};
use std::path::Path;

/// A task: training and test samples of one shape with one kind of target.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Name for reports: `"digits"`, or the folder's name.
    pub name: String,
    /// Number of classes, 2 to [`MAX_CLASSES`]; every label is below it. 0 if the targets are vectors.
    pub classes: usize,
    /// Samples to learn from.
    pub train: Split,
    /// Samples to be measured on, and for nothing else.
    pub test: Split,
    /// Options that the samples were read with: those that were given, completed by what was found, such as the names of the
    /// classes. Samples that are read with them are like those of this data set.
    pub options: DataOptions,
}

impl Dataset {
    /// Joins two splits; the number of classes is the largest training label + 1.
    ///
    /// EMNIST's letters are labelled from 1, which makes 27 classes of which
    /// class 0 stays empty; [`with_classes`](Self::with_classes) is for the
    /// opposite case, of last classes that have no training sample.
    ///
    /// # Errors
    /// If shape or kind of target differ between the splits, there would be fewer than 2 classes, or a
    /// test label is not among them.
    pub fn new(name: impl Into<String>, train: Split, test: Split) -> Result<Self, DataError> {
        let classes = train.largest_label().map_or(0, |(label, _)| usize::from(label) + 1);
        Self { name: name.into(), classes, train, test, options: DataOptions::default() }.checked()
    }

    /// Sets the number of classes.
    ///
    /// # Errors
    /// If it is not from 2 to [`MAX_CLASSES`], a label is not below it, or the targets are vectors.
    pub fn with_classes(self, classes: usize) -> Result<Self, DataError> {
        Self { classes, ..self }.checked()
    }

    fn checked(self) -> Result<Self, DataError> {
        let (train, test, classes) = (&self.train, &self.test, self.classes);
        if train.sample_shape() != test.sample_shape() {
            let [train, test] = [train, test].map(|split| split.sample_shape().to_vec());
            return Err(DataError::SampleShape { train, test });
        }
        if train.target_kind() != test.target_kind() {
            return Err(DataError::TargetMismatch { train: train.target_kind(), test: test.target_kind() });
        }
        if let TargetKind::Vector { .. } = train.target_kind() {
            return if classes == 0 { Ok(self) } else { Err(DataError::NoClasses) };
        }
        if !(2..=MAX_CLASSES).contains(&classes) {
            return Err(DataError::ClassCount { found: classes, most: MAX_CLASSES });
        }
        for (name, split) in [("training", train), ("test", test)] {
            if let Some((label, index)) = split.largest_label()
                && usize::from(label) >= classes
            {
                return Err(DataError::LabelOutOfRange { split: name, index, label, classes });
            }
        }
        Ok(self)
    }

    /// Number of values that a network for this task gives for each sample: a score for each class, or the values of
    /// a target vector.
    pub fn outputs(&self) -> usize {
        match self.train.target_kind() {
            TargetKind::Vector { len } => len,
            TargetKind::Class | TargetKind::ClassPerStep { .. } => self.classes,
        }
    }

    /// Opens data of any known format, with default options; see [`open_with`](Self::open_with).
    ///
    /// # Errors
    /// As [`open_with`](Self::open_with).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataError> {
        Self::open_with(path, &DataOptions::default())
    }

    /// Opens data of any known format. The content tells which it is, names matter only where said:
    ///
    /// | at the path | content |
    /// |---|---|
    /// | folder with `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte` (or `train-images.idx3-ubyte`, ..), plain or `.gz` | IDX of MNIST, Fashion-MNIST, KMNIST, EMNIST |
    /// | folder with `data_batch_1.bin`, .., `test_batch.bin` | CIFAR-10 |
    /// | `.npz` file, or folder of `.npy` files | arrays `x_train`, `y_train`, `x_test`, `y_test`, or `x`, `y`; other names as MedMNIST's are known too |
    /// | text with separated columns | CSV: features and a target, or a list of files `file,label,split` |
    /// | `.h5` file | spikes of SHD and SSC |
    /// | folder with `trials_to_train.txt` | DVS128 Gesture |
    /// | folder with a folder for each class | one file a sample: pictures, events (`.bin`, `.bs1`, `.bs2`, AEDAT, DAT, EVT2, EVT3, CSV, npy), WAV |
    /// | folder of files `CLASS_anything` | the same |
    /// | folder with one entry `train` and one `test` | each any of the above |
    ///
    /// Where nothing tells which samples are for testing, a fifth of each class is; see [`from_split`](Self::from_split).
    /// Labels are taken as they come, as numbers or words; `options.classes` of the result has their order.
    ///
    /// Files with one sample each are decoded when the sample is asked for, all others are held in memory, except for
    /// `.npy` files of more than 256 MB.
    ///
    /// # Errors
    /// If nothing of a known format is there, a file is damaged, an option makes no sense, the parts do not fit together,
    /// or a test sample has a class that no training sample has.
    pub fn open_with(path: impl AsRef<Path>, options: &DataOptions) -> Result<Self, DataError> {
        let path = path.as_ref();
        options.check()?;
        let found = formats::find(path, options)?;
        let name = formats::name(path);
        assemble::dataset(name, found, options).map_err(|error| match error {
            DataError::Option { .. } => error,
            other => other.within(path.display().to_string()),
        })
    }

    /// Reads every sample that has a file, and returns an error for each that is damaged: for messages about a data set
    /// that cannot be opened.
    ///
    /// # Errors
    /// If nothing of a known format is there, or an option makes no sense.
    pub fn damaged(path: impl AsRef<Path>, options: &DataOptions) -> Result<Vec<DataError>, DataError> {
        options.check()?;
        let found = formats::find(path.as_ref(), options)?;
        let parts = [Some(found.train), found.test].into_iter().flatten();
        Ok(parts.flat_map(|part| part.source.damaged()).collect())
    }

    /// Name of a class: that of the labels in the files, or its number.
    pub fn class_name(&self, class: usize) -> String {
        self.options.class_name(class)
    }

    /// Sets a part of the training split aside for validation, by index.
    ///
    /// Each class gives `round(fraction × its samples)`, but keeps at least
    /// one to learn from, so both parts have the classes' proportions. The
    /// choice depends on `seed` and the labels alone. Samples without a class of their own, whose targets are vectors
    /// or classes per step, are drawn from all of them alike.
    ///
    /// # Errors
    /// If `fraction` is not in `0.0..1.0`, or so small that nothing is held out
    /// although it is not 0.
    ///
    /// ```
    /// let digits = synfire_data::Dataset::digits();
    /// let parts = digits.train_validation(0.1, 42)?;
    /// assert_eq!(parts.train.len() + parts.validation.len(), digits.train.len());
    /// assert!((140..=148).contains(&parts.validation.len()));
    /// # Ok::<(), synfire_data::DataError>(())
    /// ```
    pub fn train_validation(&self, fraction: f64, seed: u64) -> Result<Holdout, DataError> {
        Holdout::of(&self.train, fraction, seed)
    }
}
