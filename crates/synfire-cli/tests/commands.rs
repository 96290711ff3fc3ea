//! Sessions with the program, as a user has them.

mod common;

use common::{SMALL, command, run, succeed};
use serde_json::Value;
use std::fs;
use std::path::Path;
use synfire::checkpoint::{Checkpoint, StoredParameter};
use synfire_data::Values;
use tempfile::TempDir;

/// A folder with the small configuration in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("small.toml"), SMALL).expect("a file can be written");
    folder
}

fn parameters(file: &Path) -> Vec<StoredParameter> {
    Checkpoint::read(file).expect("a checkpoint that synfire wrote").parameters
}

/// Numbers of the parameters, without the keys that each network draws anew.
fn numbers(file: &Path) -> Vec<(String, Vec<u32>, Option<Vec<u32>>)> {
    let bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect();
    parameters(file).into_iter().map(|p| (p.name, bits(p.values), p.raw.map(bits))).collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[test]
fn from_training_to_export_and_back() {
    let folder = folder();
    let at = folder.path();
    let train = succeed(at, "train --config small.toml --out run --epochs 4");
    let [accuracy, run_folder] = train.last_two();
    assert!(accuracy.starts_with("test accuracy ") && accuracy.ends_with(" %"), "{accuracy}");
    assert_eq!(run_folder, "run folder run");
    assert_eq!(train.stderr.lines().filter(|line| line.starts_with("epoch ")).count(), 4, "{}", train.stderr);
    assert!(train.stdout.contains("layers.1.tau_m  2.000 -> "), "{}", train.stdout);
    let accuracy = train.number("test accuracy");
    assert!(accuracy > 60.0, "{accuracy}");

    // the network that is kept is the one that was measured
    let eval = succeed(at, "eval run/checkpoints/best.bpk");
    assert_eq!(eval.number("accuracy"), accuracy);

    let info = succeed(at, "info run/checkpoints/last.bpk");
    for word in ["layers.1.tau_m", "steps", "[24, 64]", "yes, after epoch 4 of 4", "8 x 8"] {
        assert!(info.stdout.contains(word), "no {word} in {}", info.stdout);
    }
    assert!(succeed(at, "info run/checkpoints/best.bpk").stdout.contains("resumable   no"));

    succeed(at, "export run/checkpoints/best.bpk --out network.safetensors");
    succeed(at, "export network.safetensors --out again.bpk");
    assert_eq!(run(at, "export network.safetensors --out again.bpk").code, 1);
    succeed(at, "export network.safetensors --out again.bpk --force");
    for file in ["network.safetensors", "again.bpk"] {
        assert_eq!(succeed(at, &format!("eval {file}")).number("accuracy"), accuracy, "{file}");
        assert!(succeed(at, &format!("info {file}")).stdout.contains("layers.3.tau_m"));
    }

    let first = |stdout: &str| json(stdout)["predictions"][0].clone();
    let by_index = first(&succeed(at, "predict network.safetensors --index 5 --json").stdout);
    assert_eq!(by_index["scores"].as_array().map(Vec::len), Some(10));
    // the same sample as a picture
    let digits = synfire_data::Dataset::digits();
    let Values::Bytes(pixels) = digits.test.batch(&[5]).unwrap().values else { panic!("pixels are bytes") };
    fs::write(at.join("five.pgm"), b"P5 8 8 255\n".iter().copied().chain(pixels).collect::<Vec<u8>>())
        .expect("a picture");
    let by_picture = first(&succeed(at, "predict run/checkpoints/best.bpk --image five.pgm --json").stdout);
    assert_eq!(by_index["scores"], by_picture["scores"]);
    assert_eq!(by_index["label"], digits.test.labels().unwrap()[5]);
    let text = succeed(at, "predict network.safetensors --index 5").stdout;
    assert!(text.contains(&format!("class {}", by_index["class"])), "{text}");
    // sure of most before the last step, and nearly as often right
    let early = json(&succeed(at, "eval run/checkpoints/best.bpk --exit 0.8 --json").stdout);
    let (steps, right) = (early["mean_steps"].as_f64().unwrap(), 100.0 * early["accuracy"].as_f64().unwrap());
    assert!((1.0..5.0).contains(&steps) && right > accuracy - 15.0, "{early}");
    let answered: u64 = early["answered_at"].as_array().unwrap().iter().filter_map(Value::as_u64).sum();
    assert_eq!(Some(answered), early["samples"].as_u64());
    let text = succeed(at, "predict network.safetensors --index 5 --exit 0.8").stdout;
    assert!(text.contains(" steps (its label is "), "{text}");
    // several at once are the same as one at a time
    let several = json(&succeed(at, "predict network.safetensors --index 4 --count 3 --json").stdout);
    assert_eq!(several["predictions"].as_array().map(Vec::len), Some(3));
    assert_eq!(several["predictions"][1], by_index);
}

#[test]
fn fine_tuning_moves_what_it_may_and_nothing_else() {
    let folder = folder();
    let at = folder.path();
    succeed(at, "train --config small.toml --out run");
    let before = numbers(&at.join("run/checkpoints/best.bpk"));
    let line = "train --init run/checkpoints/best.bpk --out tuned --epochs 1 --neuron-learning-rate 0.05 --train-only *.tau --json";
    let tuned = json(&succeed(at, line).stdout);
    assert_eq!(tuned["run_folder"], "tuned");
    assert_eq!(tuned["epochs"], 1);
    assert_eq!(tuned["time_constants"]["layers.1.tau_m"]["unit"], "steps");
    assert!(
        tuned["test_accuracy"].is_f64() && tuned["test_loss"].is_f64() && tuned["firing_rates"]["layers.1"].is_f64()
    );
    let after = numbers(&at.join("tuned/checkpoints/last.bpk"));
    assert_eq!(before.len(), after.len());
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old == new, !old.0.contains(".tau"), "{}", old.0);
    }
}

