//! One run, a sample, a drawn picture.

use super::{get, server, trained};
use axum::http::{Request, StatusCode};
use synfire::network::NetworkConfig;
use synfire::train::{DataNote, RunFolder, Trainer};
use synfire_data::{DataOptions, Dataset, EventOptions, Frames};

#[test]
fn the_network_has_its_shapes_and_parameters() {
    let server = server(trained());
    let network = get(&server, "/api/network?run=a").json();
    assert_eq!(network["input"], serde_json::json!([8, 8]));
    assert_eq!(network["parameters"][0]["shape"], serde_json::json!([12, 64]));
    let graph = get(&server, "/api/network/graph?run=a&format=csv");
    let rows: Vec<&str> = graph.text().lines().collect();
    assert!(rows.len() == 5 && rows[1].starts_with("layers.0,") && rows[2].starts_with("layers.1,"), "{rows:?}");
    assert!(rows[1].contains(r#",input,"[1, 8, 8]",[12],"weight [12, 64], bias [12]""#), "{rows:?}");
    let svg = get(&server, "/api/network/graph?run=a");
    assert!(svg.text().contains("weight [12, 64]") && svg.text().contains("decoder "));
    let csv = get(&server, "/api/distribution?run=a&parameter=layers.0.weight&format=csv");
    for name in ["drawn from the seed", "after the training"] {
        let rows = csv.text().lines().filter(|line| line.starts_with(name));
        let shares: f64 = rows.map(|line| line.rsplit(',').next().unwrap().parse::<f64>().unwrap()).sum();
        assert!((shares - 1.0).abs() < 1e-9, "{name}: {shares}");
    }
    assert_eq!(get(&server, "/api/distribution?run=a&parameter=none").status, StatusCode::NOT_FOUND);
}

#[test]
fn mistakes_and_classes_add_up() {
    let server = server(trained());
    let classes = get(&server, "/api/classes?run=a").json();
    let sum = |key: &str| classes.as_array().unwrap().iter().map(|one| one[key].as_u64().unwrap()).sum::<u64>();
    let accuracy = get(&server, "/api/runs").json()["rows"][0]["accuracy"].as_f64().unwrap();
    assert!((sum("correct") as f64 / sum("samples") as f64 - accuracy).abs() < 1e-12);
    let mistakes = get(&server, "/api/mistakes?run=a").json();
    let mistakes = mistakes.as_array().unwrap();
    assert!(!mistakes.is_empty());
    for mistake in mistakes {
        let sample = get(&server, &format!("/api/sample?run=a&index={}", mistake["index"])).json();
        let answer = &sample["classes"][sample["answer"].as_u64().unwrap() as usize];
        assert_eq!((&sample["label"], answer), (&mistake["class"], &mistake["answer"]));
    }
    for uri in ["confusion", "rates", "mistakes/pictures"] {
        assert!(get(&server, &format!("/api/{uri}?run=a")).text().ends_with("</svg>\n"), "{uri}");
    }
    assert!(get(&server, "/api/profile?run=a").json()["total"]["acs"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_sample_and_the_same_picture_drawn_are_answered_alike() {
    let server = server(trained());
    let batch = Dataset::digits().test.batch(&[3]).unwrap();
    let pixels: String =
        batch.values.to_floats().iter().map(|x| format!("{:02x}", (x * 255.0).round() as u8)).collect();
    let sample = get(&server, "/api/sample?run=a&index=3").json();
    let drawn = get(&server, &format!("/api/draw?run=a&pixels={pixels}")).json();
    for key in ["answer", "scores", "layers"] {
        assert_eq!(sample[key], drawn[key], "{key}");
    }
    assert_eq!(sample["scores"].as_array().unwrap().len(), 6);
    assert!(drawn["label"].is_null() && !sample["label"].is_null());
    let spikes = sample["layers"][0]["spikes"].as_array().unwrap();
    let raster = get(&server, "/api/sample/raster?run=a&index=3&format=csv");
    let rows = raster.text().lines().filter(|line| line.starts_with("layers.1,")).count();
    assert!(rows > 0 && rows == spikes.len() / 2);
    for pixels in ["", "00", "zz", &"0".repeat(127)] {
        let refused = get(&server, &format!("/api/draw?run=a&pixels={pixels}"));
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text().contains("each of 64"), "{}", refused.text());
    }
}

/// A file of N-MNIST's format: 200 events in the upper or the lower half of 8 x 8 pixels.
fn events(seed: u64, upper: bool) -> Vec<u8> {
    let event = |i: u64| {
        let at = (i * 2_654_435_761 + seed * 40_503) >> 3;
        let row = at / 8 % 4 + if upper { 0 } else { 4 };
        [(at % 8) as u8, row as u8, ((at & 1) << 7) as u8, (i >> 8) as u8, i as u8]
    };
    (0..200).flat_map(event).collect()
}

#[test]
fn a_file_that_is_sent_is_answered_as_the_sample_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, data) = (folder.path().join("runs"), folder.path().join("data"));
    for part in ["train", "test"] {
        for (class, upper) in [("0", true), ("1", false)] {
            std::fs::create_dir_all(data.join(part).join(class)).unwrap();
            for seed in 0..4 {
                std::fs::write(data.join(part).join(class).join(format!("{seed}.bin")), events(seed, upper)).unwrap();
            }
        }
    }
    let network = NetworkConfig {
        encoder: serde_json::from_value(serde_json::json!("series")).unwrap(),
        ..NetworkConfig::two_layers("lif", 8, 5)
    };
    let bins = EventOptions { frames: Some(Frames::Bins(5)), ..EventOptions::default() };
    let dataset = Dataset::open_with(&data, &DataOptions { events: bins, ..DataOptions::default() }).unwrap();
    let trainer = Trainer::new(network, dataset).unwrap().epochs(1).batch_size(4);
    trainer.fit(runs.join("a")).unwrap();
    DataNote::of(Some(&data)).write(&RunFolder::open(runs.join("a")).unwrap()).unwrap();
    let server = server(&runs);
    let send = |name: &str, bytes: Vec<u8>| {
        let request = Request::post(format!("/api/draw/file?run=a&name={name}")).header("host", "localhost");
        super::send(&server, request.header("content-type", "application/octet-stream").body(bytes.into()).unwrap())
    };
    let (sent, sample) = (send("2.bin", events(2, true)).json(), get(&server, "/api/sample?run=a&index=2").json());
    for key in ["answer", "scores", "layers", "input", "steps"] {
        assert_eq!(sent[key], sample[key], "{key}");
    }
    assert_eq!(sent["input"]["pixels"].as_array().unwrap().len(), 5 * 8 * 8);
    for (name, bytes, words) in
        [("a.bin", vec![0; 4], "5 bytes for each event"), ("a.bin", vec![], "an empty file"), ("a.x", vec![1], "a.x")]
    {
        let refused = send(name, bytes);
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.text().contains(words), "{}", refused.text());
    }
}

#[test]
fn traces_are_of_the_window_and_the_neurons_asked_for() {
    let server = server(trained());
    let of = |query: &str| get(&server, &format!("/api/sample/traces?run=a&index=0&layer=layers.1&{query}"));
    let csv = of("neurons=4,11&from=2&to=5&format=csv");
    assert!(csv.text().starts_with("step,neuron 4,neuron 11\n2,") && csv.text().lines().count() == 4);
    assert!(of("neurons=0").text().contains("threshold"));
    for query in ["neurons=12", "neurons=x", "from=5&to=5", "from=9", "from=-1"] {
        assert_eq!(of(query).status, StatusCode::BAD_REQUEST, "{query}");
    }
    let scores = get(&server, "/api/sample/scores?run=a&index=0&from=1&to=3&format=csv");
    assert_eq!(scores.text().lines().count(), 3);
    assert_eq!(get(&server, "/api/sample?run=a&index=360").status, StatusCode::NOT_FOUND);
}

#[test]
fn a_checkpoint_on_its_own_is_shown() {
    let file = trained().join("a/checkpoints/last.bpk");
    let server = server(&file);
    let rows = get(&server, "/api/runs").json();
    assert_eq!((&rows["rows"][0]["id"], &rows["rows"][0]["state"]), (&"last.bpk".into(), &"checkpoint".into()));
    assert_eq!(get(&server, "/api/network?run=last.bpk").json()["outputs"], 10);
    assert_eq!(get(&server, "/api/sample?run=last.bpk&index=0").json()["samples"], 360);
    assert_eq!(get(&server, "/api/network?run=best.bpk").status, StatusCode::NOT_FOUND);
}

#[test]
fn every_page_and_all_that_it_names_is_there() {
    let server = server(trained());
    for page in ["/", "/run", "/sample", "/draw", "/lab"] {
        let html = get(&server, page);
        assert!(html.status == StatusCode::OK && html.content_type.starts_with("text/html"));
        assert!(!html.text().contains("http"), "{page} names another server");
    }
    for asset in crate::assets::ALL {
        let text = get(&server, asset.path).text().to_string();
        for file in text.split('"').filter(|part| part.starts_with("./") && part.ends_with(".js")) {
            assert_eq!(get(&server, &file[1..]).status, StatusCode::OK, "{file} of {}", asset.path);
        }
    }
}
