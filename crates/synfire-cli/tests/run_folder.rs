//! Run folders: what a training leaves, what other commands read of it, and what `--resume` refuses.

mod common;

use common::{SMALL, command, contents, run, succeed};
use serde_json::Value;
use std::fs;
use std::path::Path;
use synfire::train::RunFolder;
use synfire_data::{Dataset, Values};
use tempfile::TempDir;

/// A folder with the small configuration, trained for two epochs in `run`.
fn trained() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("small.toml"), SMALL).expect("a file can be written");
    succeed(folder.path(), "train --config small.toml --out run");
    folder
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The digits with other labels.
fn other_digits(folder: &Path) {
    let digits = Path::new(env!("CARGO_MANIFEST_DIR")).join("../synfire-data/digits");
    fs::create_dir(folder).expect("a folder can be made");
    for entry in fs::read_dir(&digits).expect("the digits are in the repository").flatten() {
        if entry.file_name().to_string_lossy().contains("images") {
            fs::copy(entry.path(), folder.join(entry.file_name())).expect("a file can be copied");
        }
    }
    for (file, count) in [("train-labels-idx1-ubyte", 1437_usize), ("t10k-labels-idx1-ubyte", 360)] {
        let labels = (0..count).map(|i| (i % 10) as u8);
        let head = [0, 0, 8, 1, 0, 0, (count >> 8) as u8, count as u8];
        fs::write(folder.join(file), head.into_iter().chain(labels).collect::<Vec<u8>>()).expect("a file");
    }
}

