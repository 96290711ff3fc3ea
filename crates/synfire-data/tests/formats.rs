//! Data of every format: what is written is read back, as samples of one shape with the right classes.

use std::fs;
use std::io::Write;
use std::path::Path;
use synfire_data::{
    Batch, Color, DataOptions, Dataset, Draw, Elements, Event, EventOptions, Frames, IdxArray, Raw, Recording,
    SoundOptions, Split, TargetKind, Transform, Values,
};

/// A folder with a name that is neither ASCII nor without spaces.
fn folder() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("données à moi");
    fs::create_dir(&path).unwrap();
    (folder, path)
}

fn write(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    let path = path.as_ref();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn all(split: &Split) -> Batch {
    split.batch(&(0..split.len()).collect::<Vec<_>>()).unwrap()
}

/// A picture whose pixels are all of one value.
fn ppm(rgb: [u8; 3], height: usize, width: usize) -> Vec<u8> {
    [format!("P6 {width} {height} 255\n").into_bytes(), rgb.repeat(height * width)].concat()
}

/// N-MNIST's bytes of events `(time, x, y, on)`.
fn atis(events: &[(u32, u8, u8, bool)]) -> Vec<u8> {
    let event = |&(time, x, y, on): &(u32, u8, u8, bool)| {
        let [_, high, middle, low] = time.to_be_bytes();
        [x, y, high | u8::from(on) << 7, middle, low]
    };
    events.iter().flat_map(event).collect()
}

/// An array of NumPy.
fn npy(descr: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), elements].concat()
}

#[test]
fn folders_of_pictures_in_colour_and_grey() {
    let (_keep, path) = folder();
    for (class, rgb) in [("red", [255, 0, 0]), ("green", [0, 255, 0])] {
        for i in 0..5 {
            write(path.join(class).join(format!("{i}.ppm")), ppm(rgb, 4, 3));
        }
    }
    let data = Dataset::open(&path).unwrap();
    assert_eq!((data.train.len(), data.test.len(), data.classes), (8, 2, 2));
    assert_eq!(data.train.sample_shape(), [3, 4, 3]);
    assert_eq!((data.class_name(0), data.class_name(1)), ("green".to_string(), "red".to_string()));
    let batch = data.train.batch(&[0]).unwrap();
    assert_eq!(batch.targets.classes().unwrap(), [0]);
    assert_eq!(batch.values, Values::Bytes([[0; 12], [255; 12], [0; 12]].concat()));

    let options = DataOptions { resize: Some([2, 2]), color: Some(Color::Grey), ..DataOptions::default() };
    let small = Dataset::open_with(&path, &options).unwrap();
    assert_eq!(small.train.sample_shape(), [1, 2, 2]);

    write(path.join("red/0.ppm"), ppm([255, 0, 0], 5, 3));
    let mixed = Dataset::open(&path).unwrap();
    let read = |split: &Split| split.batch(&(0..split.len()).collect::<Vec<_>>());
    let error = [read(&mixed.train), read(&mixed.test)].into_iter().find_map(Result::err).unwrap().to_string();
    assert!(error.contains("0.ppm") && error.contains("[3, 5, 3]") && error.contains("data.resize"), "{error}");
    fs::create_dir(path.join("blue")).unwrap();
    let error = Dataset::open(&path).unwrap_err().to_string();
    assert!(error.contains("blue: no samples"), "{error}");
}

