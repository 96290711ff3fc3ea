//! Samples of any source: in memory, of one's own, with classes, vectors and series.

use synfire_data::{Batch, DataError, Dataset, Sample, Samples, Split, Target, TargetKind, Targets, Values};

/// Mistakes that a source of one's own may make.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    Values,
    Length,
    Kind,
    Class,
    NotANumber,
    Unreadable,
}

/// Series of up to 4 steps of 2 values; sample `i` has `1 + i % 4` steps, all of value `i`.
#[derive(Debug)]
struct Own(Fault);

impl Samples for Own {
    fn len(&self) -> usize {
        10
    }

    fn shape(&self) -> &[usize] {
        &[4, 2]
    }

    fn sample(&self, index: usize) -> Result<Sample, DataError> {
        let fault = if index == 5 { self.0 } else { Fault::None };
        let steps = if fault == Fault::Length { 5 } else { 1 + index % 4 };
        let count = if fault == Fault::Values { 3 } else { 2 * steps };
        if fault == Fault::Unreadable {
            return Err(DataError::custom("the disk is gone; put it back"));
        }
        Ok(Sample::series(vec![index as f32; count], steps, self.target(index)?))
    }

    fn target(&self, index: usize) -> Result<Target, DataError> {
        Ok(match self.0 {
            Fault::Kind if index == 5 => Target::Vector(vec![0.0]),
            Fault::Class if index == 5 => Target::Class(-1),
            Fault::NotANumber => Target::Vector(vec![0.5, if index == 5 { f32::NAN } else { 1.0 }]),
            _ => Target::Class(index as i64 % 2),
        })
    }
}

