//! Sweeps: many trainings, killed and resumed, halved, failed and listed.

mod common;

use common::{SMALL, command, run, succeed};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Three values, of which one is impossible, with two seeds each.
const TAUS: &str = r#"
config = "small.toml"
seeds = [0, 1]
jobs = 2

[keys]
"network.layers.1.tau_m.value" = [2.0, 0.5, 4.0]
"#;

/// A folder with a configuration and a sweep `name.toml`.
fn prepared(name: &str, sweep: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    fs::write(folder.path().join(format!("{name}.toml")), sweep).unwrap();
    folder
}

fn text(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn a_killed_sweep_goes_on_to_the_same_table() {
    let whole = prepared("taus", TAUS);
    let ran = run(whole.path(), "sweep taus.toml");
    assert_eq!(ran.code, 1, "two runs fail: {}", ran.stderr);
    assert!(ran.stdout.contains("2 of 2") && ran.stdout.contains("0 of 2"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("run 002 failed: ") && ran.stdout.contains("expected a value above 1"),
        "{}",
        ran.stdout
    );
    let table = text(whole.path(), "taus/table.csv");
    let states: Vec<&str> = table.lines().skip(1).map(|line| line.split(',').nth(3).unwrap()).collect();
    assert_eq!(states, ["done", "done", "failed", "failed", "done", "done"], "{table}");
    assert!(text(whole.path(), "taus/network.layers.1.tau_m.value.svg").starts_with("<svg"));

    let killed = prepared("taus", TAUS);
    let mut sweep = command(killed.path(), "sweep taus.toml --jobs 1").stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !killed.path().join("taus/runs/001/config.toml").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the second run does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    sweep.kill().unwrap();
    sweep.wait().unwrap();
    // a training of it may still be at work, which is waited for
    assert_eq!(run(killed.path(), "sweep taus.toml").code, 1);
    assert_eq!(text(killed.path(), "taus/table.csv"), table);
    for index in [0, 1, 4, 5] {
        let measures = |folder: &Path| text(folder, &format!("taus/runs/{index:03}/metrics.jsonl"));
        assert_eq!(measures(killed.path()), measures(whole.path()));
    }

    // one run after the other, as jobs of an array
    let array = prepared("taus", TAUS);
    for index in 0..6 {
        let code = run(array.path(), &format!("sweep taus.toml --run {index}")).code;
        assert_eq!(code, i32::from(index >= 2), "failures are there from run 2 on");
    }
    run(array.path(), "sweep taus.toml --table");
    assert_eq!(text(array.path(), "taus/table.csv"), table);
}

#[test]
fn the_better_half_goes_on() {
    let sweep = r#"
        config = "small.toml"
        search = { random = 4, seed = 1 }
        halving = { first = 1 }
        [keys]
        "training.epochs" = [4]
        "training.learning_rate" = { from = 1e-6, to = 1e-1, log = true }
    "#;
    let folder = prepared("rates", sweep);
    let at = folder.path();
    let ran = succeed(at, "sweep rates.toml --jobs 2");
    assert!(ran.stderr.contains("after epoch 1 2 of 4 points go on"), "{}", ran.stderr);
    let epochs = |index: usize| text(at, &format!("rates/runs/{index:03}/metrics.jsonl")).lines().count();
    let mut done: Vec<usize> = (0..4).map(epochs).collect();
    done.sort_unstable();
    assert_eq!(done, [1, 1, 2, 4]);
    let table = text(at, "rates/table.csv");
    assert_eq!((table.matches("given up").count(), table.matches(",done,").count()), (3, 1), "{table}");
    // the one that was left is the one that a training without pauses gives
    let left = (0..4).find(|&index| epochs(index) == 4).unwrap();
    let row = table.lines().nth(left + 1).unwrap();
    let rate = row.split(',').nth(2).unwrap();
    succeed(at, &format!("train --config small.toml --epochs 4 --learning-rate {rate} --out straight"));
    assert_eq!(text(at, "straight/metrics.jsonl"), text(at, &format!("rates/runs/{left:03}/metrics.jsonl")));
    assert_eq!(succeed(at, "sweep rates.toml").stdout, ran.stdout);
}

#[test]
fn a_random_search_is_drawn_as_dots() {
    // at least two of the points have the same batch size, and no line joins them
    let sweep = r#"
        config = "small.toml"
        search = { random = 3, seed = 0 }
        [keys]
        "training.batch_size" = { from = 20, to = 21, whole = true }
        "training.learning_rate" = { from = 1e-5, to = 1e-1, log = true }
    "#;
    let folder = prepared("search", sweep);
    succeed(folder.path(), "sweep search.toml --jobs 2");
    let rates = text(folder.path(), "search/training.learning_rate.svg");
    assert!(rates.contains("log10 of training.learning_rate") && !rates.contains("batch_size"), "{rates}");
    assert_eq!(rates.matches("r=\"6\"").count(), 3, "{rates}");
}

#[test]
fn arrays_are_scripts() {
    let folder = prepared("taus", TAUS);
    succeed(folder.path(), "sweep taus.toml --slurm taus.sbatch");
    let script = text(folder.path(), "taus.sbatch");
    assert!(script.contains("#SBATCH --array=0-5%2\n") && script.contains("sweep taus.toml --run"), "{script}");
    assert!(!folder.path().join("taus").exists());
}

#[test]
fn bad_sweeps_are_refused() {
    for (sweep, words) in [
        ("", "missing field `keys`"),
        ("[keys]", "keys: is empty"),
        ("jobs = 0\n[keys]\na = [1]", "jobs: is 0"),
        ("seeds = [1, 1]\n[keys]\na = [1]", "seeds: is [1, 1]; expected at least one, each once"),
        ("[keys]\na = []", "keys.\"a\": has no values"),
        ("[keys]\na = { from = 1, to = 2 }", "keys.\"a\": is a range, which has no grid; give a list"),
        ("search = { random = 3 }\n[keys]\na = { from = 2, to = 1 }", "keys.\"a\": is from 2 to 1"),
        ("search = { random = 3 }\n[keys]\na = { from = 0, to = 1, log = true }", "logarithms need a range above 0"),
        ("search = { random = 0 }\n[keys]\na = [1]", "search.random: is 0"),
        ("search = \"all\"\n[keys]\na = [1]", "search"),
        ("[keys]\n\"training.seed\" = [1]", "list them in `seeds`"),
        ("[keys]\n\"training.epoch\" = [1]", "unknown field `epoch`"),
        ("[keys]\n\"training.epochs\" = [1, 0]", "training.epochs: is 0"),
        ("config = \"none.toml\"\n[keys]\na = [1]", "none.toml: the configuration could not be read"),
        ("halving = { first = 0 }\n[keys]\n\"training.epochs\" = [1]", "at least 1 epoch"),
        ("halving = { first = 1 }\n[keys]\n\"training.epochs\" = [4]", "nothing is held out; set `validation = 0.1`"),
    ] {
        let folder = prepared("bad", sweep);
        let ran = run(folder.path(), "sweep bad.toml");
        assert!(ran.code == 1 && ran.stderr.contains(words), "{sweep}\n{}", ran.stderr);
        assert!(!folder.path().join("bad").exists(), "{sweep}");
    }
    let folder = prepared("taus", TAUS);
    let at = folder.path();
    assert!(run(at, "sweep taus.toml --run 6").stderr.contains("the sweep has 6 runs; expected 0 to 5"));
    assert!(run(at, "sweep none.toml").stderr.contains("none.toml: could not be read"));
    succeed(at, "sweep taus.toml --table");
    fs::write(at.join("taus.toml"), TAUS.replace("[0, 1]", "[0]")).unwrap();
    assert!(run(at, "sweep taus.toml").stderr.contains("taus: holds another sweep"));
    assert!(run(at, "train --until 0").stderr.contains("--until 0: expected an epoch"));
}
