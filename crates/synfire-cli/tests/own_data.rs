//! Data of one's own: trained on, measured, and answered with the names of their classes.

mod common;

use common::{run, succeed};
use std::fs;
use std::path::Path;
use synfire_data::{DataOptions, Dataset, Split};

fn write(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    let path = path.as_ref();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A picture that is bright in one of its thirds.
fn picture(third: usize, i: usize) -> Vec<u8> {
    let pixel = |at: usize| match at % 24 / 8 == third {
        true => [250 - i as u8, 40, (at % 7) as u8],
        false => [3, i as u8, 9],
    };
    [b"P6 24 24 255\n".to_vec(), (0..24 * 24).flat_map(pixel).collect()].concat()
}

#[test]
fn folders_of_coloured_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (third, class) in ["left", "middle", "right"].iter().enumerate() {
        (0..6).for_each(|i| write(at.join(format!("mes images/train/{class}/{i}.ppm")), picture(third, i)));
        // one sample of each class
        write(at.join(format!("mes images/test/{class}/1.ppm")), picture(third, 9));
    }
    fs::rename(at.join("mes images"), at.join("images")).unwrap();
    let trained = succeed(at, "train --data images --epochs 8 --hidden 20 --out run");
    assert!(trained.stderr.contains("18 training and 3 test samples of 3 x 24 x 24, 3 classes"), "{}", trained.stderr);
    assert_eq!(trained.number("test accuracy"), 100.0);
    let predicted = succeed(at, "predict run --index 2");
    assert!(predicted.stdout.contains("class right (its label is right)"), "{}", predicted.stdout);
    let predicted = succeed(at, "predict run --sample images/test/middle/1.ppm");
    assert!(predicted.stdout.contains("class middle"), "{}", predicted.stdout);
    assert!(predicted.stdout.lines().any(|line| line.starts_with("left  ")), "{}", predicted.stdout);
    assert!(run(at, "predict run --image images/test/middle/1.ppm").stderr.contains("--sample"));
    let info = succeed(at, "info run");
    assert!(info.stdout.contains("left, middle, right"), "{}", info.stdout);
    assert_eq!(succeed(at, "eval run").number("accuracy"), 100.0);
    // a class that the network does not know
    fs::rename(at.join("images/test/left"), at.join("images/test/up")).unwrap();
    let error = run(at, "eval run");
    assert!(error.code == 1 && error.stderr.contains("has the class `up`"), "{}", error.stderr);
}

#[test]
fn series_of_different_length_with_labels_from_1_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (mut values, mut lengths, mut labels) = (vec![], vec![], vec![]);
    for i in 0..52usize {
        let class = i % 26;
        lengths.push(3 + i % 4);
        labels.push(class);
        values.extend((0..6 * 5).map(|k| if k % 5 == class % 5 { 1.0 } else { class as f32 / 26.0 }));
    }
    let split = Split::from_series(values, [6, 5], lengths, labels).unwrap();
    let names = Some((1..=26).map(|name| name.to_string()).collect());
    let data = Dataset::new("letters", split.clone(), split).unwrap();
    let data = Dataset { options: DataOptions { classes: names, ..DataOptions::default() }, ..data };
    data.write_npz(at.join("letters.npz")).unwrap();
    let info = succeed(at, "data info letters.npz");
    assert!(info.stdout.contains("steps      3 to 6, mean 4.5000"), "{}", info.stdout);
    assert!(info.stdout.contains("letters: series") && info.stdout.contains("26 classes"), "{}", info.stdout);
    let trained = succeed(at, "train --data letters.npz --epochs 3 --hidden 40 --out run");
    assert!(trained.stderr.contains("encoder series") && trained.stderr.contains("6 steps"), "{}", trained.stderr);
    let predicted = succeed(at, "predict run --index 25");
    assert!(predicted.stdout.contains("(its label is 26)"), "{}", predicted.stdout);
}