#[test]
fn folders_of_events_with_a_part_for_training_and_one_for_testing() {
    let (_keep, path) = folder();
    for (part, class) in [("Train", 3), ("Train", 7), ("Test", 7)] {
        let events = [(0, class, 1, true), (40, 2, 9, false), (99, 5, 5, true)];
        write(path.join(format!("{part}/{class}/00001.bin")), atis(&events));
    }
    let events = EventOptions { frames: Some(Frames::Bins(2)), ..EventOptions::default() };
    let data = Dataset::open_with(&path, &DataOptions { events, ..DataOptions::default() }).unwrap();
    assert_eq!(data.train.sample_shape(), [2, 2, 10, 8]);
    assert_eq!(
        (data.options.classes.clone(), data.options.events.sensor),
        (Some(vec!["3".into(), "7".into()]), Some([10, 8]))
    );
    assert_eq!(data.test.labels(), Some(&[1][..]));
    let values = all(&data.test).values.into_floats();
    let ones: Vec<usize> = (0..values.len()).filter(|&i| values[i] == 1.0).collect();
    // [step, polarity, row, column]
    assert_eq!(ones, [(9 * 8) + 2, (10 + 1) * 8 + 7, ((2 + 1) * 10 + 5) * 8 + 5]);
    assert_eq!(values.iter().sum::<f32>(), 3.0);

    // recordings of different duration
    write(path.join("Train/3/00002.bin"), atis(&[(0, 0, 0, true), (250, 0, 0, true)]));
    let events = EventOptions { frames: Some(Frames::Window(50)), ..EventOptions::default() };
    let data = Dataset::open_with(&path, &DataOptions { events, ..DataOptions::default() }).unwrap();
    assert_eq!((data.train.sample_shape()[0], all(&data.train).lengths), (6, vec![2, 6, 2]));

    write(path.join("Test/9/00001.bin"), atis(&[(0, 0, 0, true)]));
    let error = Dataset::open(&path).unwrap_err().to_string();
    assert!(error.contains("of the test part has the class `9`, expected one of 3, 7"), "{error}");
    fs::remove_dir_all(path.join("Test")).unwrap();
    fs::create_dir(path.join("Test")).unwrap();
    let error = Dataset::open(&path).unwrap_err().to_string();
    assert!(error.contains("Test") && error.contains("empty folder"), "{error}");
}

