//! Splits and data sets: what fits together, and what is refused.

use std::{fs, path::Path};
use synfire_data::{DataError, Dataset, Elements, IdxArray, MAX_CLASSES, Split, Targets, Values};

fn array(shape: &[usize], elements: Elements) -> IdxArray {
    IdxArray::new(shape.to_vec(), elements).unwrap()
}

/// `count` images of 2 × 2.
fn images(count: usize) -> IdxArray {
    array(&[count, 2, 2], Elements::U8((0..4 * count).map(|value| value as u8).collect()))
}

fn labels(labels: &[u8]) -> IdxArray {
    array(&[labels.len()], Elements::U8(labels.to_vec()))
}

fn split(classes: &[u8]) -> Split {
    Split::from_idx(images(classes.len()), labels(classes)).unwrap()
}

#[test]
fn other_types_are_taken_as_they_are() {
    for elements in [
        Elements::I8(vec![-1, 2]),
        Elements::I16(vec![-1, 2]),
        Elements::I32(vec![-1, 2]),
        Elements::F32(vec![-1.0, 2.0]),
        Elements::F64(vec![-1.0, 2.0]),
    ] {
        let split = Split::from_idx(array(&[1, 2], elements), labels(&[0])).unwrap();
        assert_eq!(split.batch(&[0]).unwrap().values, Values::Floats(vec![-1.0, 2.0]));
    }
}

#[test]
fn labels_of_every_whole_type_are_read() {
    for elements in
        [Elements::U8(vec![1, 0]), Elements::I8(vec![1, 0]), Elements::I16(vec![1, 0]), Elements::I32(vec![1, 0])]
    {
        let split = Split::from_idx(images(2), array(&[2], elements)).unwrap();
        assert_eq!(split.labels().unwrap(), [1, 0]);
    }
}

#[test]
fn a_batch_has_the_samples_asked_for() {
    let batch = split(&[3, 4, 5]).batch(&[2, 0, 2]).unwrap();
    assert_eq!(batch.values, Values::Bytes(vec![8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]));
    assert_eq!((batch.shape.as_slice(), batch.len()), (&[2, 2][..], 3));
    assert_eq!(batch.targets, Targets::Classes(vec![5, 3, 5]));
    assert!(batch.lengths.is_empty());
    assert!(split(&[0]).batch(&[]).unwrap().is_empty());
    let error = split(&[3, 4, 5]).batch(&[2, 3]).unwrap_err();
    assert!(matches!(error, DataError::NoSample { index: 3, samples: 3 }), "{error}");
}

#[test]
fn splits_that_do_not_fit_are_refused() {
    use Elements::*;
    let cases = [
        (labels(&[1]), labels(&[1]), "has the shape [1], expected images"),
        (array(&[0, 2, 2], U8(vec![])), labels(&[]), "0 samples of shape [2, 2], expected at least one"),
        (array(&[1, 0, 2], U8(vec![])), labels(&[1]), "0 samples of shape [0, 2], expected at least one"),
        (images(2), labels(&[1]), "2 images but 1 labels"),
        (images(1), images(1), "shape [1, 2, 2] of u8, expected labels"),
        (images(1), array(&[1], F32(vec![1.0])), "shape [1] of f32, expected labels"),
        (images(2), array(&[2], I8(vec![0, -1])), "label 1 is -1, expected 0 to 999"),
        (images(1), array(&[1], I16(vec![1000])), "label 0 is 1000"),
        (images(1), array(&[1], I32(vec![65_536])), "label 0 is 65536"),
        (array(&[2, 2], F32(vec![0.0, 0.0, 0.0, f32::NAN])), labels(&[0, 1]), "element 1 of sample 1 is NaN"),
        (array(&[1, 1], F64(vec![1e300])), labels(&[0]), "element 0 of sample 0 is inf"),
    ];
    for (images, labels, message) in cases {
        let error = Split::from_idx(images, labels).unwrap_err().to_string();
        assert!(error.contains(message), "expected `{message}`: {error}");
    }
}

