//! Bad input ends with a message that says what is wrong, where, and what to do; and leaves nothing.

mod common;

use burn::tensor::Device;
use common::{SMALL, contents, run};
use std::fs;
use std::path::Path;
use synfire::checkpoint::Checkpoint;
use synfire::network::NetworkConfig;

/// Arguments, exit code, and what the message must contain.
type Case = (&'static str, i32, &'static [&'static str]);

const DATA: &[Case] = &[
    (
        "train --out run --data gzip",
        1,
        &["gzip/train-images-idx3-ubyte.gz", "cut short", "fetch or copy the file again"],
    ),
    (
        "train --out run --data magic",
        1,
        &["magic/train-images-idx3-ubyte", "expected the header `00 00 TYPE DIMENSIONS`", "is this an IDX file"],
    ),
    ("train --out run --data count", 1, &["count/train-labels-idx1-ubyte", "1437 images but 3 labels", "same set"]),
    (
        "train --out run --data label",
        1,
        &["label", "sample 7 of the test part has the class `10`", "expected one of 0, 1, 2"],
    ),
    (
        "train --out run --data empty",
        1,
        &["empty/t10k-images-idx3-ubyte", "byte 0: the file is empty", "copy or write it again"],
    ),
    ("train --out run --data folder", 1, &["folder/train-images-idx3-ubyte", "is a folder", "expected a file"]),
    (
        "train --out run --data missing",
        1,
        &["missing: holds no data of a known kind", "it is an empty folder", "expected IDX files"],
    ),
    (
        "train --out run --data good.bpk",
        1,
        &["good.bpk: holds no data of a known kind", "begins with the bytes", "expected IDX files"],
    ),
    ("train --out run --data nowhere", 1, &["no file or folder nowhere", "synfire data get"]),
    ("data get imagenet", 1, &["no data set `imagenet`", "mnist, fashion-mnist"]),
];

const CONFIGURATION: &[Case] = &[
    (
        "train --out run --config unknown_key.toml",
        1,
        &["unknown_key.toml", "line 3", "learning_speed", "learning_rate"],
    ),
    ("train --out run --config unknown_setting.toml", 1, &["unknown_setting.toml", "`tau`", "layers.1", "tau_m"]),
    (
        "train --out run --config negative_tau.toml",
        1,
        &["negative_tau.toml", "`tau_m` of `lif` is -3 ms", "above 0 ms"],
    ),
    ("train --out run --config no_steps.toml", 1, &["no_steps.toml", "network.steps", "is 0", "at least 1"]),
    ("train --out run --config unknown_model.toml", 1, &["unknown_model.toml", "unknown neuron model `liff`", "`lif`"]),
    ("train --out run --config not_toml.toml", 1, &["not_toml.toml", "line 1"]),
    ("train --out run --config gzip", 1, &["gzip", "directory", "expected a TOML or JSON file"]),
    (
        "train --out run --config nowhere.toml",
        1,
        &["nowhere.toml", "could not be read", "expected a TOML or JSON file"],
    ),
    ("train --out run --config small.toml --neuron lif", 1, &["--neuron lif", "small.toml", "change"]),
    ("train --out run --steps 0", 1, &["network.steps", "is 0", "at least 1"]),
    ("train --out run --epochs 0", 1, &["training.epochs", "is 0", "at least 1"]),
    ("train --out run --batch-size 0", 1, &["training.batch_size", "is 0", "at least 1"]),
    ("train --out run --learning-rate -1", 1, &["training.learning_rate", "is -1", "above 0"]),
    ("train --out run --seed -1", 2, &["'-1'", "--seed", "expected a whole number, 0 or more"]),
    ("train --out run --epochs 2.5", 2, &["'2.5'", "--epochs", "expected a whole number, 0 or more"]),
    ("train --out run --optimizer adma", 1, &["--optimizer adma", "unknown variant `adma`", "`adam`"]),
    ("train --out run --validation 1.5", 1, &["training.validation", "is 1.5", "a share in [0, 1)"]),
    ("train --out run --patience 3", 1, &["training.patience", "needs validation data"]),
    ("train --out run --set training.epoch=3", 1, &["--set training.epoch=3", "unknown field `epoch`", "epochs"]),
    ("train --out run --set network.layers.9.v_th=1", 1, &["--set", "`network.layers` has no `9`", "0 to 3"]),
    ("train --out run --set network.layers.1.tau_m=-3", 1, &["layers.1: parameter `tau_m` of `plif` is -3"]),
    ("train --out run --config small.toml --hidden 3", 1, &["--hidden", "small.toml"]),
    ("train --out run --init-skip a", 2, &["--init"]),
    ("train --out run --config infinite.toml", 1, &["infinite.toml", "`tau_m` is inf", "a finite number"]),
    ("train --out run --config late.toml", 1, &["late.toml", "layers.1.delay", "is 5 steps, a sample has 5"]),
    ("train --out run --config half_epoch.toml", 1, &["half_epoch.toml", "`2.5`, expected a whole number"]),
    (
        "train --out run --config negative_tau.toml --epochs 1",
        1,
        &["negative_tau.toml with the options given: layers.1: parameter `tau_m` of `lif` is -3 ms"],
    ),
    (
        "train --out run --config populations.toml",
        1,
        &["populations.toml", "10 neurons, 2 populations of 5 (`pop_size`)", "`linear = 50`"],
    ),
    (
        "train --out run --set network.steps=900000 --hidden 100000",
        1,
        &["a training step of 32 samples needs at least", "are free; lower `batch_size` (now 32)", "`accumulate`"],
    ),
    (
        "train --out run --config vast.toml",
        1,
        &["the network needs at least", "are free; make `layers.", ".weight` [32000, 32000] smaller"],
    ),
    ("train --out run --learning-rate fast", 2, &["fast", "--learning-rate"]),
    ("train --out run --neuron pliff", 1, &["unknown neuron model `pliff`", "did you mean `plif`"]),
    ("train --out run --encoder poison", 1, &["unknown encoder `poison`", "did you mean `poisson`"]),
    ("train --out run --decoder counts", 1, &["unknown decoder `counts`", "spike_counts"]),
    (
        "train --out run --decoder complex_count --loss cross_entropy",
        1,
        &["no gradient flows through the scores of `complex_count`", "first_spike_time"],
    ),
    ("train --out run --loss entropy", 1, &["unknown loss `entropy`", "cross_entropy"]),
    ("train --out run --encoder {name=\"poison\"}", 1, &["unknown encoder `poison`", "did you mean `poisson`"]),
    ("train --out run --encoder {name=\"poisson\",rate=2}", 1, &["`poisson` has no setting `rate`", "unit_conversion"]),
    ("train --out run --encoder {name=\"poisson\",unit_conversion=0}", 1, &["network.encoder.unit_conversion", "is 0"]),
    ("train --out run --encoder {name=poisson}", 1, &["encoder `{name=poisson}`"]),
    ("train --out run --decoder {unit=1}", 1, &["a decoder needs a `name"]),
    ("coding encodings", 2, &["encodings", "encoders"]),
    ("train --out run --freeze layers.9.*", 1, &["unknown parameter `layers.9.*`", "layers.0.weight"]),
    ("train --out run --freeze *", 1, &["nothing is left to learn"]),
    ("train --out run --precision f12", 1, &["`f12`", "f16"]),
    ("models plfi", 1, &["unknown neuron model `plfi`", "`plif`"]),
    ("models show plfi", 1, &["unknown neuron model `plfi`", "`plif`"]),
    ("models lif --markdown", 2, &["--markdown"]),
    ("--threads 0 devices", 2, &["--threads", "expected 1 to"]),
    ("--threads 100000 devices", 2, &["--threads", "expected 1 to", "processors"]),
];

const PLACES: &[Case] = &[
    ("train --out run --device quantum", 1, &["device `quantum`", "this build has", "flex"]),
    ("train --out run --device flex:1", 1, &["device `flex:1`", "no numbered devices"]),
    ("train --out run --device flex,flex", 1, &["device `flex`", "is named twice", "expected another device"]),
    (
        "train --out run --device flex,ndarray",
        1,
        &["device `ndarray`", "is of another kind than flex", "take one kind"],
    ),
    ("train --out run --device cuda:0,cuda", 1, &["device `cuda`", "does not say which one", "`cuda:0,cuda:1`"]),
    ("train --out run --device flex:0,flex:1", 1, &["device `flex:0`", "no numbered devices"]),
    ("eval good.bpk --device flex,ndarray", 1, &["`flex,ndarray`", "several devices", "give one of them"]),
    ("eval good.bpk --exit 0", 1, &["--exit is 0", "above 0, at most 1"]),
    ("predict good.bpk --index 0 --exit 95", 1, &["--exit is 95", "above 0, at most 1"]),
    ("predict good.bpk --index 0 --exit NaN", 1, &["--exit is NaN", "0.95"]),
    ("eval good.bpk --device quantum", 1, &["device `quantum`", "this build has"]),
    ("train --out /dev/null/x", 1, &["/dev/null/x", "cannot be written", "--out"]),
    ("train --out good.bpk", 1, &["good.bpk", "cannot be written", "--out"]),
    ("train --out half_run", 1, &["half_run", "holds a run already", "--resume"]),
    ("train --resume nowhere", 1, &["nowhere", "is not a run folder"]),
    ("train --resume half_run", 1, &["half_run/checkpoints/last.bpk", "not a whole checkpoint"]),
    ("train --resume half_run --seed 3", 1, &["--seed", "--resume", "leave --seed out"]),
    ("train --resume half_run --precision f16", 1, &["--precision", "--resume", "leave --precision out"]),
    ("train --resume half_run --set training.seed=3", 1, &["--set", "--resume", "leave --set out"]),
    ("train --resume unsaved", 1, &["unsaved", "nothing of its training was saved", "start anew"]),
    ("train --resume no_training", 1, &["last.bpk", "no training state", "--init"]),
    ("export good.bpk --out good.safetensors", 1, &["good.safetensors", "exists already", "--force"]),
    ("export good.bpk --out /dev/null/x.bpk", 1, &["/dev/null/x.bpk", "could not be written"]),
    ("export good.bpk --out network", 1, &["network", ".bpk, .safetensors, .int8, .nir, .npz", "--format"]),
    ("export good.bpk --out a.safetensors --format snntorc", 2, &["snntorc", "snntorch"]),
    ("import good.bpk --network small.toml --out b.bpk", 1, &["good.bpk", "is no state dict", "torch.save"]),
    ("import good.bpk --network nowhere.toml --out b.bpk", 1, &["nowhere.toml", "could not be read"]),
    ("import good.bpk --network small.toml --out b", 1, &["b: the name tells no checkpoint format"]),
    ("import good.bpk --network small.toml --out b.bpk --from jax", 2, &["jax", "snntorch, spikingjelly"]),
    ("profile good.bpk --ac-pj -1", 1, &["ac_pj: is -1", "an energy in pJ"]),
    ("profile good.bpk --samples 0", 1, &["samples: there are none"]),
    ("profile good.bpk --plot a.gif", 1, &["--plot a.gif", "a.svg"]),
    ("export good.bpk --out gzip --force --format burnpack", 1, &["gzip", "is a folder"]),
];

const SIMULATION: &[Case] = &[
    ("simulate", 2, &["<NAME>"]),
    ("simulate liff", 1, &["unknown neuron model `liff`", "did you mean `lif`"]),
    ("simulate lif --param tau=3", 1, &["unknown setting `tau` in `lif`; did you mean `tau_m`"]),
    ("simulate lif --param tau_m=slow", 1, &["--param tau_m=slow", "`slow` is not a number"]),
    ("simulate lif --param tau_m=NaN", 1, &["--param tau_m=NaN", "finite"]),
    ("simulate lif --param tau_m=-3", 1, &["`tau_m` of `lif` is -3 ms", "above 0 ms"]),
    ("simulate lif --param tau_m", 1, &["--param tau_m", "NAME=VALUE"]),
    ("simulate lif --param tau_m=3 --param tau_m=4", 1, &["--param tau_m=4", "given twice"]),
    ("simulate lif --param initial.w=3", 1, &["unknown state `w`", "did you mean `v`? Known: v"]),
    ("simulate lif --set rest=none", 1, &["unknown setting `rest`", "did you mean `reset`"]),
    ("simulate lif --set reset=all", 1, &["`reset`", "all", "soft"]),
    ("simulate lif --set reset", 1, &["--set reset", "NAME=VALUE"]),
    ("simulate clif --param tau_p=8 --param tau_q=8", 1, &["`tau_p` and `tau_q` are both 8"]),
    ("simulate lif --dt 0", 1, &["--dt is 0", "above 0"]),
    ("simulate lif --dt -0.1", 1, &["--dt is -0.1", "above 0"]),
    ("simulate lif --dt NaN", 1, &["--dt is NaN", "above 0"]),
    ("simulate lif --dt soon", 2, &["soon", "--dt"]),
    ("simulate lif --time 0", 1, &["--time is 0", "above 0"]),
    ("simulate lif --time inf", 1, &["--time is inf", "above 0"]),
    ("simulate lif --time 0.05", 1, &["--time 0.05 ms is shorter than a step of 0.1 ms", "--dt"]),
    ("bench --net rec --T 25", 1, &["--T 25 with --net rec", "multiple of the 28 rows"]),
    ("bench --net csnn --neuron lif", 1, &["--neuron lif with --net csnn", "leave out --neuron"]),
    ("bench --net conv --hidden 4", 1, &["--hidden with --net conv", "leave it out"]),
    ("bench --precision f8", 1, &["unknown precision `f8`", "f16"]),
    ("bench --batch 0", 1, &["--batch is 0", "at least 1"]),
    ("bench --T 0", 1, &["--T is 0", "at least 1"]),
    ("bench --net rec --enc poisson", 1, &["--enc poisson with --net rec", "leave out --enc"]),
    ("simulate lif --time 1e9", 1, &["--time 1000000000 ms has 10000000000 steps", "at most 1000000"]),
    ("simulate lif --current NaN", 1, &["--current NaN", "not a finite number"]),
    ("simulate lif --current 1e60", 1, &["--current 1e60", "not a finite number"]),
    ("simulate lif --current much", 1, &["--current much", "no such file", "step:AMPLITUDE:START:END"]),
    ("simulate lif --current step:1:20", 1, &["--current step:1:20", "step:AMPLITUDE:START:END"]),
    ("simulate lif --current step:1:80:20", 1, &["--current step:1:80:20", "ends at 20 ms"]),
    ("simulate lif --current step:1:x:20", 1, &["--current step:1:x:20", "`x` is not a number"]),
    ("simulate lif --current ramp:1", 1, &["--current ramp:1", "ramp:FROM:TO"]),
    ("simulate lif --current sine:1:0", 1, &["--current sine:1:0", "period is 0 ms"]),
    ("simulate lif --current sine:1:NaN", 1, &["--current sine:1:NaN", "not a finite number"]),
    ("simulate lif --current gzip", 1, &["--current gzip", "is a folder", "CSV file"]),
    ("simulate lif --current empty.bpk", 1, &["empty.bpk", "no rows"]),
    ("simulate lif --current short.csv --time 100", 1, &["short.csv", "has 3 rows", "1000 steps", "--time"]),
    ("simulate lif --current wrong.csv", 1, &["wrong.csv", "line 3", "`much`", "expected a finite number"]),
    ("simulate lif --current nan.csv", 1, &["nan.csv", "line 2", "`NaN`", "expected a finite number"]),
    ("simulate lif --current ragged.csv", 1, &["ragged.csv", "line: 3"]),
    ("simulate lif --current nameless.csv", 1, &["nameless.csv", "2 columns", "`input` or `current`"]),
    ("simulate lif --input reward=1", 1, &["unknown input `reward`", "known: current"]),
    ("simulate lif --input current=1", 1, &["--input current=1", "given twice", "--current"]),
    ("simulate qlif --input reward=much", 1, &["--current much", "no such file"]),
    ("simulate qlif --input reward", 1, &["--input reward", "NAME=VALUE"]),
    ("simulate lif --plot a.gif", 1, &["--plot a.gif", "pictures are SVG or PNG, not GIF", "a.svg"]),
    ("simulate lif --plot a.b.PDF", 1, &["not PDF", "a.b.svg"]),
    ("simulate clif --param tau_p=8 --param tau_q=8.00001", 1, &["`tau_p` is 8", "at least 0.08"]),
    ("simulate lif --plot nowhere/a.svg", 1, &["--plot nowhere/a.svg", "no folder nowhere"]),
    ("simulate lif --csv nowhere/a.csv", 1, &["--csv nowhere/a.csv", "no folder nowhere"]),
    ("simulate lif --plot a.svg --csv gzip", 1, &["--csv gzip", "is a folder"]),
    ("simulate lif --plot /dev/full/a.svg", 1, &["/dev/full/a.svg", "no folder /dev/full"]),
    ("simulate lif --plot a.svg --csv a.svg", 1, &["--plot and --csv", "a.svg", "two names"]),
    ("simulate lif --device quantum", 1, &["device `quantum`", "this build has"]),
];

const CHECKPOINTS: &[Case] = &[
    ("train --out run --init other.bpk --config small.toml", 1, &["other.bpk", "checkpoint of another network"]),
    ("train --out run --init large.bpk", 1, &["large.bpk", "28 x 28", "8 x 8", "--data"]),
    ("train --out run --init half.bpk", 1, &["half.bpk", "not a whole checkpoint", "cut short"]),
    ("train --out run --init good.bpk --neuron lif", 1, &["--neuron lif", "--init"]),
    ("eval large.bpk", 1, &["large.bpk", "28 x 28", "8 x 8", "--data"]),
    ("eval half.bpk", 1, &["half.bpk", "not a whole checkpoint", "copy it again"]),
    ("eval changed.bpk", 1, &["changed.bpk", "does not match its checksum", "copy the file again"]),
    ("eval changed.safetensors", 1, &["changed.safetensors", "does not match its checksum"]),
    ("eval unsaved", 1, &["unsaved", "nothing of its training was saved yet"]),
    ("eval half.safetensors", 1, &["half.safetensors", "neither a burnpack nor a safetensors file"]),
    ("eval empty.bpk", 1, &["empty.bpk", "is empty", "expected a checkpoint"]),
    ("eval small.toml", 1, &["small.toml", "neither a burnpack nor a safetensors file"]),
    ("eval gzip", 1, &["gzip", "is a folder", "expected a checkpoint file"]),
    ("eval nowhere.bpk", 1, &["nowhere.bpk", "could not be read"]),
    ("info half.bpk", 1, &["half.bpk", "not a whole checkpoint"]),
    ("export half.bpk --out half2.bpk", 1, &["half.bpk", "not a whole checkpoint"]),
    ("predict half.bpk --index 0", 1, &["half.bpk", "not a whole checkpoint"]),
    ("predict good.bpk", 2, &["--image", "--index"]),
    ("predict good.bpk --index 360", 1, &["--index 360", "360 samples", "0 to 359"]),
    ("predict good.bpk --image wide.pgm", 1, &["wide.pgm", "4 x 6", "8 x 8", "scale or crop"]),
    ("predict good.bpk --image small.toml", 1, &["small.toml", "expected a PNG"]),
    ("predict good.bpk --image nowhere.png", 1, &["nowhere.png", "cannot open"]),
];

const DIVERGING: &[Case] = &[
    ("train --out run --config small.toml --learning-rate 1e30", 1, &["became", "in epoch 1", "smaller learning rate"]),
    (
        "train --out run --config small.toml --decoder final_step_voltage --learning-rate 1e30",
        1,
        &["became", "in epoch 1", "smaller learning rate"],
    ),
];

#[test]
fn data() {
    check(DATA);
}

#[test]
fn configuration() {
    check(CONFIGURATION);
}

#[test]
fn devices_and_folders() {
    check(PLACES);
}

#[test]
fn simulation() {
    check(SIMULATION);
}

#[test]
fn devices_that_were_not_compiled_in() {
    if !cfg!(feature = "wgpu") {
        check(&[
            ("train --out run --device wgpu:9", 1, &["device `wgpu:9`", "not in this build", "--features wgpu"]),
            ("simulate lif --device wgpu:9", 1, &["device `wgpu:9`", "not in this build", "--features wgpu"]),
        ]);
    }
}

#[test]
fn checkpoints() {
    check(CHECKPOINTS);
}

#[test]
fn diverging() {
    check(DIVERGING);
}

fn check(cases: &[Case]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    prepare(folder.path());
    let before = contents(folder.path());
    for (line, code, words) in cases {
        let ran = run(folder.path(), line);
        let said = &ran.stderr;
        assert_eq!(ran.code, *code, "synfire {line}\n{said}");
        assert_eq!(ran.stdout, "", "synfire {line}: a result although it failed");
        let error = said.find("error: ").unwrap_or_else(|| panic!("synfire {line}: no `error: ` in\n{said}"));
        for word in *words {
            assert!(said[error..].contains(word), "synfire {line}: no `{word}` in\n{said}");
        }
        for word in ["panicked", "RUST_BACKTRACE", "bug in synfire", "unwrap"] {
            assert!(!said.contains(word), "synfire {line}: `{word}` in\n{said}");
        }
        let after = contents(folder.path());
        let (old, new): (Vec<_>, Vec<_>) = (before.keys().collect(), after.keys().collect());
        assert_eq!(old, new, "synfire {line}: files were left or removed");
        assert!(before == after, "synfire {line}: a file was changed");
    }
}

/// Fills a folder with everything that can be wrong.
fn prepare(folder: &Path) {
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("a file can be written");
    bad_data(folder);

    write("small.toml", SMALL.as_bytes());
    write("unknown_key.toml", SMALL.replacen("epochs = 2", "learning_speed = 2", 1).as_bytes());
    write("unknown_setting.toml", SMALL.replacen("v_th", "tau", 1).as_bytes());
    write("negative_tau.toml", SMALL.replace("plif", "lif").replacen("v_th = 0.5", "tau_m = -3.0", 1).as_bytes());
    write("no_steps.toml", SMALL.replace("steps = 5", "steps = 0").as_bytes());
    write("unknown_model.toml", SMALL.replace("plif", "liff").as_bytes());
    write("not_toml.toml", b"{ this is not TOML");
    let layers = "[[network.layers]]\nlinear = 32000\n".repeat(200);
    write("vast.toml", SMALL.replacen("[[network.layers]]", &format!("{layers}[[network.layers]]"), 1).as_bytes());
    write("infinite.toml", SMALL.replacen("v_th = 0.5", "tau_m = inf", 1).as_bytes());
    write("late.toml", SMALL.replacen("v_th = 0.5", "delay = 5", 1).as_bytes());
    write("half_epoch.toml", SMALL.replacen("epochs = 2", "epochs = 2.5", 1).as_bytes());
    let populations = "steps = 5\ndecoder = { name = \"spike_counts\", pop_size = 5 }";
    let populations = SMALL.replace("steps = 5", populations).replace("\"classes\"", "10");
    write("populations.toml", populations.as_bytes());

    let small = toml::from_str::<synfire::train::TrainConfig>(SMALL).expect("the configuration is right").network;
    let good = checkpoint(&small, &[8, 8]);
    good.write(&folder.join("good.bpk")).expect("a checkpoint can be written");
    good.write_safetensors(&folder.join("good.safetensors")).expect("a checkpoint can be written");
    let other = checkpoint(&NetworkConfig::two_layers("plif", 16, 5), &[8, 8]);
    other.write(&folder.join("other.bpk")).expect("a checkpoint can be written");
    checkpoint(&small, &[28, 28]).write(&folder.join("large.bpk")).expect("a checkpoint can be written");
    for format in ["bpk", "safetensors"] {
        let whole = fs::read(folder.join(format!("good.{format}"))).expect("the checkpoint is there");
        write(&format!("half.{format}"), &whole[..whole.len() / 2]);
        let mut changed = whole.clone();
        let at = whole.len() - 100;
        changed[at..at + 4].copy_from_slice(&[1, 2, 3, 4]);
        write(&format!("changed.{format}"), &changed);
    }
    write("empty.bpk", b"");

    for (run, last) in [("half_run", "half.bpk"), ("no_training", "good.bpk")] {
        fs::create_dir_all(folder.join(run).join("checkpoints")).expect("a folder can be made");
        write(&format!("{run}/config.toml"), SMALL.as_bytes());
        fs::copy(folder.join(last), folder.join(run).join("checkpoints/last.bpk")).expect("a file can be copied");
    }
    fs::create_dir_all(folder.join("unsaved/checkpoints")).expect("a folder can be made");
    write("unsaved/config.toml", SMALL.as_bytes());
    write("short.csv", b"1\n2\n3\n");
    write("wrong.csv", b"time,input\n0,1.5\n1,much\n");
    write("nan.csv", b"1\nNaN\n");
    write("ragged.csv", b"time,input\n0,1.5\n1\n");
    write("nameless.csv", b"0,1.5\n1,1.5\n");
    write("wide.pgm", &[b"P5 6 4 255\n".as_slice(), &[0; 24]].concat());
}

fn checkpoint(network: &NetworkConfig, input: &[usize]) -> Checkpoint {
    Checkpoint::of(&network.init(input, 10, 0, &Device::flex()).expect("the network is right"))
}

/// Folders that are the digits, but for one file.
fn bad_data(folder: &Path) {
    let digits = Path::new(env!("CARGO_MANIFEST_DIR")).join("../synfire-data/digits");
    let labels = |labels: &[u8]| [&[0, 0, 8, 1, 0, 0, (labels.len() >> 8) as u8, labels.len() as u8], labels].concat();
    let mut one_too_high = [0; 360];
    one_too_high[7] = 10;
    let images = fs::read(digits.join("train-images-idx3-ubyte.gz")).expect("the digits are in the repository");
    for (set, file, bytes) in [
        ("gzip", "train-images-idx3-ubyte.gz", Some(images[..images.len() / 2].to_vec())),
        ("magic", "train-images-idx3-ubyte", Some(b"<!DOCTYPE html>".to_vec())),
        ("count", "train-labels-idx1-ubyte", Some(labels(&[0, 1, 2]))),
        ("label", "t10k-labels-idx1-ubyte", Some(labels(&one_too_high))),
        ("empty", "t10k-images-idx3-ubyte", Some(vec![])),
        ("folder", "train-images-idx3-ubyte", None),
    ] {
        let set = folder.join(set);
        fs::create_dir(&set).expect("a folder can be made");
        for entry in fs::read_dir(&digits).expect("the digits are in the repository").flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "gz") {
                fs::copy(entry.path(), set.join(entry.file_name())).expect("a file can be copied");
            }
        }
        match bytes {
            Some(bytes) => fs::write(set.join(file), bytes).expect("a file can be written"),
            None => fs::create_dir(set.join(file)).expect("a folder can be made"),
        }
    }
    fs::create_dir(folder.join("missing")).expect("a folder can be made");
}