#[test]
fn a_resumed_training_is_the_same_as_a_longer_one() {
    let folder = folder();
    let at = folder.path();
    succeed(at, "train --config small.toml --out parts --epochs 2");
    let refused = run(at, "train --resume parts");
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("train longer with --epochs"), "{}", refused.stderr);
    let resumed = succeed(at, "train --resume parts --epochs 4");
    assert!(resumed.stderr.contains("epoch 3/4") && !resumed.stderr.contains("epoch 2/4"), "{}", resumed.stderr);
    let once = succeed(at, "train --config small.toml --out once --epochs 4");
    assert_same_run(at, "parts", "once");
    assert_eq!(resumed.number("test accuracy"), once.number("test accuracy"));
}

/// As one that is killed while its result is measured and its pictures are drawn.
#[test]
fn a_training_without_its_result_is_brought_to_its_end() {
    let folder = folder();
    let at = folder.path();
    let whole = succeed(at, "train --config small.toml --out run --epochs 2");
    let result = at.join("run/result.json");
    std::fs::remove_file(&result).expect("there was a result");
    let resumed = succeed(at, "train --resume run");
    assert_eq!(resumed.number("test accuracy"), whole.number("test accuracy"));
    assert!(result.is_file());
    // that of a part is not left to stand for the whole
    succeed(at, "train --resume run --epochs 3");
    let epochs = &json(&std::fs::read_to_string(&result).expect("a result"))["epochs"];
    assert_eq!(epochs, 3);
}

#[test]
fn the_seed_decides_and_the_number_of_threads_does_not() {
    let folder = folder();
    let at = folder.path();
    for (out, options) in [("a", "--threads 1"), ("b", "--threads 2"), ("c", ""), ("d", "--seed 1")] {
        succeed(at, &format!("train --config small.toml --out {out} {options}"));
    }
    assert_same_run(at, "a", "b");
    assert_same_run(at, "a", "c");
    let metrics = |run: &str| fs::read(at.join(run).join("metrics.jsonl")).expect("metrics");
    assert_ne!(metrics("a"), metrics("d"));
}

fn assert_same_run(at: &Path, a: &str, b: &str) {
    for file in ["metrics.jsonl", "metrics.csv"] {
        let read = |run: &str| fs::read_to_string(at.join(run).join(file)).expect("a run has metrics");
        assert_eq!(read(a), read(b), "{file}");
    }
    for file in ["checkpoints/last.bpk", "checkpoints/best.bpk"] {
        assert!(numbers(&at.join(a).join(file)) == numbers(&at.join(b).join(file)), "{file} of {a} and {b} differ");
    }
}