#[test]
fn the_result_stays_in_the_folder_and_says_what_was_tested() {
    let folder = trained();
    let at = folder.path();
    let result = json(&fs::read_to_string(at.join("run/result.json")).expect("a result"));
    let eval = json(&succeed(at, "eval run --json").stdout);
    assert_eq!(result["test_accuracy"], eval["accuracy"]);
    assert_eq!(result["test_loss"], eval["loss"]);
    assert_eq!(result["checkpoint"], "checkpoints/best.bpk");
    assert!(result["epoch"].as_u64().is_some_and(|epoch| (1..=2).contains(&epoch)), "{result}");
    assert!(result["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0), "{result}");
    let classes = result["per_class"].as_object().expect("counts of each class");
    let sum = |key: &str| classes.values().filter_map(|class| class[key].as_u64()).sum::<u64>();
    assert_eq!((classes.len(), sum("samples")), (10, 360));
    let accuracy = result["test_accuracy"].as_f64().expect("an accuracy");
    assert!((accuracy - sum("correct") as f64 / 360.0).abs() < 1e-12);
}

#[test]
fn the_confusion_matrix_adds_up_to_the_classes() {
    let folder = trained();
    let at = folder.path().join("run");
    let result = json(&fs::read_to_string(at.join("result.json")).expect("a result"));
    let confusion = result["confusion"].as_object().expect("a row of each class");
    let classes = result["per_class"].as_object().expect("counts of each class");
    assert_eq!(confusion.keys().collect::<Vec<_>>(), classes.keys().collect::<Vec<_>>());
    for (class, row) in confusion {
        let row = row.as_object().expect("a number of samples for each answer");
        let samples: u64 = row.values().filter_map(Value::as_u64).sum();
        assert_eq!(classes[class]["samples"], samples, "class {class}");
        assert_eq!(classes[class]["correct"], row.get(class).and_then(Value::as_u64).unwrap_or(0), "class {class}");
        assert!(row.values().all(|count| count.as_u64() > Some(0)), "no pair that does not occur: {row:?}");
    }
    let picture = fs::read_to_string(at.join("confusion_matrix.svg")).expect("a picture");
    let accuracy = result["test_accuracy"].as_f64().expect("an accuracy");
    let title = format!("360 test samples, {:.1} % right", accuracy * 100.0);
    assert!(picture.contains(&title), "no `{title}`");
}

#[test]
fn metrics_and_pictures_show_rates_and_time_constants() {
    let folder = trained();
    let at = folder.path().join("run");
    let read = |name: &str| fs::read_to_string(at.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let metrics: Vec<Value> = read("metrics.jsonl").lines().map(json).collect();
    assert_eq!(metrics.len(), 2);
    for epoch in &metrics {
        let tau = &epoch["time_constants"]["layers.1.tau_m"];
        let [low, mean, high] = ["minimum", "mean", "maximum"].map(|key| tau[key].as_f64().expect("a number"));
        assert!(1.0 < low && low <= mean && mean <= high, "{tau}");
        assert_eq!(tau["unit"], "steps");
        assert!(epoch["firing_rates"]["layers.1"].as_f64().is_some_and(|rate| (0.0..=1.0).contains(&rate)), "{epoch}");
    }
    assert!(metrics[0]["time_constants"] != metrics[1]["time_constants"], "they learn");
    let table = read("metrics.csv");
    let heading = table.lines().next().expect("a heading");
    assert!(
        heading.ends_with("time_constant.layers.1.tau_m.maximum")
            || heading.contains("time_constant.layers.1.tau_m.maximum,"),
        "{heading}"
    );
    let columns = heading.split(',').count();
    assert!(table.lines().all(|line| line.split(',').count() == columns), "{table}");

    let curves = read("learning_curves.svg");
    for words in ["Loss", "Accuracy (%)", "Spikes per neuron and step", "Time constants (steps)", "layers.1.tau_m"] {
        assert!(curves.contains(words), "no `{words}`");
    }
    let label = Dataset::digits().test.batch(&[0]).unwrap().targets.classes().unwrap()[0];
    let predicted =
        json(&succeed(folder.path(), "predict run --index 0 --json").stdout)["predictions"][0]["class"].clone();
    for picture in ["spike_raster.svg", "membrane_traces.svg"] {
        let title = format!("test sample 0 of digits, class {label}, predicted {predicted}");
        assert!(read(picture).contains(&title), "no `{title}` in {picture}");
    }
    for words in [format!("neuron {label} (label"), "threshold".to_owned()] {
        assert!(read("membrane_traces.svg").contains(&words), "no `{words}`");
    }
    assert!(read("spike_raster.svg").contains("label") && read("spike_raster.svg").contains("sample\n"));
}

#[test]
fn commands_take_a_run_folder_and_know_its_data() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("small.toml"), SMALL).expect("a file can be written");
    other_digits(&at.join("other"));
    let line = "train --config small.toml --out run --data other --epochs 1";
    let trained = succeed(at, line);
    assert!(trained.stdout.contains("tested checkpoints/best.bpk, the weights after epoch 1"), "{}", trained.stdout);
    for words in ["train loss ", "train accuracy ", "validation loss ", "validation accuracy ", "learning rate "] {
        assert!(trained.stderr.contains(words), "no `{words}` in {}", trained.stderr);
    }
    let accuracy = trained.number("test accuracy");
    for line in ["eval run", "eval run/checkpoints/best.bpk", "eval run --data other"] {
        assert_eq!(succeed(at, line).number("accuracy"), accuracy, "{line}");
    }
    succeed(at, "export run --out network.safetensors");
    assert!(succeed(at, "info run").stdout.contains("best.bpk"));
    let predicted = json(&succeed(at, "predict run --index 0 --count 300 --json").stdout);
    let predictions = predicted["predictions"].as_array().expect("predictions");
    assert_eq!(predictions.len(), 300);
    let right = predictions.iter().filter(|one| one["class"] == one["label"]).count();
    assert_eq!(predicted["accuracy"].as_f64(), Some(right as f64 / 300.0));
    let labels: Vec<u64> = predictions.iter().take(11).filter_map(|one| one["label"].as_u64()).collect();
    assert_eq!(labels, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0], "of the data of the run");
    for one in predictions {
        let sum: f64 = one["probabilities"].as_array().unwrap().iter().filter_map(Value::as_f64).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{one}");
    }
    let text = succeed(at, "predict run --index 0 --count 20").stdout;
    assert!(text.contains(" % of 20 samples"), "{text}");
    assert!(succeed(at, "predict run --index 3").stdout.contains("probability"));
}