#[test]
fn classes_are_counted_in_training() {
    let set = Dataset::new("set", split(&[0, 6, 2]), split(&[1])).unwrap();
    assert_eq!(set.classes, 7);
    assert_eq!(set.clone().with_classes(20).unwrap().classes, 20);
    for (classes, message) in [
        (0, "0 classes"),
        (1, "1 classes"),
        (MAX_CLASSES + 1, "1001 classes, expected 2 to 1000"),
        (6, "label 1 of the training split is 6, expected a class below 6"),
    ] {
        let error = set.clone().with_classes(classes).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn splits_of_different_tasks_are_refused() {
    let wide = Split::from_idx(array(&[1, 4], Elements::U8(vec![0; 4])), labels(&[0])).unwrap();
    for (train, test, message) in [
        (split(&[0, 1]), wide, "shape [2, 2] but test samples [4]"),
        (split(&[0, 0]), split(&[0]), "1 classes"),
        (split(&[0, 1]), split(&[0, 2]), "label 1 of the test split is 2"),
    ] {
        let error = Dataset::new("set", train, test).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn the_digits_are_what_their_source_says() {
    let digits = Dataset::digits();
    for (split, samples) in [(&digits.train, 1437), (&digits.test, 360)] {
        assert_eq!((split.len(), split.sample_shape(), split.features()), (samples, &[8, 8][..], 64));
        let mut counts = [0; 10];
        split.labels().unwrap().iter().for_each(|&label| counts[usize::from(label)] += 1);
        // A tenth each, up to the small differences of the source.
        assert!(counts.iter().all(|&count| count * 100 > samples * 9 && count * 100 < samples * 11));
        // 17 grey levels, from black to white.
        let all = split.batch(&(0..samples).collect::<Vec<_>>()).unwrap();
        let mut levels = all.values.into_floats();
        levels.sort_by(f32::total_cmp);
        levels.dedup();
        assert_eq!((levels.len(), levels[0], levels[16]), (17, 0.0, 1.0));
    }
}

/// Writes a small set, with a name for each of the four files.
fn write(folder: &Path, names: [&str; 4]) {
    let files = [images(3), labels(&[0, 1, 2]), images(2), labels(&[2, 0])];
    for (name, file) in names.iter().zip(files) {
        file.write(folder.join(name)).unwrap();
    }
}

const PLAIN: [&str; 4] =
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

#[test]
fn a_folder_opens_under_all_usual_names() {
    let dotted = PLAIN.map(|name| name.replace("-idx", ".idx"));
    let mixed = [PLAIN[0].to_string(), format!("{}.gz", PLAIN[1]), format!("{}.gz", dotted[2]), dotted[3].clone()];
    for names in [PLAIN.map(String::from), PLAIN.map(|name| format!("{name}.gz")), dotted, mixed] {
        let folder = tempfile::tempdir().unwrap();
        let set = folder.path().join("tiny");
        fs::create_dir(&set).unwrap();
        write(&set, names.each_ref().map(String::as_str));
        let set = Dataset::open(&set).unwrap();
        assert_eq!((set.name.as_str(), set.classes), ("tiny", 3));
        assert_eq!((set.train.len(), set.test.labels()), (3, Some(&[2, 0][..])));
    }
}

#[test]
fn folder_errors_name_the_file() {
    // (file to replace, by what; none to remove it; what the message names)
    let cases: [(usize, Option<IdxArray>, &[&str]); 6] = [
        (1, None, &["no training labels in", PLAIN[1], "train-labels.idx1-ubyte.gz"]),
        (2, None, &["no test images in", PLAIN[2], "t10k-images.idx3-ubyte"]),
        (0, Some(labels(&[1])), &[PLAIN[0], "expected images"]),
        (3, Some(images(2)), &[PLAIN[3], "expected labels"]),
        (1, Some(labels(&[0, 1])), &[PLAIN[0], PLAIN[1], "3 images but 2 labels"]),
        (3, Some(labels(&[0, 3])), &["sample 1 of the test part has the class `3`, expected one of 0, 1, 2"]),
    ];
    for (index, replacement, messages) in cases {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), PLAIN);
        let path = folder.path().join(PLAIN[index]);
        match replacement {
            Some(array) => array.write(&path).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let error = Dataset::open(folder.path()).unwrap_err().to_string();
        for message in messages {
            assert!(error.contains(message), "expected `{message}`: {error}");
        }
        assert!(error.contains(&*folder.path().to_string_lossy()), "{error}");
    }
    let error = Dataset::open("no/such/folder").unwrap_err();
    assert!(matches!(error, DataError::NoData { .. }), "{error}");
}
