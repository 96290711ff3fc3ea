//! The table of runs, curves and differences.

use super::{get, server, trained};
use axum::http::StatusCode;
use serde_json::json;
use synfire::train::{EpochRecord, RunFolder, TrainConfig};

/// A run folder of a training that goes on, in another `RunFolder`.
fn begun(folder: &std::path::Path, name: &str, epochs: usize) -> RunFolder {
    let run = RunFolder::create(folder.join(name)).unwrap();
    let config = TrainConfig::standard();
    run.write_config(&config.network, &config.training, &config.data).unwrap();
    let record = |epoch| EpochRecord { epoch, train_loss: 1.0 / epoch as f64, ..EpochRecord::default() };
    run.write_metrics(name, &(1..=epochs).map(record).collect::<Vec<_>>()).unwrap();
    run
}

#[test]
fn rows_tell_the_state_of_a_training() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    assert_eq!(get(&server, "/api/runs").json()["rows"], json!([]));
    let run = begun(folder.path(), "one", 2);
    let row = || get(&server, "/api/runs").json()["rows"][0].clone();
    assert_eq!((row()["state"].clone(), row()["epoch"].clone()), (json!("running"), json!(2)));
    assert_eq!(
        (row()["data"].clone(), row()["epochs"].clone(), row()["seed"].clone()),
        (json!("digits"), json!(30), json!(0))
    );
    assert_eq!(row()["network"], "linear 256, plif, linear classes, plif");
    drop(run);
    assert_eq!(row()["state"], "failed", "it ended without a checkpoint");
    std::fs::write(folder.path().join("one/checkpoints/last.bpk"), "").unwrap();
    assert_eq!(row()["state"], "stopped");
    std::fs::write(folder.path().join("one/metrics.jsonl"), "{}").unwrap();
    assert!(row()["problem"].as_str().unwrap().contains("the last line is damaged"));
    std::fs::remove_dir_all(folder.path().join("one")).unwrap();
    assert_eq!(get(&server, "/api/runs").json()["rows"], json!([]));
}

#[test]
fn a_finished_run_has_its_result_and_curves() {
    let server = server(trained());
    let rows = get(&server, "/api/runs").json();
    let row = &rows["rows"][0];
    assert_eq!((&row["id"], &row["state"], &row["accuracy_of"]), (&json!("a"), &json!("finished"), &json!("test")));
    assert!(row["accuracy"].as_f64().unwrap() > 0.15 && row["seconds"].as_f64().unwrap() > 0.0);
    let measures = get(&server, "/api/measures?run=a").json();
    let keys: Vec<&str> = measures.as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect();
    for key in ["train_loss", "learning_rate", "firing_rate.layers.1", "time_constant.layers.1.tau_m"] {
        assert!(keys.contains(&key), "{key} of {keys:?}");
        let csv = get(&server, &format!("/api/compare?run=a&measure={key}&format=csv"));
        assert!(csv.text().starts_with(&format!("run,epoch,{key}\na,1,")) && csv.text().lines().count() == 3);
    }
    let svg = get(&server, "/api/compare?run=a");
    assert!(svg.content_type == "image/svg+xml" && svg.text().contains("Spikes per neuron and step"));
    assert!(get(&server, "/api/compare?run=a&format=png").body.starts_with(b"\x89PNG"));
}

#[test]
fn configurations_are_compared_key_by_key() {
    let folder = tempfile::tempdir().unwrap();
    drop(begun(folder.path(), "one", 1));
    let run = RunFolder::create(folder.path().join("two")).unwrap();
    let mut config = TrainConfig::standard();
    config.training.seed = 7;
    run.write_config(&config.network, &config.training, &config.data).unwrap();
    let server = server(folder.path());
    let found = get(&server, "/api/differences?run=one&run=two").json();
    assert_eq!(found, json!([{ "key": "training.seed", "values": ["0", "7"] }]));
}

#[test]
fn what_is_not_there_is_named() {
    let server = server(trained());
    for (uri, status, words) in [
        ("/none", StatusCode::NOT_FOUND, "no such page"),
        ("/api/compare", StatusCode::BAD_REQUEST, "0 runs are chosen"),
        ("/api/compare?run=b", StatusCode::NOT_FOUND, "no run `b`"),
        ("/api/compare?run=..%2Fa", StatusCode::NOT_FOUND, "no run"),
        ("/api/compare?run=%2Fetc", StatusCode::NOT_FOUND, "no run `/etc`"),
        ("/api/compare?run=a&format=gif", StatusCode::BAD_REQUEST, "expected svg, png or csv"),
        ("/../Cargo.toml", StatusCode::NOT_FOUND, "no such page"),
    ] {
        let answer = get(&server, uri);
        assert_eq!(answer.status, status, "{uri}");
        assert!(answer.text().contains(words), "{uri}: {}", answer.text());
    }
}