#[test]
fn tables_of_targets() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let line = |i: usize| {
        let (a, b) = ((i % 10) as f32 / 10.0, (i / 10 % 10) as f32 / 10.0);
        format!("{a},{b},{}\n", 0.5 * a + 0.25 * b + 0.013)
    };
    write(at.join("sums.csv"), format!("a,b,sum\n{}", (0..100).map(line).collect::<String>()));
    let trained =
        succeed(at, "train --data sums.csv --epochs 4 --loss mse --decoder final_step_voltage --hidden 16 --out run");
    assert!(trained.stderr.contains("targets of length 1"), "{}", trained.stderr);
    let predicted = succeed(at, "predict run --index 0 --count 5");
    assert!(predicted.stdout.contains("mean squared error "), "{}", predicted.stdout);
    // a sample of its own has values too, not a class
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    let values = [0.5f32, 0.25].map(f32::to_le_bytes).concat();
    let padded = format!("{header:<117}\n");
    write(at.join("one.npy"), [b"\x93NUMPY\x01\x00\x76\x00", padded.as_bytes(), &values].concat());
    let predicted = succeed(at, "predict run --sample one.npy");
    assert!(predicted.stdout.starts_with('[') && !predicted.stdout.contains("class"), "{}", predicted.stdout);
    let refused = run(at, "predict run --sample one.npy --exit 0.9");
    assert!(refused.stderr.contains("this network gives values; leave it out"), "{}", refused.stderr);
    let info = succeed(at, "info run");
    assert!(info.stdout.contains("targets of length 1"), "{}", info.stdout);
    write(at.join("kinds.csv"), format!("a,b,kind\n{}", "0,1,0\n1,1,1\n".repeat(9)));
    let refused = run(at, "eval run --data kinds.csv");
    assert!(refused.stderr.contains("has targets of length 1, the data `kinds` have"), "{}", refused.stderr);
}

#[test]
fn samples_are_shown_and_data_sets_converted() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let event = |time: u16, x: u8, y: u8| [x, y, 0x80, (time >> 8) as u8, time as u8];
    for class in ["0", "1"] {
        for i in 0..5 {
            let events = (0..40u16).flat_map(|k| event(k * 100, (k % 9) as u8, (i + k % 3) as u8));
            write(at.join(format!("events/{class}/{i}.bin")), events.collect::<Vec<_>>());
        }
    }
    write(at.join("frames.toml"), "[data]\nevents = { frames = { bins = 4 } }\n".to_string() + common::SMALL);
    let info = succeed(at, "data info events --config frames.toml");
    for words in ["events: events", "4 x 2 x 7 x 9", "40 to 40, mean 40", "problems   none"] {
        assert!(info.stdout.contains(words), "no `{words}` in {}", info.stdout);
    }
    succeed(at, "data show events --config frames.toml --index 1 --plot a.svg");
    assert!(fs::read_to_string(at.join("a.svg")).unwrap().starts_with("<svg"));
    succeed(at, "data show events --test --plot a.png");
    assert!(fs::read(at.join("a.png")).unwrap().starts_with(b"\x89PNG"));
    assert!(run(at, "data show events --plot a.gif").stderr.contains(".svg or .png"));
    assert!(run(at, "data show events --index 99 --plot b.svg").stderr.contains("no sample 99"));
    succeed(at, "data convert events events.npz --config frames.toml");
    let data = Dataset::open(at.join("events.npz")).unwrap();
    assert_eq!((data.train.sample_shape(), data.train.len(), data.test.len()), (&[4, 2, 7, 9][..], 8, 2));
    // all damaged samples are named, also where none can be read before the sensor is known
    write(at.join("events/1/0.bin"), [0; 7]);
    write(at.join("events/0/3.bin"), [0; 9]);
    let info = run(at, "data info events");
    for words in ["2 samples of events", "1/0.bin", "7 bytes", "0/3.bin", "9 bytes"] {
        assert!(info.code == 1 && info.stderr.contains(words), "no `{words}` in {}", info.stderr);
    }
    write(at.join("sensor.toml"), "[data]\nevents = { sensor = [9, 9] }\n".to_string() + common::SMALL);
    let info = run(at, "data info events --config sensor.toml");
    assert!(info.code == 1 && info.stderr.contains("2 samples of events"), "{}", info.stderr);
    assert!(info.stdout.contains("1/0.bin") && info.stdout.contains("0/3.bin"), "{}", info.stdout);
}
