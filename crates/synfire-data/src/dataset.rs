//! Data sets: a training and a test split that fit together.

mod folder;
mod holdout;

pub use holdout::Holdout;

use crate::{
    DataError, IdxArray, Split,
    split::{Images, MAX_CLASSES, labels_of},
};
use std::path::Path;

/// A classification task: labelled training and test images of one shape.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// A name for reports: `"digits"`, or the folder's name.
    pub name: String,
    /// The number of classes, 2 to [`MAX_CLASSES`]; every label is below it.
    pub classes: usize,
    /// What to learn from.
    pub train: Split,
    /// What to be measured on, and for nothing else.
    pub test: Split,
}

impl Dataset {
    /// Joins two splits; the number of classes is the largest training label + 1.
    ///
    /// EMNIST's letters are labelled from 1, which makes 27 classes of which
    /// class 0 stays empty; [`with_classes`](Self::with_classes) is for the
    /// opposite case, of last classes that have no training sample.
    ///
    /// # Errors
    /// If the sample shapes differ, there would be fewer than 2 classes, or a
    /// test label is not among them.
    pub fn new(name: impl Into<String>, train: Split, test: Split) -> Result<Self, DataError> {
        let largest = train.labels().iter().max();
        let classes = largest.map_or(0, |&label| usize::from(label) + 1);
        Self { name: name.into(), classes, train, test }.checked()
    }

    /// Sets the number of classes.
    ///
    /// # Errors
    /// If it is not from 2 to [`MAX_CLASSES`], or a label is not below it.
    pub fn with_classes(self, classes: usize) -> Result<Self, DataError> {
        Self { classes, ..self }.checked()
    }

    fn checked(self) -> Result<Self, DataError> {
        let classes = self.classes;
        if self.train.sample_shape() != self.test.sample_shape() {
            return Err(DataError::SampleShape {
                train: self.train.sample_shape().to_vec(),
                test: self.test.sample_shape().to_vec(),
            });
        }
        if !(2..=MAX_CLASSES).contains(&classes) {
            return Err(DataError::ClassCount { found: classes, most: MAX_CLASSES });
        }
        for (name, split) in [("training", &self.train), ("test", &self.test)] {
            let outside = |&label: &u16| usize::from(label) >= classes;
            if let Some(index) = split.labels().iter().position(outside) {
                let label = split.labels()[index];
                return Err(DataError::LabelOutOfRange { split: name, index, label, classes });
            }
        }
        Ok(self)
    }

    /// The digits that come with this crate: 8×8 pixels, 10 classes, 1437
    /// training and 360 test images, 46 kB in all.
    ///
    /// "Optical Recognition of Handwritten Digits" by E. Alpaydin and
    /// C. Kaynak, UCI Machine Learning Repository, 1998, CC BY 4.0; rescaled
    /// to 0..=255. Handwriting of real people, small enough for tests and
    /// first steps: a plain perceptron with one hidden layer reaches about 97 %.
    ///
    /// ```
    /// let digits = synfire_data::Dataset::digits();
    /// assert_eq!(digits.train.sample_shape(), [8, 8]);
    /// assert_eq!((digits.train.len(), digits.test.len()), (1437, 360));
    /// assert_eq!(digits.classes, 10);
    /// ```
    pub fn digits() -> Self {
        macro_rules! embedded {
            ($file:literal) => {
                include_bytes!(concat!("../../../datasets/digits/", $file, ".gz")).as_slice()
            };
        }
        let split = |images, labels| Split::new(IdxArray::parse(images)?, IdxArray::parse(labels)?);
        let digits = || {
            Self::new(
                "digits",
                split(embedded!("train-images-idx3-ubyte"), embedded!("train-labels-idx1-ubyte"))?,
                split(embedded!("t10k-images-idx3-ubyte"), embedded!("t10k-labels-idx1-ubyte"))?,
            )
        };
        // Constant input: if it were bad, every test run would show it.
        digits().expect("the embedded digits are valid")
    }

    /// Opens a folder with the four IDX files of an MNIST-style data set.
    ///
    /// | content | names looked for, in this order |
    /// |---|---|
    /// | training images | `train-images-idx3-ubyte`, `train-images.idx3-ubyte` |
    /// | training labels | `train-labels-idx1-ubyte`, `train-labels.idx1-ubyte` |
    /// | test images | `t10k-images-idx3-ubyte`, `t10k-images.idx3-ubyte` |
    /// | test labels | `t10k-labels-idx1-ubyte`, `t10k-labels.idx1-ubyte` |
    ///
    /// each first as it stands and then with `.gz`. Pixels are taken as they
    /// lie in the file; EMNIST's images are stored transposed, for example.
    ///
    /// # Errors
    /// If the folder or a file is missing, a file is damaged (see
    /// [`IdxArray::parse`]), or the files do not fit together (see
    /// [`Split::new`] and [`Dataset::new`]).
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, DataError> {
        let folder = folder.as_ref();
        if !folder.is_dir() {
            return Err(DataError::NotAFolder { path: folder.to_path_buf() });
        }
        let split = |images, labels| {
            let images = folder::find(folder, images)?;
            let labels = folder::find(folder, labels)?;
            let pixels = IdxArray::read(&images)?;
            let pixels = Images::new(pixels).map_err(|e| e.within(images.display().to_string()))?;
            let classes = IdxArray::read(&labels)?;
            let classes = labels_of(classes).map_err(|e| e.within(labels.display().to_string()))?;
            Split::join(pixels, classes).map_err(|e| e.within(format!("{} and {}", images.display(), labels.display())))
        };
        let train = split(&folder::TRAIN_IMAGES, &folder::TRAIN_LABELS)?;
        let test = split(&folder::TEST_IMAGES, &folder::TEST_LABELS)?;
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
        Self::new(name, train, test).map_err(|e| e.within(folder.display().to_string()))
    }

    /// Sets a part of the training split aside for validation, by index.
    ///
    /// Each class gives `round(fraction × its samples)`, but keeps at least
    /// one to learn from, so both parts have the classes' proportions. The
    /// choice depends on `seed` and the labels alone.
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
        holdout::stratified(self.train.labels(), fraction, seed)
    }
}
