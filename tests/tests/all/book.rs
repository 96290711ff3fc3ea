//! What the book and the README say, compared with the code. Their Rust examples are documentation tests of this crate.

use std::path::PathBuf;
use synfire::coding::{action, decoder, encoder, generator, reward};
use synfire::neuron::registry;
use synfire::registry::{ComponentKind, Entry};
use synfire::train::TrainConfig;
use synfire_tests::book;

/// Every page with its name, and the README.
fn pages() -> Vec<(String, String)> {
    let files = std::fs::read_dir(book::pages()).unwrap().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    files.push(book::pages().join("../../README.md"));
    files.sort();
    let read = |path: PathBuf| (path.display().to_string(), std::fs::read_to_string(&path).unwrap());
    files.into_iter().map(read).collect()
}

#[test]
fn the_configuration_page_is_that_of_the_code() {
    let path = book::pages().join("configuration.md");
    let page = book::configuration();
    if std::env::var_os("SYNFIRE_WRITE_BOOK").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).is_ok_and(|written| written == page),
        "docs/src/configuration.md is not what the code says; write it by\n    \
         SYNFIRE_WRITE_BOOK=1 cargo test -p synfire-tests configuration_page"
    );
}

/// A whole configuration of a page's block, if it is one or a part of one.
fn whole(block: &str) -> Option<String> {
    let lacks = |table: &str| !block.lines().any(|line| line.trim() == table);
    const LAYERS: &str = "\n[[network.layers]]\nlinear = \"classes\"\n[[network.layers]]\nneuron = \"lif\"\n";
    match (lacks("[training]"), lacks("[network]"), lacks("[[network.layers]]")) {
        (true, true, true) if block.contains("[data") => Some(format!("{block}\n[network]\nsteps = 8\n{LAYERS}")),
        (true, true, true) => None,
        (_, true, false) => Some(format!("[network]\nsteps = 8\n{block}")),
        (_, true, true) => Some(format!("{block}\n[network]\nsteps = 8\n{LAYERS}")),
        (_, false, true) if !block.contains("steps = ") => Some(format!("{block}\nsteps = 8\n{LAYERS}")),
        (_, false, true) => Some(format!("{block}\n{LAYERS}")),
        (_, false, false) => Some(block.to_string()),
    }
}

#[test]
fn configurations_in_the_pages_are_understood() {
    let mut read = 0;
    for (page, text) in pages() {
        for block in text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
            match whole(block) {
                Some(config) => drop(toml::from_str::<TrainConfig>(&config).unwrap_or_else(|error| {
                    panic!("{page}: {error}\n{config}");
                })),
                None => drop(toml::from_str::<toml::Table>(block).unwrap_or_else(|e| panic!("{page}: {e}\n{block}"))),
            }
            read += 1;
        }
    }
    assert!(read > 10, "only {read} configurations were found");
}

/// Rows of the table under a heading, without the backquotes.
fn rows(text: &str, heading: &str) -> Vec<(String, String)> {
    let section = text.split(&format!("\n### {heading}\n")).nth(1).unwrap_or_else(|| panic!("no `### {heading}`"));
    let section = section.split("\n### ").next().unwrap();
    let cells = section.lines().filter(|line| line.starts_with("| `"));
    let cells =
        cells.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_string()));
    cells.map(|mut cells| (cells.next().unwrap(), cells.next().unwrap())).collect()
}

/// Names of SPAIC in the table are understood, and mean what the table says.
fn check<K: ?Sized + ComponentKind>(text: &str, heading: &str, count: usize, _all: &[Entry<K>]) {
    let rows = rows(text, heading);
    assert_eq!(rows.len(), count, "{heading}");
    for (spaic, synfire) in rows {
        let found = K::registry().find(&spaic).unwrap_or_else(|error| panic!("{heading}: {error}"));
        assert_eq!(found.name, synfire, "{heading}: `{spaic}`");
    }
}

#[test]
fn every_class_of_spaic_has_its_place() {
    let text = std::fs::read_to_string(book::pages().join("coming_from.md")).unwrap();
    let models = rows(&text, "Neuron models");
    assert_eq!(models.len(), 33);
    for (spaic, synfire) in models {
        assert_eq!(registry::find(&spaic).unwrap().info.name, synfire, "`{spaic}`");
    }
    check(&text, "Encoders", 10, &encoder::all());
    check(&text, "Generators", 6, &generator::all());
    check(&text, "Decoders", 17, &decoder::all());
    check(&text, "Actions", 6, &action::all());
    check(&text, "Rewards", 5, &reward::all());
}
