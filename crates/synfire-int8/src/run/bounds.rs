//! Shapes and ranges of the values between layers.

use crate::{Error, Input};

/// Most values of all layers together.
const MOST_VALUES: usize = 1 << 26;
/// Most multiplications, or values of windows, of a step.
const MOST_WORK: u64 = 1 << 34;

/// Values between two layers.
#[derive(Clone, Debug)]
pub(super) struct Values {
    pub(super) shape: Vec<usize>,
    /// Largest size that one may have.
    pub(super) largest: i64,
}

impl Values {
    pub(super) fn size(&self) -> usize {
        self.shape.iter().product()
    }

    /// Values of this shape, if they are not too many and fit into 32 bits.
    pub(super) fn checked(path: &str, shape: Vec<usize>, largest: i64) -> Result<Self, Error> {
        let size = shape.iter().try_fold(1usize, |product, &n| product.checked_mul(n));
        match size.filter(|size| (1..=MOST_VALUES).contains(size)) {
            None => Err(Error::field(path, "shape", format!("is {shape:?}"), format!("1 to {MOST_VALUES} values"))),
            Some(_) if largest > i64::from(i32::MAX) => {
                let found = format!("can add up to {largest}");
                Err(Error::field(path, "weight", found, format!("sums of at most {}, which 32 bits hold", i32::MAX)))
            }
            Some(_) => Ok(Values { shape, largest }),
        }
    }

    /// Channels, height and width.
    pub(super) fn picture(&self, path: &str) -> Result<[usize; 3], Error> {
        self.shape.clone().try_into().map_err(|shape: Vec<usize>| {
            Error::field(path, "shape", format!("of its input is {shape:?}"), "[channels, height, width]")
        })
    }
}

pub(super) fn input(input: &Input) -> Result<Values, Error> {
    if !(input.scale > 0.0 && input.scale.is_finite()) {
        return Err(Error::field("input", "scale", format!("is {}", input.scale), "a number above 0"));
    }
    if input.low > 0 || input.high < 1 {
        let found = format!("is {}, and `high` {}", input.low, input.high);
        return Err(Error::field("input", "low", found, "0 or less, and 1 or more"));
    }
    let largest = i64::from(input.low).abs().max(i64::from(input.high));
    Values::checked("input", input.shape.clone(), largest)
}

/// Refuses what would take more memory or time than any network does that fits into a file.
pub(super) fn check_total(path: &str, work: u64, sizes: &[usize]) -> Result<(), Error> {
    let values: usize = sizes.iter().sum();
    if values > MOST_VALUES {
        let found = format!("makes {values} values together with the layers before");
        return Err(Error::field(path, "shape", found, format!("at most {MOST_VALUES}")));
    }
    if work > MOST_WORK {
        let found = format!("takes {work} operations in a step together with the layers before");
        return Err(Error::field(path, "shape", found, format!("at most {MOST_WORK}")));
    }
    Ok(())
}

/// Size of an axis after a window went along it.
pub(super) fn window(
    path: &str,
    size: usize,
    (kernel, stride, dilation): (usize, usize, usize),
    padding: [usize; 2],
) -> Result<usize, Error> {
    const MOST: usize = 1 << 16;
    let sizes = [("kernel", kernel, 1), ("stride", stride, 1), ("dilation", dilation, 1)];
    let paddings = padding.map(|padding| ("padding", padding, 0));
    for (field, found, least) in sizes.into_iter().chain(paddings) {
        if !(least..=MOST).contains(&found) {
            return Err(Error::field(path, field, format!("is {found}"), format!("{least} to {MOST}")));
        }
    }
    let (padded, window) = (size + padding[0] + padding[1], dilation * (kernel - 1) + 1);
    match padded.checked_sub(window) {
        Some(rest) => Ok(rest / stride + 1),
        None => Err(Error::field(path, "kernel", format!("covers {window} of {padded} values"), "at most as many")),
    }
}