#[test]
fn a_training_goes_on_with_its_own_data_only_and_once_at_a_time() {
    let folder = trained();
    let at = folder.path();
    other_digits(&at.join("other"));
    let before = contents(&at.join("run"));
    let other = run(at, "train --resume run --epochs 3 --data other");
    assert_eq!(other.code, 1, "{}", other.stderr);
    for words in ["`other` are not the data that this training began with", "fingerprint"] {
        assert!(other.stderr.contains(words), "{}", other.stderr);
    }
    let held = RunFolder::open(at.join("run")).expect("a run folder");
    let second = run(at, "train --resume run --epochs 3");
    assert_eq!(second.code, 1, "{}", second.stderr);
    assert!(second.stderr.contains("another training is at work in this run folder"), "{}", second.stderr);
    drop(held);
    assert!(before == contents(&at.join("run")), "a refused resume changes nothing");
    // the same data elsewhere are the same data
    let digits = Path::new(env!("CARGO_MANIFEST_DIR")).join("../synfire-data/digits");
    succeed(at, &format!("train --resume run --epochs 3 --data {}", digits.display()));
}

#[test]
fn early_stopping_is_announced_and_stays_stopped() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("small.toml"), SMALL).expect("a file can be written");
    let stopped = succeed(at, "train --config small.toml --out run --epochs 40 --patience 1 --learning-rate 0.3");
    let result = json(&fs::read_to_string(at.join("run/result.json")).expect("a result"));
    assert_eq!(result["stopped_early"], true, "{result}");
    let (epoch, epochs) = (result["epoch"].as_u64().unwrap(), result["epochs"].as_u64().unwrap());
    assert_eq!(epochs, epoch + 1, "one epoch without a better loss, and no more");
    let words = format!("stopped early after epoch {epochs}: the validation loss did not improve");
    assert!(stopped.stdout.contains(&words), "{}", stopped.stdout);
    assert!(stopped.stdout.contains(&format!("the weights after epoch {epoch}")), "{}", stopped.stdout);
    for line in ["train --resume run", "train --resume run --epochs 60"] {
        let resumed = run(at, line);
        assert_eq!(resumed.code, 1, "{}", resumed.stderr);
        assert!(
            resumed.stderr.contains("stopped early") && resumed.stderr.contains("--patience"),
            "{}",
            resumed.stderr
        );
    }
    let on = format!("train --resume run --patience 5 --epochs {}", epochs + 1);
    let on = succeed(at, &on);
    assert!(on.stderr.contains(&format!("epoch {}/", epochs + 1)), "{}", on.stderr);
}

#[test]
fn flags_change_the_configuration() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let line = "train --out run --epochs 1 --hidden 12 --optimizer sgd --validation 0.2 --batch-size 256 --steps 3 \
                --set network.layers.1.tau_m.value=4 --set training.schedule=constant";
    succeed(at, line);
    let config = synfire::train::TrainConfig::read(at.join("run/config.toml")).expect("a configuration");
    assert_eq!(config.training.validation, 0.2);
    assert_eq!(config.training.optimizer, synfire::train::Optimizer::Sgd { momentum: 0.0 });
    assert_eq!(config.training.schedule, synfire::train::Schedule::Constant);
    assert_eq!(config.network.layers[0].kind.settings()["outputs"], 12);
    assert_eq!(config.network.layers[1].kind.settings()["tau_m"]["value"], 4);
}