/// Ctrl-C in the middle of an epoch, and on from there.
#[cfg(unix)]
#[test]
fn an_interrupted_training_goes_on_as_if_nothing_had_been() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let folder = folder();
    let at = folder.path();
    let line = "train --config small.toml --epochs 12 --batch-size 16";
    let mut child = command(at, &format!("{line} --out parts"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
    let mut said = String::new();
    while !said.contains("epoch  1/12") {
        assert_ne!(stderr.read_line(&mut said).expect("stderr is text"), 0, "ended early: {said}");
    }
    let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(killed.expect("sh runs").success());
    stderr.read_to_string(&mut said).expect("stderr is text");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().last(), Some("run folder parts"));
    assert!(said.contains("synfire train --resume parts"), "{said}");

    succeed(at, "train --resume parts");
    succeed(at, &format!("{line} --out once"));
    assert_same_run(at, "parts", "once");
}

#[test]
fn without_options_it_trains_plif_neurons_on_the_digits() {
    let folder = folder();
    let at = folder.path();
    let first = succeed(at, "train --epochs 1 --steps 3");
    assert_eq!(first.last_two()[1], "run folder runs/001-plif-digits");
    let second = succeed(at, "train --epochs 1 --steps 3 --neuron lif");
    assert_eq!(second.last_two()[1], "run folder runs/002-lif-digits");
}

#[test]
fn every_model_with_a_gradient_trains() {
    let folder = folder();
    for model in synfire::neuron::registry::models() {
        let name = model.info.name;
        let line = format!("train --neuron {name} --epochs 1 --steps 2 --batch-size 512 --out {name} --json");
        let ran = run(folder.path(), &line);
        if model.info.differentiable {
            assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
            assert!(json(&ran.stdout)["test_loss"].as_f64().is_some_and(f64::is_finite), "{name}: {}", ran.stdout);
        } else {
            assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
            assert!(ran.stderr.contains(&format!("no gradient flows through `{name}`")), "{name}: {}", ran.stderr);
        }
    }
}

#[test]
fn lists_are_for_people_and_for_machines() {
    let folder = folder();
    let at = folder.path();
    for (line, word) in [
        ("models", "plif"),
        ("models list", "plif"),
        ("models lif", "tau_m"),
        ("models show LIF", "tau_m"),
        ("simulate lif", "leaky"),
        ("devices", "flex"),
        ("data list", "fashion-mnist"),
    ] {
        assert!(succeed(at, line).stdout.contains(word), "{line}");
        let value = json(&succeed(at, &format!("{line} --json")).stdout);
        assert!(value.to_string().contains(word), "{line}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(succeed(at, &format!("completions {shell}")).stdout.contains("synfire"), "{shell}");
    }
    assert!(succeed(at, "--version").stdout.starts_with("synfire "));
    for command in [
        "train",
        "eval",
        "predict",
        "export",
        "import",
        "profile",
        "info",
        "models",
        "simulate",
        "data get",
        "completions",
    ] {
        assert!(succeed(at, &format!("{command} --help")).stdout.contains("Examples:"), "{command}");
    }
}

#[test]
fn a_network_goes_to_another_framework_and_comes_back() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("lif.toml"), SMALL.replace("plif", "lif")).expect("a file can be written");
    succeed(at, "train --config lif.toml --out run --epochs 2");
    let accuracy = succeed(at, "eval run").number("accuracy");
    let exported = succeed(at, "export run --format snntorch --out net.safetensors");
    for words in ["class Net(torch.nn.Module)", "snn.Leaky(beta=", "written net.safetensors", "written net.py"] {
        assert!(exported.stdout.contains(words), "no {words} in {}", exported.stdout);
    }
    assert!(fs::read_to_string(at.join("net.py")).unwrap().contains("class Net"));
    let imported = succeed(at, "import net.safetensors --network lif.toml --input 8,8 --out back.bpk");
    for words in ["matched  layers.0.weight   fc1.weight ", "read by the rules of snntorch", "written back.bpk"] {
        assert!(imported.stdout.contains(words), "no {words} in {}", imported.stdout);
    }
    let report = json(&succeed(at, "import net.safetensors --network lif.toml --out back.bpk --force --json").stdout);
    assert_eq!(report["framework"], "snntorch");
    assert_eq!(report["entries"][0]["status"], "matched");
    assert_eq!(succeed(at, "eval back.bpk").number("accuracy"), accuracy);
    assert_eq!(run(at, "import net.safetensors --network lif.toml --out back.bpk").code, 1);
    succeed(at, "export run --out net.npz");
    assert!(fs::read(at.join("net.npz")).unwrap().starts_with(b"PK"));
}

