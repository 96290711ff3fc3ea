//! The page of neuron models in the book is what the program prints.

mod common;

use std::path::Path;

#[test]
fn the_page_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/src/models.md")).expect("docs/src/models.md is there");
    let printed = common::succeed(&root, "models --markdown").stdout;
    let differs = page.lines().zip(printed.lines()).find(|(page, printed)| page != printed);
    assert!(
        page == printed,
        "docs/src/models.md is not what the models say, first in {differs:?}; refresh it with\n\
         cargo run -p synfire-cli -- models --markdown > docs/src/models.md"
    );
}

/// Whoever counts them, counts the same.
#[test]
fn documents_count_the_models_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let listed: serde_json::Value =
        serde_json::from_str(&common::succeed(&root, "models --json").stdout).expect("JSON");
    let words = format!("{} models, among them all of SPAIC", listed.as_array().expect("a list").len());
    for document in ["README.md", "CHANGELOG.md"] {
        let text = std::fs::read_to_string(root.join(document)).expect("the document is there");
        assert!(text.contains(&words), "{document} does not say `{words}`");
    }
}
