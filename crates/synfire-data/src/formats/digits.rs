//! The digits that are compiled in.

use super::idx::IdxArray;
use crate::{DataError, Dataset, Split};

impl Dataset {
    /// Handwritten digits that come with this crate: 8×8 pixels, 10 classes, 1437
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
        // Constant input: if it were bad, every test run would show it.
        digits().expect("the embedded digits are valid")
    }
}

fn digits() -> Result<Dataset, DataError> {
    macro_rules! embedded {
        ($file:literal) => {
            IdxArray::parse(include_bytes!(concat!("../../digits/", $file, ".gz")))
        };
    }
    let train = Split::from_idx(embedded!("train-images-idx3-ubyte")?, embedded!("train-labels-idx1-ubyte")?)?;
    let test = Split::from_idx(embedded!("t10k-images-idx3-ubyte")?, embedded!("t10k-labels-idx1-ubyte")?)?;
    Dataset::new("digits", train, test)
}