#[test]
fn fine_tuning_for_other_classes_leaves_the_last_layer_out() {
    let folder = trained();
    let at = folder.path();
    other_digits(&at.join("five"));
    let labels: Vec<u8> = [0, 0, 8, 1, 0, 0, 5, 157].into_iter().chain((0..1437).map(|i| (i % 5) as u8)).collect();
    fs::write(at.join("five/train-labels-idx1-ubyte"), labels).expect("a file");
    let labels: Vec<u8> = [0, 0, 8, 1, 0, 0, 1, 104].into_iter().chain((0..360).map(|i| (i % 5) as u8)).collect();
    fs::write(at.join("five/t10k-labels-idx1-ubyte"), labels).expect("a file");
    let line = "train --init run/checkpoints/best.bpk --data five --epochs 1 --out tuned";
    let refused = run(at, &format!("{line} --config small.toml"));
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    for words in ["`layers.2.weight` has shape [10, 24], the model needs [5, 24]", "--init-skip 'layers.2.*'"] {
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    assert!(run(at, line).stderr.contains("--init-skip"));
    succeed(at, &format!("{line} --init-skip layers.2.*"));
    let wrong = run(at, &format!("{line} --init-skip layers.9.*"));
    assert!(wrong.stderr.contains("unknown parameter `layers.9.*`"), "{}", wrong.stderr);
}

#[test]
fn errors_are_json_where_results_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (line, code, words) in [
        ("eval nowhere.bpk --json", 1, "nowhere.bpk: could not be read"),
        ("eval --json", 2, "<FILE>"),
        ("train --seed -1 --json", 2, "expected a whole number, 0 or more"),
    ] {
        let ran = run(folder.path(), line);
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{line}");
        let error = json(ran.stderr.lines().last().unwrap_or_default());
        assert!(error["error"].as_str().is_some_and(|text| text.contains(words)), "{line}: {error}");
    }
}

#[test]
fn rust_log_shows_what_happens() {
    let folder = trained();
    let eval = |level: &str| {
        let output = command(folder.path(), "eval run").env("RUST_LOG", level).output().expect("the program starts");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert_eq!(eval("warn"), "");
    let said = eval("debug");
    for words in ["data", "device", "checkpoint", "digits"] {
        assert!(said.contains(words), "no {words} in {said}");
    }
    assert!(eval("synfire==").contains("RUST_LOG=synfire== is not understood"));
}

/// SIGTERM saves and stops as Ctrl-C does.
#[cfg(unix)]
#[test]
fn a_terminated_training_is_saved() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("small.toml"), SMALL).expect("a file can be written");
    let mut child = command(folder.path(), "train --config small.toml --epochs 500 --out run")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
    let mut said = String::new();
    while !said.contains("epoch   1/500") {
        assert_ne!(stderr.read_line(&mut said).expect("stderr is text"), 0, "ended early: {said}");
    }
    let killed = Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status();
    assert!(killed.expect("sh runs").success());
    stderr.read_to_string(&mut said).expect("stderr is text");
    assert_eq!(child.wait().expect("the program ends").code(), Some(130), "{said}");
    assert!(said.contains("synfire train --resume run"), "{said}");
    assert!(folder.path().join("run/checkpoints/last.bpk").is_file());
}