#[test]
fn lists_name_files_classes_and_parts() {
    let (_keep, path) = folder();
    let spec =
        hound::WavSpec { channels: 1, sample_rate: 8000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    for (name, values) in [("a.wav", 800), ("b.wav", 1600), ("c.wav", 1200)] {
        let mut writer = hound::WavWriter::create(path.join(name), spec).unwrap();
        (0..values).for_each(|i| writer.write_sample((i * i % 3001) as i16).unwrap());
        writer.finalize().unwrap();
    }
    write(path.join("list.csv"), "file,label,split\na.wav,yes,train\nb.wav,no,train\nc.wav,no,test\n");
    let sound = SoundOptions { bands: 8, ..SoundOptions::default() };
    let data = Dataset::open_with(path.join("list.csv"), &DataOptions { sound, ..DataOptions::default() }).unwrap();
    assert_eq!((data.train.sample_shape(), data.classes, data.name.as_str()), (&[20, 8][..], 2, "list"));
    assert_eq!((all(&data.train).lengths, all(&data.test).lengths), (vec![10, 20], vec![15]));
    write(path.join("list.csv"), "file,label,split\na.wav,yes,train\nd.wav,no,train\n");
    let error = Dataset::open(path.join("list.csv")).unwrap_err().to_string();
    assert!(error.contains("line 3") && error.contains("d.wav"), "{error}");
    let flat = path.join("flat");
    for name in ["yes_1.wav", "yes_2.wav", "no_1.wav", "no_2.wav", "no_3.wav"] {
        fs::create_dir_all(&flat).unwrap();
        fs::copy(path.join("a.wav"), flat.join(name)).unwrap();
    }
    let data = Dataset::open(&flat).unwrap();
    // one of each class with several is for testing
    assert_eq!((data.classes, data.class_name(1), data.train.len()), (2, "yes".into(), 3));
}

#[test]
fn tables_are_classes_or_regression() {
    let (_keep, path) = folder();
    let lines = |of: fn(usize) -> String| (0..20).map(of).collect::<String>();
    write(path.join("c.csv"), "a,b,class\n".to_string() + &lines(|i| format!("{i},0.5,{}\n", ["x", "y"][i % 2])));
    let data = Dataset::open(path.join("c.csv")).unwrap();
    assert_eq!((data.classes, data.train.sample_shape(), data.train.len()), (2, &[2][..], 16));
    write(path.join("r.csv"), lines(|i| format!("{i};2;{}.5\n", i)));
    let data = Dataset::open(path.join("r.csv")).unwrap();
    assert_eq!(data.train.target_kind(), TargetKind::Vector { len: 1 });
    let targets = DataOptions { targets: vec!["b".into()], ..DataOptions::default() };
    let error = Dataset::open_with(path.join("r.csv"), &targets).unwrap_err().to_string();
    assert!(error.contains("`data.targets` has `b`") && error.contains("column 1"), "{error}");
}

#[test]
fn converted_data_sets_are_the_same() {
    let (_keep, path) = folder();
    let series = Split::from_series([1.0, 2.0, 3.0, 4.0, 5.0, 0.0], [3, 1], [3, 2], [0, 1]).unwrap();
    let words = Some(vec!["gauche".to_string(), "à droite".to_string()]);
    let series = Dataset {
        options: DataOptions { classes: words.clone(), ..DataOptions::default() },
        ..Dataset::new("s", series.clone(), series).unwrap()
    };
    for (data, name) in [(Dataset::digits(), "digits.npz"), (series, "series.npz")] {
        data.write_npz(path.join(name)).unwrap();
        let read = Dataset::open(path.join(name)).unwrap();
        assert_eq!((all(&read.train), all(&read.test)), (all(&data.train), all(&data.test)));
        assert_eq!((read.classes, read.options.classes), (data.classes, data.options.classes));
    }
    assert_eq!(fs::read_dir(&path).unwrap().count(), 2, "nothing unfinished is left");
}

#[test]
fn cifar10_has_records_of_3073_bytes() {
    let (_keep, path) = folder();
    let record = |label: u8| [vec![label], vec![1; 1024], vec![2; 1024], vec![3; 1024]].concat();
    write(path.join("data_batch_1.bin"), [record(0), record(1)].concat());
    write(path.join("test_batch.bin"), record(1));
    write(path.join("batches.meta.txt"), "airplane\nautomobile\n\n");
    let data = Dataset::open(&path).unwrap();
    assert_eq!((data.train.sample_shape(), data.class_name(1)), (&[3, 32, 32][..], "automobile".into()));
    assert_eq!(data.train.batch(&[1]).unwrap().values, Values::Bytes(record(1)[1..].to_vec()));
    write(path.join("data_batch_2.bin"), &record(0)[..3000]);
    let error = Dataset::open(&path).unwrap_err().to_string();
    assert!(error.contains("data_batch_2.bin: CIFAR-10, byte 0: 3000 bytes"), "{error}");
}

#[test]
fn letters_are_labelled_from_1_on_and_stored_transposed() {
    let (_keep, path) = folder();
    for (part, labels) in [("train", [1u8, 26]), ("test", [26, 1])] {
        let images = IdxArray::new(vec![2, 2, 3], Elements::U8((0..12).collect())).unwrap();
        images.write(path.join(format!("emnist-letters-{part}-images-idx3-ubyte.gz"))).unwrap();
        let labels = IdxArray::new(vec![2], Elements::U8(labels.to_vec())).unwrap();
        labels.write(path.join(format!("emnist-letters-{part}-labels-idx1-ubyte.gz"))).unwrap();
    }
    let data = Dataset::open_with(&path, &DataOptions { transpose: true, ..DataOptions::default() }).unwrap();
    assert_eq!((data.classes, data.class_name(1), data.options.steps), (2, "26".into(), None));
    assert_eq!((data.train.sample_shape(), data.test.labels()), (&[3, 2][..], Some(&[1, 0][..])));
    assert_eq!(data.train.batch(&[0]).unwrap().values, Values::Bytes(vec![0, 3, 1, 4, 2, 5]));
}

#[test]
fn grey_pictures_among_coloured_ones_have_their_channels() {
    let (_keep, path) = folder();
    for class in ["a", "b"] {
        write(path.join(format!("{class}/0.ppm")), [&b"P6 2 1 255\n"[..], &[100, 50, 200, 0, 0, 0]].concat());
        write(path.join(format!("{class}/1.pgm")), [&b"P5 2 1 255\n"[..], &[7, 9]].concat());
        write(path.join(format!("{class}/2.pgm")), [&b"P5 2 1 255\n"[..], &[7, 9]].concat());
    }
    let data = Dataset::open(&path).unwrap();
    assert_eq!(data.train.sample_shape(), [3, 1, 2]);
    let all = all(&data.train);
    let Values::Bytes(bytes) = all.values else { panic!() };
    assert!(bytes.chunks(6).any(|picture| picture == [7, 9, 7, 9, 7, 9]), "{bytes:?}");
    // the first one is grey: colours become luminance
    for class in ["a", "b"] {
        fs::rename(path.join(format!("{class}/0.ppm")), path.join(format!("{class}/9.ppm"))).unwrap();
    }
    let data = Dataset::open(&path).unwrap();
    assert_eq!(data.train.sample_shape(), [1, 1, 2]);
    let grey = data.train.batch(&[0, 1, 2, 3]).unwrap();
    let Values::Bytes(bytes) = grey.values else { panic!() };
    // 0.2126 * 100 + 0.7152 * 50 + 0.0722 * 200
    assert!(bytes.chunks(2).all(|picture| [[7, 9], [71, 0]].iter().any(|known| picture == known)), "{bytes:?}");
    let one = Batch::from_file(path.join("a/9.ppm"), &data.options).unwrap();
    assert_eq!(one.values, Values::Bytes(vec![71, 0]));
}

#[test]
fn what_is_no_data_set_is_told_with_a_cure() {
    let (_keep, path) = folder();
    let error = |data: &str| Dataset::open(path.join(data)).unwrap_err().to_string();
    write(path.join("alone/x/0.gif"), "GIF89a");
    assert!(error("alone").contains("is the data set in") && error("alone").contains("alone/x?"), "{}", error("alone"));
    write(path.join("gifs/a/0.gif"), "GIF89a");
    write(path.join("gifs/b/1.gif"), "GIF89a");
    assert!(error("gifs").contains("such as a/0.gif, b/1.gif"), "{}", error("gifs"));
    let x = npy("<f4", "(8, 2)", &[0; 64]);
    write(path.join("targets/x.npy"), &x);
    write(path.join("targets/y.npy"), npy("<i4", "(8, 2)", &[0; 64]));
    assert!(error("targets").contains("vectors [samples, values] of floats"), "{}", error("targets"));
    write(path.join("targets/y.npy"), npy("<i4", "(3,)", &[0; 12]));
    assert!(error("targets").contains("3 targets for 8 samples"), "{}", error("targets"));
    fs::remove_file(path.join("targets/y.npy")).unwrap();
    assert!(error("targets").contains("targets: npz, byte 0: the arrays x"), "{}", error("targets"));
    write(path.join("table.csv"), "a,b\n1,2\n");
    let sample = Batch::from_file(path.join("table.csv"), &DataOptions::default()).unwrap_err().to_string();
    assert!(sample.contains("no sample of a known kind") && sample.contains("WAV"), "{sample}");
}

#[test]
fn recordings_in_archives_are_samples_of_class_folders() {
    let (_keep, path) = folder();
    let array = |values: &[i64]| {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        npy("<i8", &format!("({},)", values.len()), &bytes)
    };
    let archive = |arrays: &[(&str, Vec<u8>)]| {
        let mut file = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
        for (name, bytes) in arrays {
            file.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
            file.write_all(bytes).unwrap();
        }
        file.finish().unwrap().into_inner()
    };
    for class in ["a", "b"] {
        for i in 0..3 {
            let fields = [("t", array(&[30, 10])), ("x", array(&[0, 1])), ("y", array(&[2, 0])), ("p", array(&[1, 0]))];
            write(path.join(format!("{class}/{i}.npz")), archive(&fields));
        }
    }
    let events = EventOptions { frames: Some(Frames::Bins(2)), ..EventOptions::default() };
    let options = DataOptions { events, ..DataOptions::default() };
    let data = Dataset::open_with(&path, &options).unwrap();
    assert_eq!((data.train.len(), data.train.sample_shape()), (4, &[2, 2, 3, 2][..]));
    let values = data.train.batch(&[0]).unwrap().values.into_floats();
    // OFF in row 0, column 1 of the first step, ON in row 2, column 0 of the last
    assert_eq!(
        values.iter().enumerate().filter(|(_, value)| **value == 1.0).map(|(i, _)| i).collect::<Vec<_>>(),
        [1, 22]
    );
    write(path.join("one.npz"), archive(&[("series", npy("|u1", "(2, 2)", &[0, 51, 102, 255]))]));
    let one = Batch::from_file(path.join("one.npz"), &DataOptions::default()).unwrap();
    assert_eq!((&one.shape[..], one.values), (&[2, 2][..], Values::Bytes(vec![0, 51, 102, 255])));
    write(path.join("none.npz"), archive(&[("u", array(&[1])), ("v", array(&[2]))]));
    let error = Batch::from_file(path.join("none.npz"), &DataOptions::default()).unwrap_err().to_string();
    assert!(error.contains("the fields u, v") && error.contains("t and x"), "{error}");
}

#[test]
fn recordings_and_sound_in_memory() {
    let event = |time, x| Event { time, x, y: 0, on: true };
    // not in the order of their times
    let recording = |last| Recording { events: vec![event(last, 1), event(0, 0)], sensor: None, unipolar: true };
    let recordings: Vec<Recording> = (0..10).map(|i| recording(10 + i)).collect();
    let classes: Vec<u8> = (0..10).map(|i| i % 2).collect();
    let options = EventOptions { frames: Some(Frames::Bins(2)), ..EventOptions::default() };
    let data = Dataset::from_events(recordings.clone(), classes.clone(), options.clone()).unwrap();
    assert_eq!((data.train.sample_shape(), data.options.events.sensor), (&[2, 2][..], Some([1, 2])));
    assert_eq!(*data.train.batch(&[0]).unwrap().values.to_floats(), [1.0, 0.0, 0.0, 1.0]);
    let error = Dataset::from_events(recordings.clone(), [0u8], options).unwrap_err().to_string();
    assert!(error.contains("1 targets for 10 samples"), "{error}");
    let mut mixed: Vec<Raw> = recordings.into_iter().map(Raw::Events).collect();
    mixed[3] = Raw::Sound { rate: 8000, samples: vec![0.0] };
    let error = Dataset::from_raw("mixed", mixed, classes.clone(), &DataOptions::default()).unwrap_err().to_string();
    assert!(error.contains("another kind"), "{error}");
    let sounds: Vec<Vec<f32>> = (0..10).map(|i| (0..800 + 80 * i).map(|k| (k as f32).sin()).collect()).collect();
    let options = SoundOptions { bands: 6, ..SoundOptions::default() };
    let data = Dataset::from_sound(sounds, 8000, classes, options).unwrap();
    assert_eq!(data.train.sample_shape(), [19, 6]);
    assert_eq!(data.train.extremes().unwrap().samples.len(), 2);
    assert!(data.train.extremes().unwrap().range[0] < 0.0);
}

#[test]
fn gestures_are_parts_of_recordings() {
    let (_keep, path) = folder();
    let packet = |events: &[(u32, u32)]| {
        let count = events.len() as u32;
        let header = [1u32, 8, 4, 0, count, count, count].map(u32::to_le_bytes).concat();
        let event = |&(x, time): &(u32, u32)| [((x << 17) | 3).to_le_bytes(), time.to_le_bytes()].concat();
        [header, events.iter().flat_map(event).collect()].concat()
    };
    let packets = [packet(&[(1, 100), (2, 250), (3, 399)]), packet(&[]), packet(&[(5, 900), (4, 400), (6, 130)])];
    let recording = [&b"#!AER-DAT3.1\r\n#!END-HEADER\r\n"[..], &packets.concat()].concat();
    for user in ["user01", "user02"] {
        write(path.join(format!("{user}_led.aedat")), &recording);
        let table = "class,startTime_usec,endTime_usec\n1,100,400\n11,400,1000\n";
        write(path.join(format!("{user}_led_labels.csv")), table);
    }
    write(path.join("trials_to_train.txt"), "user01_led.aedat\n");
    write(path.join("trials_to_test.txt"), "user02_led.aedat\n\n");
    let events = EventOptions { frames: Some(Frames::Bins(1)), ..EventOptions::default() };
    let data = Dataset::open_with(&path, &DataOptions { events, ..DataOptions::default() }).unwrap();
    assert_eq!((data.train.sample_shape(), data.classes, data.class_name(1)), (&[1, 2, 128, 128][..], 2, "11".into()));
    let sums: Vec<f32> = (0..2).map(|i| data.train.batch(&[i]).unwrap().values.into_floats().iter().sum()).collect();
    assert_eq!(sums, [4.0, 2.0]);
    // the file is changed: other samples of the same size are no entries of the cache
    let cache = Some(path.join("cache"));
    let options = DataOptions { cache, ..data.options };
    let first = Dataset::open_with(&path, &options).unwrap().train.batch(&[0]).unwrap();
    assert_eq!(first.values, data.train.batch(&[0]).unwrap().values);
    let mut other = recording.clone();
    let at = other.len() - 8;
    other[at..at + 4].copy_from_slice(&((9u32 << 17) | 3).to_le_bytes());
    write(path.join("user01_led.aedat"), other);
    let changed = Dataset::open_with(&path, &options).unwrap().train.batch(&[0]).unwrap();
    assert_ne!(changed.values, first.values);
}

#[test]
fn transforms_are_made_in_training_alone_and_follow_from_seed_epoch_and_index() {
    let (_keep, path) = folder();
    Dataset::digits().write_npz(path.join("d.npz")).unwrap();
    let transforms = vec![Transform::Shift { pixels: 1 }, Transform::Normalize { mean: 0.5, std: 0.25 }];
    let data = Dataset::open_with(path.join("d.npz"), &DataOptions { transforms, ..DataOptions::default() }).unwrap();
    let plain = Dataset::digits().train.batch(&[5]).unwrap().values.into_floats();
    let normal: Vec<f32> = plain.iter().map(|value| (value - 0.5) / 0.25).collect();
    assert_eq!(*data.train.batch(&[5]).unwrap().values.to_floats(), normal);
    let draw = |seed, epoch| data.train.training_batch(&[4, 5], Draw { seed, epoch }).unwrap();
    assert_eq!(draw(1, 2), draw(1, 2));
    assert!((0..9).any(|epoch| draw(1, epoch) != draw(1, 2)) && (0..9).any(|seed| draw(seed, 2) != draw(1, 2)));
    let alone = data.train.subset(vec![9, 5]).unwrap().training_batch(&[1], Draw { seed: 1, epoch: 2 }).unwrap();
    assert_eq!(alone.values.to_floats()[..], draw(1, 2).values.to_floats()[64..]);
    let wrong = DataOptions { transforms: vec![Transform::DropEvents { share: 0.1 }], ..DataOptions::default() };
    let error = Dataset::open_with(path.join("d.npz"), &wrong).unwrap_err().to_string();
    assert!(error.contains("`data.transforms.0` is not for samples that are arrays"), "{error}");
}

#[test]
fn a_cache_changes_nothing() {
    let (_keep, path) = folder();
    for class in ["a", "b"] {
        (0..5).for_each(|i| write(path.join(format!("d/{class}/{i}.ppm")), ppm([i * 9, 7, 1], 3, 4)));
    }
    let cache = Some(path.join("cache"));
    let open = |options: &DataOptions| Dataset::open_with(path.join("d"), options).unwrap();
    let plain = all(&open(&DataOptions::default()).train);
    let cached = DataOptions { cache, ..DataOptions::default() };
    for _ in 0..2 {
        assert_eq!(all(&open(&cached).train), plain);
    }
    assert!(fs::read_dir(path.join("cache")).unwrap().count() > 0);
}