#[test]
fn samples_of_ones_own_become_batches() {
    let split = Split::new(Own(Fault::None)).unwrap();
    assert_eq!(split.labels().unwrap(), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let batch = split.batch(&[1, 7]).unwrap();
    let values = vec![1., 1., 1., 1., 0., 0., 0., 0., 7., 7., 7., 7., 7., 7., 7., 7.];
    assert_eq!(batch.values, Values::Floats(values));
    assert_eq!(batch.lengths, [2, 4]);
    assert!(split.batch(&[3, 7]).unwrap().lengths.is_empty(), "all are whole");
    let error = split.batch(&[0, 10]).unwrap_err();
    assert!(matches!(error, DataError::NoSample { index: 10, samples: 10 }), "{error}");
}

#[test]
fn faults_of_a_source_are_named() {
    for (fault, messages) in [
        (Fault::Values, ["sample 5", "has 3 values, expected 4 for the shape [4, 2]"]),
        (Fault::Length, ["sample 5", "5 steps among samples of shape [4, 2], expected from 1 to 4"]),
        (Fault::Unreadable, ["sample 5", "the disk is gone"]),
        (Fault::Kind, ["sample 5", "a vector of 1 values for each sample as target, expected one class"]),
        (Fault::Class, ["label 5 is -1", "expected 0 to 999"]),
        (Fault::NotANumber, ["element 1 of the target of sample 5 is NaN", "finite"]),
    ] {
        let error = Split::new(Own(fault)).and_then(|split| split.batch(&[4, 5])).unwrap_err().to_string();
        for message in messages {
            assert!(error.contains(message), "{fault:?}: expected `{message}`: {error}");
        }
    }
}

/// Batches from memory equal those gathered sample by sample.
#[test]
fn a_batch_is_the_samples_one_by_one() {
    let series = [0u8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    let per_step = Targets::ClassPerStep { classes: vec![1, 0, 2, 1], steps: 2 };
    let whole = Batch { lengths: vec![2, 1], ..Batch::new(series, [2, 3], per_step) };
    let splits = [
        Split::from_batch(whole).unwrap(),
        Split::from_series(series, [2, 3], [1, 2], [0, 1]).unwrap(),
        Split::from_images(series, [1, 2, 3], Targets::Vectors { values: vec![0.5, -1.0], len: 1 }).unwrap(),
        Split::from_features([0.5, 1.0, -2.0, 0.0], 2, [1, 0]).unwrap(),
        Dataset::digits().test,
    ];
    for split in splits {
        let indices = [1, 0, 1];
        let one_by_one = indices.iter().map(|&index| split.samples().sample(index)).collect::<Vec<_>>();
        let gathered = Batch::gather(split.sample_shape(), one_by_one.into_iter()).unwrap();
        assert_eq!(split.batch(&indices).unwrap(), Batch { indices: indices.to_vec(), ..gathered.clone() });
        for (index, &sample) in indices.iter().enumerate() {
            let target = split.samples().target(sample).unwrap();
            assert_eq!(gathered.targets.get(index).unwrap().kind(), split.target_kind(), "{target:?}");
        }
    }
}

#[test]
fn the_end_of_a_short_series_is_zero() {
    let split = Split::from_series([1.0, 2.0, 3.0, 4.0, f32::MAX, 5.0], [3, 1], [3, 1], [0, 1]).unwrap();
    let batch = split.batch(&[1, 0]).unwrap();
    assert_eq!(batch.values, Values::Floats(vec![4.0, 0.0, 0.0, 1.0, 2.0, 3.0]));
    assert_eq!(batch.lengths, [1, 3]);
}

#[test]
fn arrays_that_do_not_fit_are_refused() {
    let vectors = |values: &[f32], len| Targets::Vectors { values: values.to_vec(), len };
    let per_step = |steps| Targets::ClassPerStep { classes: vec![0; 8], steps };
    let series = |lengths: &[usize]| Split::from_series([0u8; 12], [2, 3], lengths, [0, 1]);
    for (split, message) in [
        (Split::from_images([0u8; 8], [8], [0]), "[8], expected [rows, columns]"),
        (Split::from_images([0u8; 9], [2, 2], [0, 1]), "9 values are no whole number of samples of shape [2, 2]"),
        (Split::from_images([0u8; 8], [2, 2], [0, 1, 1]), "3 targets for 2 samples"),
        (Split::from_images([0u8; 8], [2, 2], vectors(&[1.0; 3], 2)), "1 targets for 2 samples"),
        (Split::from_images([0u8; 8], [2, 2], vectors(&[], 0)), "0 targets for 2 samples"),
        (Split::from_images([0u8; 8], [2, 2], [u64::MAX, 0]), "label 0 is 9223372036854775807, expected 0 to 999"),
        (Split::from_images([0u8; 0], [2, 2], [0; 0]), "0 samples"),
        (Split::from_images([0u8; 8], [0, 2], [0; 0]), "samples of shape [0, 2]"),
        (Split::from_series([0u8; 8], [4, 2], [], per_step(2)), "each of 2 steps, but samples have the shape [4, 2]"),
        (Split::from_series([0u8; 8], [4, 2], [], per_step(8)), "each of 8 steps"),
        (Split::from_features([0.0, f32::INFINITY], 1, [0, 1]), "element 0 of sample 1 is inf"),
        (Split::from_features([0.0, 0.0], 1, vectors(&[0.0, f32::NAN], 1)), "target of sample 1 is NaN"),
        (series(&[1]), "1 lengths for 2 series"),
        (series(&[0, 1]), "a series of 0 steps"),
        (series(&[2, 3]), "a series of 3 steps among samples of shape [2, 3], expected from 1 to 2"),
    ] {
        let error = split.unwrap_err().to_string();
        assert!(error.contains(message), "expected `{message}`: {error}");
    }
}

#[test]
fn a_fifth_of_one_array_is_the_test_split() {
    let labels: Vec<u8> = (0..50).map(|index| index % 2).collect();
    let pixels: Vec<u8> = (0..50).flat_map(|index| [index; 4]).collect();
    let data = Dataset::from_images(pixels, [2, 2], labels).unwrap();
    assert_eq!((data.train.len(), data.test.len(), data.classes, data.outputs()), (40, 10, 2, 2));
    let all = |split: &Split| split.batch(&(0..split.len()).collect::<Vec<_>>()).unwrap();
    for (split, share) in [(&data.train, 20), (&data.test, 5)] {
        let batch = all(split);
        let Values::Bytes(bytes) = &batch.values else { panic!("bytes stay bytes") };
        let classes = batch.targets.classes().unwrap();
        assert!(bytes.chunks(4).zip(classes).all(|(pixels, &class)| i64::from(pixels[0] % 2) == class));
        assert_eq!(classes.iter().filter(|&&class| class == 1).count(), share);
    }
    let mut both = [all(&data.train).values.into_floats(), all(&data.test).values.into_floats()].concat();
    both.sort_by(f32::total_cmp);
    both.dedup();
    assert_eq!(both.len(), 50, "no sample is in both");
}

#[test]
fn vectors_are_targets_too() {
    let regression = |values: Vec<f32>, len| {
        Split::from_features((0..20).map(|v| v as f32).collect::<Vec<_>>(), 1, Targets::Vectors { values, len })
    };
    let split = regression((0..40).map(|v| v as f32).collect(), 2).unwrap();
    assert_eq!((split.target_kind(), split.labels()), (TargetKind::Vector { len: 2 }, None));
    let error = split.batch(&[0]).unwrap().targets.classes().unwrap_err().to_string();
    assert!(error.contains("vector of 2 values") && error.contains("expected one class"), "{error}");

    let data = Dataset::from_split("sums", split.clone()).unwrap();
    assert_eq!((data.classes, data.outputs(), data.train.len(), data.test.len()), (0, 2, 16, 4));
    let parts = data.train_validation(0.25, 1).unwrap();
    assert_eq!((parts.train.len(), parts.validation.len()), (12, 4));
    assert!(data.clone().with_classes(3).unwrap_err().to_string().contains("vectors"));

    for other in [regression(vec![0.0; 20], 1), Split::from_features([0.0, 1.0], 1, [0, 1])] {
        let error = Dataset::new("mixed", split.clone(), other.unwrap()).unwrap_err();
        assert!(matches!(error, DataError::TargetMismatch { .. }), "{error}");
    }
}

#[test]
fn classes_per_step_are_counted_like_classes() {
    let targets = Targets::ClassPerStep { classes: vec![0, 1, 2, 6], steps: 2 };
    let split = Split::from_series([0.0; 4], [2, 1], [], targets).unwrap();
    assert_eq!((split.target_kind(), split.labels()), (TargetKind::ClassPerStep { steps: 2 }, None));
    assert_eq!(Dataset::new("steps", split.clone(), split.clone()).unwrap().classes, 7);
    let error = Dataset::new("steps", split.clone(), split).unwrap().with_classes(6).unwrap_err().to_string();
    assert!(error.contains("label 1 of the training split is 6"), "{error}");
}

#[test]
fn a_subset_reads_the_samples_of_its_source() {
    let digits = Dataset::digits().train;
    let part = digits.subset(vec![1000, 3, 7]).unwrap();
    assert_eq!(part.batch(&[2, 0]).unwrap(), digits.batch(&[7, 1000]).unwrap());
    assert_eq!(part.labels().unwrap()[1], digits.labels().unwrap()[3]);
    assert!(matches!(digits.subset(vec![]).unwrap_err(), DataError::EmptySplit { .. }));
    let error = digits.subset(vec![0, 1437]).unwrap_err().to_string();
    assert!(error.contains("no sample 1437"), "{error}");
}