#[test]
fn a_profile_is_a_table_an_object_and_a_picture() {
    let folder = folder();
    let at = folder.path();
    succeed(at, "train --config small.toml --out run --epochs 1");
    let profile = succeed(at, "profile run --samples 50 --exit 0.9 --plot profile.svg");
    for words in ["layers.0", "ACs", "0.9 pJ per AC, 4.6 pJ per MAC", "exit     at a probability of 0.9", "compute"] {
        assert!(profile.stdout.contains(words), "no {words} in {}", profile.stdout);
    }
    assert!(fs::read_to_string(at.join("profile.svg")).unwrap().starts_with("<svg"));
    let json = json(&succeed(at, "profile run --samples 50 --update-pj 0 --json").stdout);
    assert_eq!((json["samples"].as_u64(), json["constants"]["update_pj"].as_f64()), (Some(50), Some(0.0)));
    let energy = |layer: &Value| 0.9 * layer["acs"].as_f64().unwrap() + 4.6 * layer["macs"].as_f64().unwrap();
    let total = &json["total"];
    assert!((total["energy_pj"].as_f64().unwrap() - energy(total)).abs() < 1e-3 * energy(total));
}

#[test]
fn the_example_configurations_are_right() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let read = |name: &str| synfire::train::TrainConfig::read(examples.join(name)).expect("an example");
    let standard = synfire::train::TrainConfig::standard();
    let digits = read("digits_plif.toml");
    assert_eq!(digits.training, standard.training);
    assert_eq!(digits.network.layers.len(), standard.network.layers.len());

    let mnist = read("mnist_mlp.toml");
    assert_eq!((mnist.training.epochs, mnist.training.batch_size, mnist.training.drop_last), (3, 128, true));
    let network = mnist.network.init(&[28, 28], 10, 0, &burn::tensor::Device::flex()).expect("a network");
    for (name, value) in synfire::train::time_constants(&network) {
        assert!(((-1.0 / value).exp() - 0.9).abs() < 1e-7, "{name} {value}");
    }
}

/// `digits_plif.toml` says that it is what happens without a configuration file.
#[test]
fn the_written_out_standard_trains_like_the_standard() {
    let folder = folder();
    let at = folder.path();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/digits_plif.toml");
    fs::copy(example, at.join("digits_plif.toml")).expect("the example is there");
    succeed(at, "train --epochs 1 --out short");
    succeed(at, "train --epochs 1 --config digits_plif.toml --out long");
    assert_same_run(at, "short", "long");
}

#[test]
fn coding_is_listed_and_chosen_with_settings() {
    let folder = folder();
    let at = folder.path();
    let all = json(&succeed(at, "coding --json").stdout);
    let encoders = json(&succeed(at, "coding encoders --json").stdout);
    assert_eq!(all["encoders"], encoders);
    let poisson = encoders.as_array().unwrap().iter().find(|entry| entry["name"] == "poisson").unwrap();
    assert_eq!(poisson["settings"]["unit_conversion"], 1.0);
    let text = succeed(at, "coding encoders").stdout;
    assert!(text.contains("constant, float") && text.contains("cut_off = 0.05,"), "{text}");

    let options = "train --config small.toml --epochs 1 --encoder {name=\"poisson\",unit_conversion=0.5} --loss mse";
    succeed(at, &format!("{options} --out run"));
    let checkpoint = Checkpoint::read(at.join("run/checkpoints/last.bpk")).unwrap();
    assert_eq!(checkpoint.description.model.encoder.settings()["unit_conversion"], 0.5);
}