#[test]
fn info_tells_what_learns_from_what_is_measured_and_what_stays() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let norm = "[[network.layers]]\nbatch_norm = true\n[[network.layers]]\nneuron = \"plif\"";
    fs::write(at.join("norm.toml"), SMALL.replacen("[[network.layers]]\nneuron = \"plif\"", norm, 1)).expect("a file");
    succeed(at, "train --config norm.toml --epochs 1 --batch-size 256 --out run");
    for file in ["run", "run/checkpoints/last.bpk"] {
        let info = json(&succeed(at, &format!("info {file} --json")).stdout);
        let of = |name: &str| {
            let layers = info["layers"].as_array().expect("layers").iter();
            let mut parameters = layers.flat_map(|layer| layer["parameters"].as_array().expect("parameters"));
            let found = parameters.find(|p| p["name"] == name).unwrap_or_else(|| panic!("no {name} in {info}"));
            (found["learns"].as_bool().unwrap(), found["measured"].as_bool().unwrap())
        };
        for name in ["layers.1.gamma", "layers.1.beta", "layers.0.weight", "layers.2.tau_m"] {
            assert_eq!(of(name), (true, false), "{name}");
        }
        for name in ["layers.1.running_mean", "layers.1.running_var"] {
            assert_eq!(of(name), (false, true), "{name}");
        }
        assert_eq!(of("layers.2.v_th"), (false, false));
    }
    assert!(succeed(at, "info run").stdout.contains("measured"));
}

/// The digits as an MNIST-style folder whose pixels are elements of another type.
fn digits_as(folder: &Path, code: u8, element: impl Fn(u8) -> Vec<u8>) {
    let digits = Dataset::digits();
    for (name, split) in [("train", &digits.train), ("t10k", &digits.test)] {
        let batch = split.batch(&(0..200).collect::<Vec<_>>()).unwrap();
        let Values::Bytes(pixels) = batch.values else { panic!("pixels are bytes") };
        let mut images = vec![0, 0, code, 3, 0, 0, 0, 200, 0, 0, 0, 8, 0, 0, 0, 8];
        images.extend(pixels.into_iter().flat_map(&element));
        let mut labels = vec![0, 0, 8, 1, 0, 0, 0, 200];
        labels.extend(batch.targets.classes().unwrap().iter().map(|&class| class as u8));
        fs::write(folder.join(format!("{name}-images-idx3-ubyte")), images).unwrap();
        fs::write(folder.join(format!("{name}-labels-idx1-ubyte")), labels).unwrap();
    }
}

#[test]
fn a_picture_is_read_as_the_pixels_of_the_training_were() {
    let (folder, digits) = (tempfile::tempdir().unwrap(), Dataset::digits());
    let at = folder.path();
    let Values::Bytes(pixels) = digits.test.batch(&[5]).unwrap().values else { panic!("pixels are bytes") };
    fs::write(at.join("five.pgm"), b"P5 8 8 255\n".iter().copied().chain(pixels).collect::<Vec<u8>>()).unwrap();
    let normalised = |pixel: u8| ((f32::from(pixel) / 255.0 - 0.3) / 0.4).to_be_bytes().to_vec();
    let wide = |pixel: u8| (i16::from(pixel) * 128).to_be_bytes().to_vec();
    for (name, code, element) in [("normalised", 0x0d, &normalised as &dyn Fn(u8) -> Vec<u8>), ("wide", 0x0b, &wide)] {
        let data = at.join(name);
        fs::create_dir(&data).unwrap();
        digits_as(&data, code, element);
        let encoder = "constant_current";
        succeed(at, &format!("train --epochs 1 --steps 4 --encoder {encoder} --data {name} --out run-{name}"));
        let of = |stdout: &str| json(stdout)["predictions"][0]["scores"].clone();
        let last = format!("run-{name}/checkpoints/last.bpk");
        let by_index = of(&succeed(at, &format!("predict {last} --index 5 --data {name} --json")).stdout);
        let picture = succeed(at, &format!("predict {last} --image five.pgm --json"));
        assert_eq!(of(&picture.stdout), by_index, "{name}");
        assert!(picture.stderr.contains("black is read as"), "{}", picture.stderr);
    }
    let dark = at.join("dark");
    fs::create_dir(&dark).unwrap();
    digits_as(&dark, 0x08, |pixel| vec![u8::from(pixel > 127)]);
    let warned = succeed(at, "train --epochs 1 --steps 4 --data dark --out run-dark").stderr;
    assert!(warned.contains("bytes of 0 and 1"), "{warned}");
}
