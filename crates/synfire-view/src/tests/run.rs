//! One run, a sample, a drawn picture.

use super::{get, server, trained};
use axum::http::StatusCode;
use synfire_data::Dataset;

#[test]
fn the_network_has_its_shapes_and_parameters() {
    let server = server(trained());
    let network = get(&server, "/api/network?run=a").json();
    assert_eq!(network["input"], serde_json::json!([8, 8]));
    let layers = network["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 4);
    assert_eq!(layers[0]["parameters"][0]["shape"], serde_json::json!([12, 64]));
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
